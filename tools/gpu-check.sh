#!/usr/bin/env bash
# Everything that only a GPU can show: parity of every op and of whole training steps, the same bits again,
# compute-sanitizer, each way of the engine timed, and the benchmark beside PyTorch and JAX on the same card. Its native
# parts need no Node.
#
#   tools/gpu-check.sh [--out FOLDER] [--programs FOLDER] [--only PART]… [--skip PART]… [--quick] [--write] [--dry-run]
#
#   --out FOLDER       where logs and JSON go, and stay for parts that are run later (default: gpu-check-out)
#   --programs FOLDER  rondo_tests and rondo_bench built elsewhere (their CUDA runtime is linked in); else they are built here
#   --only PART        build, parity, bench, ways, peers, sanitize, profile or train; may be given again
#   --skip PART        all but these
#   --quick            a second per case in place of three, and no peers
#   --write            also writes the results to docs/measurements/gpu-CARD-DATE.json
#   --dry-run          says what would be run, and runs nothing
#
# A part takes ten minutes at most, goes on where a check fails, and leaves FOLDER/part-PART.json; FOLDER/gpu-check.json
# has everything that lies there, of earlier calls too. Ends with 0 when everything held, 1 when something did not, 2 for
# wrong usage, 3 where no NVIDIA GPU answers.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/gpu-check/checks.sh"
. "$root/tools/gpu-check/parts.sh"

all_parts=(build parity bench ways peers sanitize profile train)
out=gpu-check-out
programs='' quick='' write='' dry='' only=() skip=()
arguments=${*:+ $*}

usage() {
  sed -n '6,20s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

known_part() { [[ " ${all_parts[*]} " == *" $1 "* ]] || usage; }

while [ $# -gt 0 ]; do
  case $1 in
    --out) out=${2:-} && shift ;;
    --programs) programs=${2:-} && shift ;;
    --only) known_part "${2:-}" && only+=("$2") && shift ;;
    --skip) known_part "${2:-}" && skip+=("$2") && shift ;;
    --quick) quick=1 ;;
    --write) write=1 ;;
    --dry-run) dry=1 ;;
    *) usage ;;
  esac
  shift
done
[ -n "$out" ] || usage

wanted() {
  [[ " ${skip[*]-} " != *" $1 "* ]] || return 1
  [ "$1" = peers ] && [ -n "$quick" ] && [ ${#only[@]} -eq 0 ] && return 1
  [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]
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

# One document of everything that lies in the folder.
report() {
  local file=$out/gpu-check.json name separator=''
  {
    printf '{\n"card": %s,\n"driver": %s,\n"date": "%s",\n' "$(quoted "$card")" "$(quoted "$driver")" \
      "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    printf '"commit": "%s",\n"command": %s,\n"results": {\n' "$commit" "$(quoted "tools/gpu-check.sh$arguments")"
    for name in "$out"/part-*.json "$out"/bench-*.json "$out"/peers-*.json "$out"/train.json; do
      [ -s "$name" ] || continue
      printf '%s"%s": ' "$separator" "$(basename "$name" .json)"
      cat "$name"
      separator=$',\n'
    done
    printf '}\n}\n'
  } >"$file.new"
  mv "$file.new" "$file"
}

write_measurements() {
  local name
  name=$(printf '%s' "$card" | tr -cs 'A-Za-z0-9' '-' | tr '[:upper:]' '[:lower:]')
  mkdir -p "$root/docs/measurements"
  cp "$out/gpu-check.json" "$root/docs/measurements/gpu-${name%-}-$(date -u +%Y-%m-%d).json"
}

card='' driver=''
[ -n "$dry" ] || find_card
mkdir -p "$out" || exit 2
commit=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)
tests=${programs:-$out/build}/rondo_tests bench=${programs:-$out/build}/rondo_bench
if [ -n "$programs" ] && ! { [ -x "$tests" ] && [ -x "$bench" ]; }; then
  say "gpu-check: expected rondo_tests and rondo_bench in $programs" >&2
  exit 2
fi
for part in "${all_parts[@]}"; do
  wanted "$part" || continue
  run_part "$part"
  [ -n "$dry" ] || report
done
[ -n "$dry" ] && exit 0
"$root/tools/gpu-check/verdict.sh" "$out"
say "results: $out/gpu-check.json"
[ -z "$write" ] || write_measurements
if [ ${#failures[@]} -gt 0 ]; then
  say "${#failures[@]} failed:"
  printf '  %s\n' "${failures[@]}"
  exit 1
fi
say "everything that ran held"
