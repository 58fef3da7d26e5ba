#!/usr/bin/env bash
# Everything that only a GPU can show, in one go: parity of every op and of whole training steps, the same bits again,
# compute-sanitizer, and the benchmark beside PyTorch and JAX on the same card. Its native part needs no Node.
#
#   tools/gpu-check.sh [--out FOLDER] [--programs FOLDER] [--quick] [--write] [--skip PART]…
#
#   --out FOLDER       where logs and JSON go (default: $OUT, else gpu-check-out)
#   --programs FOLDER  rondo_tests and rondo_bench built elsewhere (their CUDA runtime is linked in); else they are built here
#   --quick            a second per case in place of five, and no peers
#   --write            also writes the results to docs/measurements/gpu-CARD-DATE.json
#   --skip PART        parity, sanitize, bench, peers or train; may be given again
#
# Ends with 0 when everything held, 1 when something did not, 2 for wrong usage, 3 where no NVIDIA GPU answers.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${OUT:-}
programs='' quick='' write='' skipped=' '
failures=()

say() { printf '%s\n' "$*"; }
usage() {
  sed -n '5,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

arguments=${*:+ $*}
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=${2:-} && shift ;;
    --programs) programs=${2:-} && shift ;;
    --skip) skipped+="${2:-} " && shift ;;
    --quick) quick=1 ;;
    --write) write=1 ;;
    *) usage ;;
  esac
  shift
done
out=${out:-gpu-check-out}

wanted() { [[ $skipped != *" $1 "* ]]; }
failed() {
  failures+=("$1")
  say "FAILED: $1"
}

# Runs a command with its output in a log; what fails is remembered, and the rest goes on.
check() {
  local name=$1 log
  shift
  log=$out/$(printf '%s' "$name" | tr -cs 'A-Za-z0-9' '-').log
  if "$@" >"$log" 2>&1; then
    say "ok      $name: $(tail -n 1 "$log")"
  else
    tail -n 12 "$log"
    failed "$name (whole output: $log)"
  fi
}

find_card() {
  if ! command -v nvidia-smi >/dev/null; then
    say "gpu-check: no NVIDIA GPU here (there is no nvidia-smi); nothing was checked" >&2
    exit 3
  fi
  card=$(nvidia-smi --query-gpu=name --format=csv,noheader 2>/dev/null | head -n 1)
  driver=$(nvidia-smi --query-gpu=driver_version --format=csv,noheader 2>/dev/null | head -n 1)
  if [ -z "$card" ]; then
    say "gpu-check: nvidia-smi lists no GPU; nothing was checked" >&2
    exit 3
  fi
  say "card: $card, driver $driver"
}

build() {
  if [ -n "$programs" ]; then
    tests=$programs/rondo_tests bench=$programs/rondo_bench
    [ -x "$tests" ] && [ -x "$bench" ] && return
    say "gpu-check: expected rondo_tests and rondo_bench in $programs" >&2
    exit 2
  fi
  for tool in nvcc cmake c++; do
    command -v "$tool" >/dev/null && continue
    say "gpu-check: expected $tool, to build with; install it, or bring what was built elsewhere with --programs" >&2
    exit 2
  done
  local folder=$out/build
  say "building in $folder"
  if ! { cmake -S "$root/packages/core-native" -B "$folder" -DRONDO_CUDA=ON -DRONDO_BUILD_TESTS=ON &&
    cmake --build "$folder" --parallel "$(nproc)" --target rondo_tests rondo_bench; } >"$out/build.log" 2>&1; then
    tail -n 20 "$out/build.log"
    say "gpu-check: the build failed; the whole output is in $out/build.log" >&2
    exit 1
  fi
  tests=$folder/rondo_tests bench=$folder/rondo_bench
}

# Parity against the double reference, the same bits again, masks, streams, memory: in each precision and by every way
# that the LSTM can go.
parity() {
  for way in persistent cluster fused; do
    for precision in fp32 tf32 bf16; do
      check "parity $precision, LSTM $way" env RONDO_CUDA_LSTM="$way" "$tests" --device cuda --precision "$precision"
    done
  done
}

