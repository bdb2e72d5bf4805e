"""How fast every convolution is on one thread, against NumPy's SGEMM, SciPy and PyTorch, in one run.

    python -m benchmarks.conv [--quick] [--svg FILE]

On VGG-16's nine distinct 3x3 layers, AlexNet's five CONV layers and a 1x1 of ResNet-50, batch 1, float32.
Every result is compared with conv_windows before it is timed. A ratio is the layer's MACs per second over
SGEMM's, whatever the algorithm does in place of those MACs: Winograd can pass 1. More in docs/benchmarks.md.
"""

import benchmarks.one_thread  # noqa: F401, I001  before NumPy

import argparse
import sys

import numpy as np

from benchmarks import report
from benchmarks.contestants import Contestant, contestants
from benchmarks.rounds import Sgemm, Times, measure
from cnnhw import LayerShape, networks
from cnnhw.conv import conv_windows

ROUNDS, QUICK_ROUNDS = 11, 3
# One layer for each distinct shape, and for --quick one early, one middle and one late.
QUICK = ("VGG-16 CONV1-2", "VGG-16 CONV3-2", "VGG-16 CONV5-1", "AlexNet CONV2")


def layers() -> dict[str, LayerShape]:
    """Name the layers: a shape that returns later in a network is measured once."""
    chosen, seen = {}, set()
    for title, network in (("VGG-16", networks.vgg16()), ("AlexNet", networks.alexnet())):
        for name, shape in network.conv.items():
            if shape not in seen:
                chosen[f"{title} {name}"] = shape
            seen.add(shape)
    chosen["ResNet-50 res3b_branch2a"] = networks.resnet50().conv["res3b_branch2a"]
    return chosen


def words(shape: LayerShape, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw an ifmap and filters evenly from -1 to 1, as Lavin and Gray do."""
    random = np.random.default_rng(seed)
    draw = lambda *axes: random.uniform(-1, 1, axes).astype(np.float32)  # noqa: E731
    return (
        draw(shape.N, shape.C, shape.H, shape.W),
        draw(shape.M, shape.C // shape.G, shape.R, shape.S),
    )


def check(contestant: Contestant, ofmap: np.ndarray, reference: np.ndarray, plain_bound: float) -> float:
    """Refuse a wrong ofmap, and give its largest difference over the reference's largest word.

    Plain sums must be within their rounding. What goes through a transform may lose more: its own
    worst-case bound is far above what happens, so it must keep ten bits of the largest word.
    """
    difference = float(abs(ofmap - reference).max())
    largest = float(abs(reference).max())
    allowed = largest * 2.0**-10 if contestant.transforms else plain_bound
    if ofmap.shape != reference.shape or not difference <= allowed:
        sys.exit(f"{contestant.name} is wrong: a word is off by {difference:.2e}, allowed {allowed:.2e}")
    return difference / largest


def run_layer(shape: LayerShape, everyone: list[Contestant], rounds: int, sgemm: Sgemm):
    """Check and time everyone on one layer.

    returns  name -> Times, name -> relative error
    """
    ifmap, filters = words(shape)
    sizes = shape.U, shape.P, shape.G
    reference = conv_windows(ifmap, filters, *sizes)
    # Higham 2002, equation 3.5, twice: neither the contestant's sum nor the reference's is exact.
    K, u = shape.ofmap_reuse, 2.0**-24
    plain_bound = 2 * K * u / (1 - K * u) * float(conv_windows(abs(ifmap), abs(filters), *sizes).max())
    calls, errors = {}, {}
    for contestant in everyone:
        calls[contestant.name] = contestant.prepare(ifmap, filters, shape)
        errors[contestant.name] = check(contestant, calls[contestant.name](), reference, plain_bound)
    return measure(calls, shape.macs, rounds, sgemm), errors


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conv", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{len(QUICK)} layers, {QUICK_ROUNDS} rounds")
    parser.add_argument("--svg", metavar="FILE", help="save the bar chart as a drawing too")
    options = parser.parse_args()
    chosen = {name: shape for name, shape in layers().items() if not options.quick or name in QUICK}
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    everyone, sgemm = contestants(), Sgemm()
    results: dict[str, dict[str, Times]] = {}
    worst = dict.fromkeys((contestant.name for contestant in everyone), 0.0)
    report.print_head(everyone, rounds)
    for name, shape in chosen.items():
        results[name], errors = run_layer(shape, everyone, rounds, sgemm)
        worst = {who: max(worst[who], errors[who]) for who in worst}
        report.print_row(name, shape, results[name])
    report.print_summary(results, worst, sgemm)
    if options.svg:
        report.picture(results).save(options.svg)
        print(f"\nwrote {options.svg}")


if __name__ == "__main__":
    main()
