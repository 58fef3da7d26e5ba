"""PyTorch's side of docs/performance.md: the tutorial's training step on the CPU, fp32, without recurrent dropout.

    python3 tools/performance/pytorch_step.py THREADS [STEPS]

128 rows, 100 steps of time. Prints the best and the median of STEPS (3) steps, after one for warming up.
"""

import pathlib
import statistics
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "gpu-check"))
from tutorial_torch import CudnnStack, training_step  # noqa: E402


def milliseconds(step):
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e3


def main():
    threads = int(sys.argv[1])
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    step = training_step(CudnnStack(True), 100, 128, "cpu", torch.float32, False)
    step()
    times = [milliseconds(step) for _ in range(steps)]
    best, median = min(times), statistics.median(times)
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads: best {best:.0f} ms, median {median:.0f} ms")


main()
