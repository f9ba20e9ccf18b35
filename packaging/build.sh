#!/bin/sh
# build.sh linux|windows FOLDER: the programs, the same bytes in whatever folder they are built; prints their version.
# Windows gets two: guichet.exe opens the window without a console; guichet.com, which a console finds first, writes on it.
set -eu
cd "$(dirname "$0")/.."
system=$1 out=$2
mkdir -p "$out"

build() { # the program, its tags, what the linker is told besides
  CGO_ENABLED=1 GOARCH=amd64 GOOS=$system CC=$compiler go build -trimpath -buildvcs=true -tags "$2" -ldflags "-s -w -buildid= ${3-}" -o "$out/$1" .
}
version() { # only Go knows how it names a commit between two tags
  go version -m "$1" | awk '$1 == "mod" { sub(/^v/, "", $3); print $3 }'
}

case $system in
linux)
  compiler=gcc
  build guichet x11,migrated_fynedo
  version "$out/guichet"
  ;;
windows)
  compiler=x86_64-w64-mingw32-gcc
  build guichet.com migrated_fynedo
  version=$(version "$out/guichet.com")
  # The icon and the version come from a .syso that go build finds beside main.go.
  trap 'rm -f rsrc_windows_amd64.syso' EXIT
  go run github.com/tc-hib/go-winres@v0.3.3 make --in packaging/winres.json --arch amd64 --product-version "$version" --file-version "$version"
  build guichet.exe migrated_fynedo -H=windowsgui
  echo "$version"
  ;;
esac
