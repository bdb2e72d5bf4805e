"""What benchmarks.mapping prints of ZigZag and the row-stationary search: speeds, energies, words, arrays."""

import operator
from collections.abc import Mapping

from benchmarks.zigzag_compare import COLS, ENERGIES, FACTORS, GLB_WORDS, RF_WORDS, ROWS, Result, run_layer
from benchmarks.zigzag_nest import AXES, DIM
from cnnhw import networks

QUICK = "CONV3", "CONV5"
WIDTHS = 9, 9, 9, 12, 10, 9, 9, 9
# The levels that keep each tensor, from the inside out: filters pass by the GLB, as in Eyeriss.
LEVELS = {"ifmap": ("RF", "GLB", "DRAM"), "filter": ("RF", "DRAM"), "psum": ("RF", "GLB", "DRAM")}


def print_comparison(python: str, quick: bool, spatial: int) -> None:
    """Run both on AlexNet's CONV layers and print the speeds, the energies and the mappings.

    python   of ZigZag's environment
    quick    two layers
    spatial  uses of the array that ZigZag tries
    """
    print(f"\nAlexNet, batch 1, {ROWS} x {COLS} PEs, RF {RF_WORDS} and GLB {GLB_WORDS} words;")
    print(f"ZigZag with at most {FACTORS} loop factors and {spatial} uses of the array:\n")
    print(f"{'':6}{'ZigZag, uneven':>27}{'count() of its nest':>22}{'search, row stationary':>27}")
    titles = zip(
        ("seconds", "mappings", "per s", "ms", "per s", "seconds", "points", "per s"), WIDTHS, strict=True
    )
    print(f"{'layer':6}" + "".join(f"{title:>{width}}" for title, width in titles))
    layers = networks.alexnet().conv
    results = {}
    for name in QUICK if quick else layers:
        results[name] = run_layer(python, layers[name], spatial)
        print_speed(name, results[name])
    print_energies(results)
    print_words(results)
    print_arrays(results)


def print_speed(name: str, result: Result) -> None:
    uneven = result.found.uneven
    row = (
        f"{uneven.seconds:.1f}", f"{uneven.mappings}", f"{uneven.mappings / uneven.seconds:.0f}",
        f"{result.counting * 1e3:.2f}", f"{1 / result.counting:.0f}",
        f"{result.planning:.3f}", f"{result.points}", f"{result.points / result.planning:.1e}",
    )  # fmt: skip
    print(
        f"{name:6}" + "".join(f"{cell:>{width}}" for cell, width in zip(row, WIDTHS, strict=True)), flush=True
    )


def print_energies(results: Mapping[str, Result]) -> None:
    """Print the energy of a MAC of each layer, and of all of them by their MACs."""
    print("\nEnergy per MAC, in MACs:\n")
    print(f"{'':6}{'ZigZag says':>18}{'ports, no NoC':>27}{'transfer':>27}")
    print(f"{'layer':6}" + "".join(f"{title:>9}" for title in ENERGIES))
    rows = {name: result.energies for name, result in results.items()}
    macs = [result.macs for result in results.values()]
    weighted = [
        sum(map(operator.mul, column, macs)) / sum(macs) for column in zip(*rows.values(), strict=True)
    ]
    for name, energies in {**rows, "all": weighted}.items():
        print(f"{name:6}" + "".join(f"{energy:9.3f}" for energy in energies))


def print_words(results: Mapping[str, Result]) -> None:
    """Print words moved per MAC in ZigZag's even mappings, as it counts them and as the course does."""
    everyone = results.values()
    macs = sum(result.shape.macs for result in everyone)
    print("\nWords per MAC in ZigZag's even mappings, reads + updates + fills + drains:\n")
    print(f"{'':16}{'ZigZag':>10}{'padded':>10}{'count()':>10}")
    for tensor, levels in LEVELS.items():
        for place, level in enumerate(levels):
            words = (
                sum(sum(result.found.even.accesses[tensor][place].values()) for result in everyone),
                sum(result.padded.accesses("ports")[level, tensor] for result in everyone),
                sum(result.theirs.accesses("ports")[level, tensor] for result in everyone),
            )
            print(f"{level:6}{tensor:10}" + "".join(f"{each / macs:10.4f}" for each in words))


def print_arrays(results: Mapping[str, Result]) -> None:
    """Print what each puts on the array, and the PEs at work on average."""
    print("\nPEs at work on average, and what is on the array:\n")
    for name, result in results.items():
        ours = result.plan.counts
        print(f"{name:6}ZigZag {result.theirs.mean_active_pes:6.1f}  {on_array(result)}")
        print(f"{'':6}RS     {ours.mean_active_pes:6.1f}  {result.plan.parameters}")


def on_array(result: Result) -> str:
    """Say what ZigZag put on the array, in the course's letters."""
    array = result.found.even.array.items()
    return ", ".join(f"{DIM[dim]} over {factor} {AXES[axis]}" for axis, used in array for dim, factor in used)
