#!/usr/bin/env bash
# On the GPU machine, after browser.sh. PARTS says what is measured (dispatches scale family long page, bench, profile), OUT
# where the files go.
OUT="${OUT:-$PWD/gpu-out}"
mkdir -p "$OUT"
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
python3 - <<'PY'
import lzma, shutil, tarfile
tarfile.open('rest.tar.xz').extractall('/opt/chrome')
tarfile.open('app.tar.xz').extractall('/opt')
with lzma.open('node.xz') as packed, open('/opt/node', 'wb') as node: shutil.copyfileobj(packed, node)
PY
chmod +x /opt/node /opt/chrome/chromium-headless-shell
cat >/opt/chrome/run.sh <<'SH'
#!/usr/bin/env bash
export LD_LIBRARY_PATH=/opt/chrome/lib:/opt/chrome
export VK_DRIVER_FILES="${VK_DRIVER_FILES:-/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json}"
exec /opt/chrome/chromium-headless-shell "$@"
SH
chmod +x /opt/chrome/run.sh
export CHROME=/opt/chrome/run.sh BENCH_ENGINES=/opt/app/engines
export GPU_FLAGS="--enable-features=Vulkan --use-angle=vulkan --disable-vulkan-surface --ignore-gpu-blocklist"
cd /opt/app || exit 1
# limited SECONDS COMMAND...: machine time is dear.
limited() { local since=$SECONDS; timeout "$@"; echo "[status $? after $((SECONDS - since)) s]"; }
for part in ${PARTS:-dispatches bench profile page}; do
  case "$part" in
    bench) limited 140 /opt/node bench/run.mjs --quick --device webgpu --out "$OUT/speed.json" ;;
    profile)
      for network in mlp dcgan; do
        limited 45 /opt/node bench/run.mjs --profile counterfeit webgpu $network >"$OUT/profile-$network.txt" 2>&1
        head -40 "$OUT/profile-$network.txt"
      done
      ;;
    *) limited 150 /opt/node bench/gpu/measure.mjs --out "$OUT" "$part" ;;
  esac
done 2>&1 | tee "$OUT/log.txt"
