#!/usr/bin/env bash
# train.sh CLI FOLDER: the tutorial preset on the demo corpus by the command line, on CUDA; leaves FOLDER.json with the
# milliseconds that an update takes there, to be held beside the bare training step.
set -euo pipefail

cli=$1 folder=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rm -rf "$folder" && mkdir -p "$folder"
node "$root/tools/demo-corpus/build.mjs" "$folder/midi" >&2 || { echo "the demo corpus could not be made" >&2; exit 1; }
node "$cli" prepare "$folder/midi" --out "$folder/data" --quiet
node "$cli" train "$folder/data" --out "$folder/run" --preset tutorial --device cuda --max-steps 300 --quiet --json \
  >"$folder/summary.json"
node -e '
  const { tokensPerSecond, steps, seconds, deviceName, precision } = JSON.parse(require("fs").readFileSync(process.argv[1]));
  const batch = 128; // the tutorial predicts one token per row
  const ms = (1000 * batch) / tokensPerSecond;
  require("fs").writeFileSync(process.argv[2], JSON.stringify({ steps, seconds, deviceName, precision, msPerStep: ms }));
  console.log(`rondo train: ${ms.toFixed(3)} ms a step`);
' "$folder/summary.json" "$folder.json"
