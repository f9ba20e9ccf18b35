#!/bin/sh
# licences.sh TAGS: the licences of the modules that are part of the program, one after the other.
set -eu
cd "$(dirname "$0")/.."
modules=$(CGO_ENABLED=1 go list -deps -tags "$1" -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' .)
echo "$modules" | LC_ALL=C sort -u | sed '/^$/d' |
  while read -r module version folder; do
    printf '%s %s\n\n' "$module" "$version"
    find "$folder" -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' \) | LC_ALL=C sort | xargs -r -d '\n' cat
    printf '\n%s\n\n' '--------------------------------------------------------------------------------'
  done
