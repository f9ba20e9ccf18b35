#!/bin/sh
# release.sh FOLDER: all that a release offers into the folder: packages, what is in them (CycloneDX), checksums.
set -eu
cd "$(dirname "$0")/.."
[ -z "$(git status --porcelain)" ] || { echo "files differ from the commit: commit them, or take them away" >&2; exit 1; }
git describe --exact-match --tags --match 'v*' >/dev/null 2>&1 || echo "no tag on this commit: its version will be the commit's" >&2
rm -rf "$1"
mkdir -p "$1"
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

packaging/linux.sh "$out"
packaging/windows.sh "$out"

GOBIN=$work go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
sbom() { # the package, its system, its tags
  GOFLAGS=-tags=$3 GOOS=$2 GOARCH=amd64 CGO_ENABLED=1 "$work/cyclonedx-gomod" app -json -licenses -std -noserial -notimestamp -output "$1.cdx.json"
}
sbom "$(ls "$out"/*.deb)" linux x11,migrated_fynedo
sbom "$(ls "$out"/*.zip)" windows migrated_fynedo
(cd "$out" && sha256sum guichet_* >SHA256SUMS && cat SHA256SUMS)