sanitize() {
  if ! command -v compute-sanitizer >/dev/null; then
    say "not run: compute-sanitizer is not installed (it comes with the CUDA toolkit)"
    not_run+=('"compute-sanitizer"')
    return
  fi
  for tool in memcheck racecheck; do
    check "$tool, ops" compute-sanitizer --tool "$tool" --error-exitcode 1 "$tests" --device cuda "device: ops"
    check "$tool, networks" compute-sanitizer --tool "$tool" --error-exitcode 1 "$tests" --device cuda --precision bf16 \
      "device: networks: shapes"
  done
}

measure() {
  local seconds=5
  [ -n "$quick" ] && seconds=1
  for precision in bf16 tf32 fp32; do
    check "bench $precision" "$bench" --device cuda --precision "$precision" --seconds "$seconds" \
      --json "$out/bench-$precision.json"
    cat "$out/bench-$precision.log" 2>/dev/null
  done
  # The other ways of the LSTM, beside the one that is chosen by itself.
  for way in cluster fused; do
    check "bench bf16, LSTM $way" env RONDO_CUDA_LSTM="$way" "$bench" --device cuda --precision bf16 \
      --seconds "$seconds" --only train-step/tutorial --json "$out/bench-bf16-$way.json"
    cat "$out/bench-bf16-LSTM-$way.log" 2>/dev/null
  done
}

# Python serves to measure the peers, and nothing else.
peers() {
  for framework in torch jax; do
    if ! python3 -c "import $framework" 2>/dev/null; then
      say "not run: the peers in $framework (python3 has no module of that name: pip install $framework)"
      not_run+=("\"$framework\"")
      continue
    fi
    check "peers in $framework" python3 "$root/tools/gpu-check/peers.py" "$framework" "$out/peers-$framework.json"
    cat "$out/peers-in-$framework.log" 2>/dev/null
  done
}

# The whole of rondo train beside the bare step, where Node and the built packages are at hand.
train() {
  local cli=$root/packages/cli/bin/rondo.js
  if ! command -v node >/dev/null || [ ! -f "$root/packages/cli/dist/index.js" ]; then
    say "not run: rondo train (needs Node and the built packages: npx nx run-many -t build)"
    not_run+=('"rondo train"')
    return
  fi
  check "rondo train" "$root/tools/gpu-check/train.sh" "$cli" "$out/train"
}

# One document of everything, put together from the programs' own JSON.
report() {
  local file=$out/gpu-check.json part separator=''
  {
    printf '{\n"card": "%s",\n"driver": "%s",\n"date": "%s",\n' "$card" "$driver" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    printf '"commit": "%s",\n"command": "tools/gpu-check.sh%s",\n' "$commit" "$arguments"
    printf '"failed": %d,\n"notRun": [%s],\n"results": {\n' "${#failures[@]}" "$(IFS=,; printf '%s' "${not_run[*]-}")"
    for part in "$out"/bench-*.json "$out"/peers-*.json "$out"/train.json; do
      [ -s "$part" ] || continue
      printf '%s"%s": ' "$separator" "$(basename "$part" .json)"
      cat "$part"
      separator=$',\n'
    done
    printf '}\n}\n'
  } >"$file"
  say "results: $file"
  [ -n "$write" ] || return
  mkdir -p "$root/docs/measurements"
  cp "$file" "$root/docs/measurements/gpu-$(printf '%s' "$card" | tr -cs 'A-Za-z0-9' '-' | tr '[:upper:]' '[:lower:]')$(date -u +%Y-%m-%d).json"
}

not_run=()
find_card
mkdir -p "$out" || exit 2
commit=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)
build
wanted parity && parity
wanted sanitize && sanitize
wanted bench && measure
wanted peers && [ -z "$quick" ] && peers
wanted train && train
report
if [ ${#failures[@]} -gt 0 ]; then
  say "${#failures[@]} failed:"
  printf '  %s\n' "${failures[@]}"
  exit 1
fi
say "everything that ran held"
