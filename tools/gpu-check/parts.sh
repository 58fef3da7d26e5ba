# The parts of gpu-check.sh, one function each. Expects $root, $out, $tests, $bench, $programs, $quick.

lstm_ways=(persistent cluster distributed fused)

seconds_per_case() { if [ -n "$quick" ]; then echo 1; else echo 3; fi; }

part_build() {
  local tool folder=$out/build
  [ -n "$programs" ] && return
  for tool in nvcc cmake c++; do
    command -v "$tool" >/dev/null && continue
    skip_check "build" "there is no $tool: install it, or bring what was built elsewhere with --programs"
    failures+=("build: there is no $tool")
    return
  done
  check "configure" cmake -S "$root/packages/core-native" -B "$folder" -DRONDO_CUDA=ON -DRONDO_BUILD_TESTS=ON &&
    check "build" cmake --build "$folder" --parallel "$(nproc)" --target rondo_tests rondo_bench
}

# Against the double reference and the CPU, the same bits again, masks, streams, memory: in each precision, and in bf16
# by every way that the LSTM and the products can go.
part_parity() {
  local way precision
  for precision in fp32 tf32; do
    check "parity $precision" "$tests" --device cuda --precision "$precision"
  done
  for way in "${lstm_ways[@]}"; do
    check "parity bf16, LSTM $way" env RONDO_CUDA_LSTM="$way" "$tests" --device cuda --precision bf16
  done
  check "parity bf16, products by wgmma" env RONDO_CUDA_GEMM=wgmma "$tests" --device cuda --precision bf16
  check "parity bf16, everything new" env RONDO_CUDA_LSTM=distributed RONDO_CUDA_GEMM=wgmma "$tests" --device cuda \
    --precision bf16
}

part_bench() {
  local precision
  for precision in bf16 tf32 fp32; do
    check "bench $precision" "$bench" --device cuda --precision "$precision" --seconds "$(seconds_per_case)" \
      --json "$out/bench-$precision.json" && [ -z "$dry" ] && cat "$(log_of "bench $precision")"
  done
}

# way_bench WAY GEMM CASE
way_bench() {
  check "way $1, $2, $3" env RONDO_CUDA_LSTM="$1" RONDO_CUDA_GEMM="$2" "$bench" --device cuda --precision bf16 \
    --seconds "$(seconds_per_case)" --only "$3" --json "$out/bench-way-$1-$2-${3%%/*}.json"
}

# Each way of the chain over time and of the large products: a training step, and what the ways differ in.
part_ways() {
  local way
  for way in "${lstm_ways[@]}"; do
    way_bench "$way" mma train-step/tutorial
    way_bench "$way" mma lstm-forward/h512-b128
    way_bench "$way" mma lstm-backward/h512-b128
  done
  way_bench persistent wgmma lstm-backward/h512-b128
  way_bench persistent wgmma train-step/tutorial
  way_bench distributed wgmma train-step/tutorial
}

# Python serves to measure the peers, and nothing else.
part_peers() {
  local framework
  for framework in torch jax; do
    if [ -z "$dry" ] && ! python3 -c "import $framework" 2>/dev/null; then
      skip_check "peers in $framework" "python3 has no module of that name: pip install $framework"
      continue
    fi
    check "peers in $framework" timeout -k 10 270 python3 "$root/tools/gpu-check/peers.py" "$framework" \
      "$out/peers-$framework.json"
    [ -z "$dry" ] && cat "$(log_of "peers in $framework")"
  done
}

part_sanitize() {
  local tool way
  if [ -z "$dry" ] && ! command -v compute-sanitizer >/dev/null; then
    skip_check "compute-sanitizer" "it is not installed; it comes with the CUDA toolkit"
    return
  fi
  for tool in memcheck racecheck synccheck; do
    check "$tool, ops" compute-sanitizer --tool "$tool" --error-exitcode 1 "$tests" --device cuda --precision bf16 \
      "device: ops"
    for way in persistent distributed; do
      check "$tool, networks, $way" env RONDO_CUDA_LSTM="$way" RONDO_CUDA_GEMM=wgmma compute-sanitizer --tool "$tool" \
        --error-exitcode 1 "$tests" --device cuda --precision bf16 "device: networks: shapes"
    done
  done
}

# Where a training step's time goes, kernel by kernel.
part_profile() {
  if [ -z "$dry" ] && ! command -v nsys >/dev/null; then
    skip_check "profile" "nsys is not installed; it comes with the CUDA toolkit"
    return
  fi
  check "profile" nsys profile --force-overwrite true --trace cuda --cuda-graph-trace node --output "$out/profile" \
    "$bench" --device cuda --precision bf16 --seconds 1 --only train-step/tutorial
  check "kernels of a training step" nsys stats --report cuda_gpu_kern_sum --format csv "$out/profile.nsys-rep"
}

# The whole of rondo train beside the bare step, where Node and the built packages are at hand.
part_train() {
  local cli=$root/packages/cli/bin/rondo.js
  if [ -z "$dry" ] && { ! command -v node >/dev/null || [ ! -f "$root/packages/cli/dist/index.js" ]; }; then
    skip_check "rondo train" "it needs Node and the built packages: npx nx run-many -t build"
    return
  fi
  check "rondo train" "$root/tools/gpu-check/train.sh" "$cli" "$out/train"
}
