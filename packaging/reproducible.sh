#!/bin/sh
# reproducible.sh: builds the commit twice, in two folders, the second time with nothing in Go's cache, and compares the bytes.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/one"
git clone -q . "$work/elsewhere/another"
for system in ${*:-linux}; do
  "$work/one/packaging/build.sh" "$system" "$work/out-1/$system"
  GOCACHE=$work/cache "$work/elsewhere/another/packaging/build.sh" "$system" "$work/out-2/$system"
done
cd "$work/out-1"
find . -type f -exec sha256sum {} + | tee "$work/sums"
cd "$work/out-2"
sha256sum -c "$work/sums"
