#!/bin/sh
# manual.sh SCREENS FOLDER: the French manual, manuel.md and its pictures in ecrans/, into the folder: the help's pages in one
# file, each with the pictures of its screen.
set -eu
cd "$(dirname "$0")/.."
screens=$1 out=$2
rm -rf "$out/ecrans"
mkdir -p "$out/ecrans"

# Each page of the help stands in pages.txt, and nothing else does.
listed=$(sed '/^#/d; s/ .*//' docs/pages.txt | sort)
written=$(ls assets/help/fr | sed 's/\.md$//' | sort)
[ "$listed" = "$written" ] || { echo "docs/pages.txt and assets/help/fr differ" >&2; exit 1; }

{
  printf '# Guichet, le manuel\n\n'
  grep -v '^#' docs/pages.txt | while read -r page _; do
    printf -- '- [%s](#%s)\n' "$(sed -n '1s/^# //p' "assets/help/fr/$page.md")" "$page"
  done
  grep -v '^#' docs/pages.txt | while read -r page pictures; do
    printf '\n<a id="%s"></a>\n' "$page"
    # Headings go one level down, links to other pages stay in this file.
    sed -n '1s/^#/##/p' "assets/help/fr/$page.md"
    for picture in $pictures; do # the second page with a picture writes it again
      rm -f "$out/ecrans/$picture.png"
      pngquant --quality 60-100 --output "$out/ecrans/$picture.png" "$screens"/fr-[0-9][0-9]-"$picture.png"
      printf '\n![%s](ecrans/%s.png)\n' "$picture" "$picture"
    done
    sed -e 1d -e 's/^#/##/' -e 's/](\([a-z-]*\)\.md)/](#\1)/g' "assets/help/fr/$page.md"
  done
} >"$out/manuel.md"
