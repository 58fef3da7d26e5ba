#!/usr/bin/env bash
# verdict.sh FOLDER: what the figures in a folder of gpu-check.sh come to: the fastest way, the goals, the peers. A figure
# that is not there is named as missing.
set -uo pipefail
out=$1

# ms of a case in one of the bench's files: a row per line.
bench_ms() {
  [ -s "$out/$1.json" ] || return 0
  sed -n "s|.*\"name\": \"$2\", \"ms\": \([0-9.]*\),.*|\1|p" "$out/$1.json" | head -n 1
}

# The least ms among a peer's cases with (true) or without (false) recurrent dropout.
peer_ms() {
  cat "$out"/peers-*.json 2>/dev/null | tr -d '\n ' | tr '{' '\n' |
    sed -n "s/.*\"name\":\"\([^\"]*\)\",\"recurrentDropout\":$1,\"ms\":\([0-9.]*\),.*/\2 \1/p" | sort -g | head -n 1
}

calculate() { awk "BEGIN { printf \"$1\", $2 }"; }
line() { printf '%-58s %s\n' "$1" "$2"; }
missing='not measured'

echo "--- verdict"
best='' best_name=''
for file in "$out"/bench-way-*-train-step.json; do
  [ -s "$file" ] || continue
  name=$(basename "$file" .json)
  ms=$(bench_ms "$name" train-step/tutorial)
  [ -n "$ms" ] || continue
  line "training step, ${name#bench-way-}" "$ms ms"
  if [ -z "$best" ] || [ "$(calculate %d "$ms < $best")" = 1 ]; then best=$ms best_name=${name#bench-way-}; fi
done
step=$(bench_ms bench-bf16 train-step/tutorial) plain=$(bench_ms bench-bf16 train-step/tutorial-plain)
if [ -n "$best" ]; then
  line "fastest way (to be noted in src/cuda/ways.cu)" "${best_name%-train-step}: $best ms"
else
  best=$step
  line "fastest way" "$missing"
fi
line "training step as the engine chooses by itself" "${step:-$missing} ms"
for goal in 2.4 1.7; do
  [ -n "$best" ] && line "goal: $goal ms a training step" "$(calculate %s "($best <= $goal) ? \"held\" : \"missed\"")"
done
if [ -n "$step" ] && [ -n "$plain" ]; then
  line "cost of the masks (goal: 15 %)" "$(calculate '%.1f %%' "100 * ($step / $plain - 1)")"
else
  line "cost of the masks" "$missing"
fi
read -r without name_without <<<"$(peer_ms false)"
read -r with name_with <<<"$(peer_ms true)"
if [ -n "$best" ] && [ -n "${without:-}" ]; then
  line "best peer without recurrent dropout: $name_without" "$without ms, $(calculate '%.2f' "$without / $best") times ours (goal: 1 or more)"
else
  line "best peer without recurrent dropout" "$missing"
fi
if [ -n "$best" ] && [ -n "${with:-}" ]; then
  line "best peer with recurrent dropout: $name_with" "$with ms, $(calculate '%.2f' "$with / $best") times ours (goal: 10 or more)"
else
  line "best peer with recurrent dropout" "$missing"
fi
train=$(sed -n 's/.*"msPerStep": *\([0-9.]*\).*/\1/p' "$out/train.json" 2>/dev/null)
if [ -n "$step" ] && [ -n "$train" ]; then
  line "rondo train over the bare step (goal: 10 %)" "$(calculate '%.1f %%' "100 * ($train / $step - 1)")"
else
  line "rondo train over the bare step" "$missing"
fi
