"""The PE-array emulator on AlexNet's CONV layers with the Eyeriss mapping, each in a fresh process."""

import benchmarks.one_thread  # noqa: F401, I001  before NumPy

import sys
import time

from benchmarks import child
from benchmarks.emulator_systolic import digest, reference, words
from cnnhw import chips
from cnnhw.counts import count
from cnnhw.emulator import run

SECONDS, MEGABYTES = 30, 1000  # the project's aims for the five layers together
HEAD = f"{'layer':8}{'MMACs':>8} {'cycles':>10} {'s':>7} {'MMACs/s':>8} {'MB':>6}"


def emulate(job: dict) -> dict:
    """Run one layer: processor time, MACs, cycles, whether the counts are count's, the ofmap's digest."""
    chip = chips.eyeriss()
    nest = chip.nests()[job["layer"]]
    ifmap, filters = words(nest.shape)
    start = time.process_time()
    result = run(nest, chip.machine, ifmap, filters)
    seconds = time.process_time() - start
    return {
        "seconds": seconds,
        "macs": int(result.counts.macs),
        "cycles": int(result.cycles),
        "same_counts": result.counts == count(nest, chip.machine),
        "digest": digest(result.ofmap),
    }


def print_layers(quick: bool) -> None:
    """Print the table and the aims.

    quick  CONV1 alone
    """
    nests = chips.eyeriss().nests()
    print(f"\nThe PE array: Eyeriss, 12 x 14 PEs, AlexNet at batch 4, every word accounted for.\n{HEAD}")
    total = dict.fromkeys(("macs", "cycles", "seconds"), 0)
    most = 0.0
    for name, nest in nests.items() if not quick else [("CONV1", nests["CONV1"])]:
        answer, peak = child.run([sys.executable, "-m", "benchmarks.emulator_array"], {"layer": name})
        if answer["digest"] != reference(nest.shape) or not answer["same_counts"]:
            sys.exit(f"{name}: the ofmap is wrong, or the counts are not count's")
        total = {key: total[key] + answer[key] for key in total}
        most = max(most, peak or 0)
        print(row(name, answer, peak), flush=True)
    if not quick:
        print(row("all", total, most or None))
        met = total["seconds"] < SECONDS and most < MEGABYTES
        print(f"Aim: under {SECONDS} s and {MEGABYTES} MB: {'met' if met else 'missed'}")


def row(name: str, answer: dict, peak: float | None) -> str:
    """Give a line of the table."""
    rate = answer["macs"] / answer["seconds"] / 1e6
    memory = "-" if peak is None else f"{peak:.0f}"
    return (
        f"{name:8}{answer['macs'] / 1e6:8.1f} {answer['cycles']:10} {answer['seconds']:7.2f} "
        f"{rate:8.1f} {memory:>6}"
    )


if __name__ == "__main__":
    child.serve(emulate)
