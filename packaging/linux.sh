#!/bin/sh
# linux.sh FOLDER: Guichet for Debian (.deb) and for other Linux systems (.tar.xz), into the folder.
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$1"
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) # files are as old as the commit
export SOURCE_DATE_EPOCH
id=fr.guichet.guichet

version=$(packaging/build.sh linux "$work" | tail -1)
architecture=$(dpkg --print-architecture)

# The .deb.
root=$work/root share=$work/root/usr/share
install -D -m 755 "$work/guichet" "$root/usr/bin/guichet"
install -D -m 644 packaging/$id.desktop "$share/applications/$id.desktop"
install -D -m 644 assets/icons/guichet.svg "$share/icons/hicolor/scalable/apps/$id.svg"
install -D -m 644 assets/icons/guichet.png "$share/icons/hicolor/256x256/apps/$id.png"
mkdir -p "$share/man/man1" "$share/doc/guichet"
"$work/guichet" man | gzip -9n >"$share/man/man1/guichet.1.gz"
gzip -9n <CHANGELOG.md >"$share/doc/guichet/changelog.gz"
install -m 644 LICENSE "$share/doc/guichet/copyright"
install -m 644 README.md SECURITY.md assets/postgres/grant.sql "$share/doc/guichet/"
packaging/licences.sh x11,migrated_fynedo | gzip -9n >"$share/doc/guichet/licences.gz"
chmod -R u=rwX,go=rX "$root"

# What the program links against, in the packages of the Debian that built it; what GLFW loads by name stands in control.
mkdir -p "$work/debian" "$root/DEBIAN"
printf 'Source: guichet\n\nPackage: guichet\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O -e root/usr/bin/guichet | sed 's/^shlibs:Depends=//')
sed -e "s/@VERSION@/$(echo "$version" | tr - '~')/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
  -e "s/@SIZE@/$(du -sk --apparent-size "$root" | cut -f1)/" packaging/control >"$root/DEBIAN/control"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
deb=$out/guichet_${version}_$architecture.deb
dpkg-deb --build --root-owner-group -Zxz "$root" "$deb"

# The .tar.xz: fyne's layout, with a Makefile that installs it. Its tool counts its runs in FyneApp.toml: in a copy.
install -D -m 644 -t "$work/assets/icons" assets/icons/guichet.png
cp FyneApp.toml main.go "$work"
(cd "$work" && TAR_OPTIONS="--sort=name --mtime=@$SOURCE_DATE_EPOCH --owner=root:0 --group=root:0" \
  go run fyne.io/tools/cmd/fyne@v1.7.4 package --target linux --executable guichet --app-version "$(echo "$version" | sed 's/[-+].*//')")
mv "$work/Guichet.tar.xz" "$out/guichet_${version}_linux_$architecture.tar.xz"
