#!/bin/sh
# windows.sh FOLDER: Guichet for Windows, a .zip to unpack anywhere, into the folder.
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$1"
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(packaging/build.sh windows "$work/Guichet" | tail -1)
cp LICENSE "$work/Guichet/LICENSE.txt"
cp README.md CHANGELOG.md SECURITY.md "$work/Guichet"
GOOS=windows packaging/licences.sh migrated_fynedo >"$work/Guichet/LICENCES.txt"
chmod -R u=rwX,go=rX "$work/Guichet"
find "$work/Guichet" -exec touch -d "@$(git log -1 --format=%ct)" {} + # files are as old as the commit
zip="$out/guichet_${version}_windows_amd64.zip"
rm -f "$zip"
(cd "$work" && find Guichet -type f | LC_ALL=C sort | TZ=UTC zip -q -X -9 "$zip" -@)
