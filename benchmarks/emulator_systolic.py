"""The systolic emulator on a layer, in a fresh process, beside SCALE-Sim on the same layers and arrays."""

import benchmarks.one_thread  # noqa: F401, I001  before NumPy

import hashlib
import sys
import time
from dataclasses import asdict, replace

import numpy as np

from benchmarks import child, scalesim_peer
from cnnhw import LayerShape, networks
from cnnhw.conv import conv_windows
from cnnhw.systolic import Dataflow, Plan, convolve, plan
from cnnhw.tensors import random_filters, random_ifmap

ROWS = COLS = 32  # SCALE-Sim's own example has 32 x 32
SHORT = {Dataflow.OUTPUT: "OS", Dataflow.WEIGHT: "WS", Dataflow.INPUT: "IS"}
HEAD = (
    f"{'layer':18}{'':3}{'cycles':>8} {'theirs':>8}  {'s':>6} {'theirs':>7} {'array':>6} {'times':>6}"
    f" {'kcycles/s':>10} {'theirs':>7}  {'MB':>5} {'theirs':>7}"
)


def layers(quick: bool) -> dict[str, LayerShape]:
    """Name the layers: one image, and one group of those that have two."""
    lenet5, alexnet = networks.lenet5().conv, networks.alexnet().conv
    chosen = {"LeNet-5 C1": lenet5["C1"], "LeNet-5 C3": lenet5["C3"]}
    for name in ("CONV1",) if quick else ("CONV1", "CONV2", "CONV3"):
        whole = alexnet[name]
        label = f"AlexNet {name}" + (" /2" if whole.G > 1 else "")
        chosen[label] = replace(whole, M=whole.M // whole.G, C=whole.C // whole.G, G=1)
    return chosen


def words(shape: LayerShape) -> tuple[np.ndarray, np.ndarray]:
    """Draw an ifmap and filters of small whole numbers."""
    return random_ifmap(shape, seed=0), random_filters(shape, seed=1)


def digest(ofmap: np.ndarray) -> str:
    """Give what tells one ofmap from another."""
    return hashlib.sha256(np.ascontiguousarray(ofmap, np.int64).tobytes()).hexdigest()


def reference(shape: LayerShape) -> str:
    """Give the digest of the right ofmap."""
    return digest(conv_windows(*words(shape), shape.U, shape.P, shape.G))


def emulate(job: dict) -> dict:
    """Run one layer: processor time, cycles, words over the edges, and the digest of the ofmap."""
    shape = LayerShape(**job["shape"])
    ifmap, filters = words(shape)
    options = {"drain": job["drain"], "U": shape.U, "P": shape.P, "G": shape.G}
    start = time.process_time()
    run = convolve(ifmap, filters, ROWS, COLS, job["dataflow"], **options)
    seconds = time.process_time() - start
    return {"seconds": seconds, "cycles": run.cycles, "words": dict(run.words), "digest": digest(run.ofmap)}


def print_comparison(python: str | None, quick: bool) -> None:
    """Print the table.

    python  of SCALE-Sim's environment, or None to measure the course alone
    quick   fewer layers, and output stationary only
    """
    print(f"\nA systolic array of {ROWS} x {COLS}, one image. array: theirs without its memories.\n{HEAD}")
    for name, shape in layers(quick).items():
        right = reference(shape)
        for dataflow in [Dataflow.OUTPUT] if quick else Dataflow:
            drain = (
                "bus" if dataflow == Dataflow.OUTPUT else "shift"
            )  # SCALE-Sim's code takes no time to drain
            one = plan(shape, ROWS, COLS, dataflow, drain=drain)
            job = {"shape": asdict(shape), "dataflow": dataflow, "drain": drain}
            ours, peak = child.run([sys.executable, "-m", "benchmarks.emulator_systolic"], job)
            check(name, one, ours, right)
            theirs = python and scalesim_peer.run(python, shape, one)
            if theirs:
                check_peer(name, one, theirs[0])
            print(row(name, dataflow, ours, peak, theirs), flush=True)


def check(name: str, one: Plan, ours: dict, right: str) -> None:
    """Refuse a wrong ofmap, and cycles or words that are not the closed form's."""
    if ours["digest"] != right or ours["cycles"] != one.cycles or ours["words"] != one.words:
        sys.exit(f"{name}, {one.dataflow}: emulation and closed form differ, or the ofmap is wrong")


def check_peer(name: str, one: Plan, theirs: scalesim_peer.Answer) -> None:
    """Refuse a comparison of different things: SCALE-Sim's cycles and words must be the closed form's."""
    wanted = (one.cycles - 1, 0, one.words["ifmap"], one.words["filter"], scalesim_peer.psums_it_counts(one))
    got = (theirs.cycles, theirs.stalls, theirs.ifmap, theirs.filter, theirs.psum)
    if got != wanted:
        sys.exit(
            f"{name}, {one.dataflow}: last cycle, stalls, words are {wanted} here, SCALE-Sim's are {got}"
        )


def row(name: str, dataflow: Dataflow, ours: dict, peak: float | None, theirs) -> str:
    """Give a line of the table."""
    seconds, rate = ours["seconds"], ours["cycles"] / ours["seconds"] / 1e3
    line = f"{name:18}{SHORT[dataflow]:3}{ours['cycles']:8} "
    if not theirs:
        return line + f"{'':8}  {seconds:6.2f} {'':21} {rate:10.0f} {'':7}  {_mb(peak):>5}"
    answer, their_peak = theirs
    line += f"{answer.cycles:8}  {seconds:6.2f} {answer.seconds:7.1f} {answer.array_seconds:6.1f} "
    line += f"{answer.seconds / seconds:6.0f} {rate:10.0f} {answer.cycles / answer.seconds / 1e3:7.1f}"
    return line + f"  {_mb(peak):>5} {_mb(their_peak):>7}"


def _mb(peak: float | None) -> str:
    return "-" if peak is None else f"{peak:.0f}"


if __name__ == "__main__":
    child.serve(emulate)
