"""Measures the tutorial's training step in PyTorch and JAX on this card, for tools/gpu-check.sh.

    python3 peers.py torch|jax OUT.json [--batch 128] [--time 100] [--runs 30] [--device cuda|cpu]

Python serves to measure peers and nothing else. A case that fails is written down with its error, never left out.
"""

import argparse
import importlib
import json
import statistics
import sys
import time as clock


def measure(step, wait, runs):
    """Milliseconds of single runs, after enough of them to compile and to choose algorithms."""
    for _ in range(5):
        step()
    wait()
    times = []
    for _ in range(runs):
        began = clock.perf_counter()
        step()
        wait()
        times.append((clock.perf_counter() - began) * 1e3)
    # Back to back, as a training makes them: the host's work may hide behind the device's.
    began = clock.perf_counter()
    for _ in range(runs):
        step()
    wait()
    together = (clock.perf_counter() - began) * 1e3 / runs
    return {"ms": min(min(times), together), "medianMs": statistics.median(times), "backToBackMs": together}


def write(report, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)


def run(framework, options):
    """Measures case after case; what is there is written down after each, should the time be up."""
    module = importlib.import_module(f"tutorial_{framework}")
    if options.device == "cuda" and not module.available():
        sys.exit(f"peers: {module.VERSION} has no GPU here; nothing was measured")
    rows = []
    report = {"framework": module.VERSION, "device": module.name_of(options.device), "batch": options.batch,
              "time": options.time, "cases": rows}
    for name, masked, make in module.cases(options.time, options.batch, options.device):
        row = {"name": name, "recurrentDropout": masked}
        try:
            step = make()
            wait = getattr(step, "wait", None) or (lambda: module.synchronise(options.device))
            row.update(measure(step, wait, options.runs))
            print(f"{name:40} {row['ms']:10.3f} ms", flush=True)
        except Exception as error:  # noqa: BLE001: a peer's failure is a result of its own
            row["error"] = f"{type(error).__name__}: {error}".splitlines()[0]
            print(f"{name:40} failed: {row['error']}", flush=True)
        rows.append(row)
        write(report, options.out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("framework", choices=["torch", "jax"])
    parser.add_argument("out")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--time", type=int, default=100)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    options = parser.parse_args()
    run(options.framework, options)


if __name__ == "__main__":
    main()
