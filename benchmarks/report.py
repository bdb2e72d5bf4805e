"""What benchmarks.conv prints: the table, the means, the aims, and the bars."""

import platform
import statistics
from collections.abc import Mapping
from math import exp, log

import numpy as np

from benchmarks.contestants import Contestant, torch
from benchmarks.rounds import SGEMM_SIZE, SLOW_SECONDS, Sgemm, Times
from cnnhw import LayerShape
from cnnhw.pictures.charts.bars import bars
from cnnhw.pictures.picture import Picture

Results = Mapping[str, Mapping[str, Times]]
VGG = "VGG-16"
TOEPLITZ_AIM = 0.85  # of SGEMM's rate, chosen by the project
BAR = 40  # characters of the longest bar


def print_head(everyone: list[Contestant], rounds: int) -> None:
    """Say what is measured, on what, and open the table."""
    import scipy

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    versions = f"NumPy {np.__version__} ({blas['name']} {blas['version']}), SciPy {scipy.__version__}"
    versions += f", PyTorch {torch.__version__}" if torch else "; PyTorch is not installed"
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}")
    print(
        f"One thread, float32, batch 1; median of {rounds} rounds, of one where a run takes over "
        f"{SLOW_SECONDS} s.\nMACs per second over those of SGEMM on {SGEMM_SIZE} x {SGEMM_SIZE} matrices "
        "just before and after:\n"
    )
    print(f"{'layer':25}{'MMACs':>6} " + "".join(f"{contestant.name:>9}" for contestant in everyone))


def print_row(name: str, shape: LayerShape, times: Mapping[str, Times]) -> None:
    """Add one layer to the table."""
    ratios = "".join(f"{each.ratio:9.2f}" for each in times.values())
    print(f"{name:25}{shape.macs / 1e6:6.0f} {ratios}", flush=True)


def print_summary(results: Results, worst: Mapping[str, float], sgemm: Sgemm) -> None:
    """Close the table with means and errors; then the same against PyTorch, the aims and the bars."""
    means = vgg_means(results)
    print(f"{'VGG-16, geometric mean':32}" + "".join(f"{mean:9.2f}" for mean in means.values()))
    print(f"{'largest error / largest word':32}" + "".join(f"{error:9.0e}" for error in worst.values()))
    print(f"\nSGEMM itself: median {statistics.median(sgemm.rates) / 1e9:.1f} GMAC/s", end="")
    print(f", from {min(sgemm.rates) / 1e9:.1f} to {max(sgemm.rates) / 1e9:.1f}")
    if torch:
        _print_against_pytorch(results, means)
    _print_aims(results, means)
    _print_bars(means)


def vgg_means(results: Results) -> dict[str, float]:
    """Give each contestant's geometric mean ratio to SGEMM over VGG-16's layers."""
    layers = [times for name, times in results.items() if name.startswith(VGG)]
    return {who: geometric_mean(times[who].ratio for times in layers) for who in layers[0]}


def geometric_mean(ratios) -> float:
    """Give the n-th root of the product: the mean of ratios that does not depend on what is divided by."""
    return exp(statistics.fmean(map(log, ratios)))


def picture(results: Results) -> Picture:
    """Draw the means over VGG-16 as bars."""
    means = {who: round(mean, 2) for who, mean in vgg_means(results).items()}
    caption = "Geometric mean over VGG-16's distinct 3x3 layers, one thread, batch 1, float32."
    return bars({"SGEMM": 1.0, **means}, "MACs per second relative to NumPy's SGEMM", caption, lit="SGEMM")


def _print_against_pytorch(results: Results, means: Mapping[str, float]) -> None:
    names = [who for who in means if who != "pytorch"]
    print("\nThe same over PyTorch's conv2d:\n")
    print(f"{'layer':32}" + "".join(f"{who:>9}" for who in names))
    rows = {name: {who: each.ratio for who, each in times.items()} for name, times in results.items()}
    for name, ratios in {**rows, "VGG-16, geometric mean": means}.items():
        print(f"{name:32}" + "".join(f"{ratios[who] / ratios['pytorch']:9.2f}" for who in names))


def _print_aims(results: Results, means: Mapping[str, float]) -> None:
    measured = sum(name.startswith(VGG) for name in results)
    print(f"\nAims, geometric means over the {measured} of VGG-16's nine 3x3 layers that were measured:")
    _print_aim(f"toeplitz at {TOEPLITZ_AIM} of SGEMM", means["toeplitz"], TOEPLITZ_AIM)
    below = {
        name: times
        for name, times in results.items()
        if name.startswith(VGG) and times["toeplitz"].ratio < TOEPLITZ_AIM
    }
    for name, times in below.items():
        product = times["product"].ratio
        share = times["toeplitz"].ratio / product
        print(
            f"    {name}: {times['toeplitz'].ratio:.2f}; the product alone {product:.2f}, of that {share:.2f}"
        )
    if torch:
        best = max((who for who in means if who.startswith("wino")), key=means.get)
        _print_aim(f"Winograd ({best}) as fast as PyTorch", means[best] / means["pytorch"], 1.0)


def _print_aim(aim: str, got: float, wanted: float) -> None:
    verdict = "met" if got >= wanted else f"missed by {(1 - got / wanted):.0%}"
    print(f"  {aim}: {got:.2f}, {verdict}")


def _print_bars(means: Mapping[str, float]) -> None:
    bars_of = {"SGEMM": 1.0, **means}
    longest = max(bars_of.values())
    print("\nMeans over VGG-16, SGEMM = 1:")
    for who, mean in bars_of.items():
        print(f"  {who:9}{mean:5.2f} {'#' * max(1, round(BAR * mean / longest))}")
