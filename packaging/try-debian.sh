#!/bin/sh
# try-debian.sh FOLDER: as root, installs the folder's newest .deb with apt on a bare Debian (RELEASE, bookworm) made for it in
# out/try-debian, and has it take a picture of each screen of the demo register under Xvfb there, as a user: out/try-debian.screens.
set -eu
cd "$(dirname "$0")/.."
deb=$(ls -t "$1"/guichet_*.deb | head -1)
root=$PWD/out/try-debian screens=$PWD/out/try-debian.screens
rm -rf "$screens"
if [ ! -e "$root/etc/debian_version" ]; then
  debootstrap --variant=minbase "${RELEASE:-bookworm}" "$root" http://deb.debian.org/debian
fi
inside() { # a command in the Debian root, with nothing of this machine's environment
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}
trap 'umount "$root/dev" "$root/proc"' EXIT
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc"

cp "$deb" "$root/tmp/guichet.deb"
inside apt-get update -q
inside apt-get purge -q -y guichet 2>/dev/null || true
inside apt-get install -q -y --no-install-recommends /tmp/guichet.deb
inside dpkg -V guichet
inside ldd /usr/bin/guichet | grep 'not found' && exit 1
inside guichet version

# Xvfb is the test's, not the package's.
inside apt-get install -q -y --no-install-recommends xvfb xauth
inside sh -c 'id clerk >/dev/null 2>&1 || useradd -m clerk'
inside su clerk -c 'cd && rm -rf demo* screens && guichet --db demo.db demo &&
  GUICHET_NO_KEYRING=1 GUICHET_PASSWORD=guichet-demo-2026 xvfb-run -a -s "-screen 0 1400x900x24" \
  guichet --db demo.db --operator demo window --screens screens'
cp -r "$root/home/clerk/screens" "$screens"
ls "$screens"
