#!/usr/bin/env bash
# Packs a browser, Node, the built page and the benchmark for a Linux machine with an NVIDIA GPU and no network: two
# folders in the project's root, .gpu1 and .gpu2, each under 64 MiB. After `make build`, on Debian, in the project's root:
#   bench/gpu/pack.sh
# Then, on the other machine, in the folder that holds both: bash .gpu1/browser.sh; bash .gpu2/measure.sh
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$HERE/../.."
[ -d dist ] && [ -d pkg/webgpu ] || { echo "run \`make build\` first" >&2; exit 1; }
CHROMIUM=/usr/lib/chromium
SHELL_PROGRAM=$CHROMIUM/chromium-headless-shell
[ -x "$SHELL_PROGRAM" ] || apt-get install -y --no-install-recommends chromium-headless-shell
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
mkdir -p .gpu1 .gpu2
packed() { tar cf - -C "$1" "$2" | xz -6 -T2; }

# 1: the browser's program, the loaders that reach the GPU, and a font, without which the browser dies on the first text.
[ -f .gpu1/shell.tar.xz ] || packed $CHROMIUM chromium-headless-shell >.gpu1/shell.tar.xz
LOADERS="libvulkan1 libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2 fonts-dejavu-core fontconfig-config"
# shellcheck disable=SC2086 # a list
(cd .gpu1 && { ls ./*.deb >/dev/null 2>&1 || apt-get download $LOADERS; })
cp "$HERE/browser.sh" "$HERE/torch_step.py" .gpu1/

# 2: what the browser needs beside its program, but for the C library, which has to be the machine's own.
mkdir -p "$WORK/chrome/lib"
for file in headless_command_resources.pak headless_lib_data.pak headless_lib_strings.pak icudtl.dat libEGL.so libGLESv2.so \
  snapshot_blob.bin v8_context_snapshot.bin libvulkan.so.1 libvk_swiftshader.so vk_swiftshader_icd.json; do
  cp "$CHROMIUM/$file" "$WORK/chrome/"
done
ldd "$SHELL_PROGRAM" | awk '/=> \//{print $3}' | sort -u |
  grep -Ev '/(libc|libm|libdl|libpthread|librt|ld-linux-x86-64|libresolv|libutil)\.so' |
  while read -r lib; do cp -L "$lib" "$WORK/chrome/lib/"; done
for lib in libsoftokn3.so libfreebl3.so libfreeblpriv3.so libnssckbi.so; do
  find /usr/lib/x86_64-linux-gnu -name "$lib" -exec cp -L {} "$WORK/chrome/lib/" \;
done
[ -f .gpu2/rest.tar.xz ] || packed "$WORK/chrome" . >.gpu2/rest.tar.xz

# Node, and of the project what is run there.
if [ ! -f .gpu2/node.xz ]; then
  cp "$(readlink -f "$(command -v node)")" "$WORK/node"
  strip "$WORK/node"
  xz -6 -T2 -c "$WORK/node" >.gpu2/node.xz
fi
APP="$WORK/app"
mkdir -p "$APP/node_modules" "$APP/dist" "$APP/www/classifiers" "$APP/www/public/data"
cp -r bench pkg package.json "$APP/"
cp -r node_modules/playwright-core "$APP/node_modules/"
cp -r dist/assets dist/index.html dist/service-worker.js "$APP/dist/"
cp -r www/public/data/mnist "$APP/www/public/data/"
cp www/classifiers/mnist.bin "$APP/www/classifiers/"
node bench/gpu/prebuild.mjs "$APP/engines"
packed "$WORK" app >.gpu2/app.tar.xz
cp "$HERE/measure.sh" .gpu2/
du -sb .gpu1 .gpu2
