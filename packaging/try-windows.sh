#!/bin/sh
# try-windows.sh FOLDER: unpacks the folder's newest .zip and runs its programs under wine: the demo register is made, a batch
# composed, and a picture of each screen taken, out/try-windows.screens; one of the window itself is out/try-windows.png.
set -eu
cd "$(dirname "$0")/.."
zip=$(ls -t "$1"/guichet_*_windows_amd64.zip | head -1)
folder=$PWD/out/try-windows
rm -rf "$folder" out/try-windows.screens
mkdir -p "$folder"
unzip -q "$zip" -d "$folder"

export WINEPREFIX="$folder/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;bcryptprimitives=n" LANG=fr_FR.UTF-8
export GUICHET_DB='C:\demo\demo.db' GUICHET_OPERATOR=demo GUICHET_PASSWORD=guichet-demo-2026 GUICHET_NO_KEYRING=1
wine=/usr/lib/wine/wine64
export DISPLAY=:97
Xvfb $DISPLAY -screen 0 1400x900x24 >/dev/null 2>&1 &
xvfb=$!
trap '/usr/lib/wine/wineserver -k || true; kill $xvfb' EXIT
$wine wineboot -i
x86_64-w64-mingw32-gcc -shared -O2 -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" packaging/bcryptprimitives.c -ladvapi32

cd "$folder/Guichet"
$wine guichet.com version
$wine guichet.com demo
$wine guichet.com letters compose
$wine guichet.exe window --screens 'C:\screens'
cp -r "$WINEPREFIX/drive_c/screens" ../../try-windows.screens
$wine guichet.exe window &
for _ in $(seq 60); do
  sleep 1
  ! xdotool search --name '^Guichet$' >/dev/null 2>&1 || break
done
sleep 5 # it is drawn
import -window root ../../try-windows.png
ls ../../try-windows.screens
