"""The time of count() on a row-stationary nest of every layer of the seven networks."""

import statistics

from benchmarks.rounds import seconds_of
from cnnhw import LayerShape, networks
from cnnhw.counts import count
from cnnhw.dataflows import RS
from cnnhw.machine import Machine
from cnnhw.nest import Nest

ROUNDS, QUICK_ROUNDS = 5, 2
BATCHES = 1, 64
SEVEN = (
    networks.lenet5,
    networks.alexnet,
    networks.overfeat,
    networks.zfnet,
    networks.vgg16,
    networks.googlenet,
    networks.resnet50,
)


def print_counts(quick: bool) -> None:
    """Time every distinct layer and print the fastest, the middle and the slowest.

    quick  fewer rounds
    """
    rounds = QUICK_ROUNDS if quick else ROUNDS
    print(f"\ncount() of a row-stationary nest, median of {rounds} calls for each distinct layer:\n")
    print(f"{'batch':>5}{'layers':>8}{'min ms':>9}{'median':>9}{'max':>9}{'counts/s':>10}   slowest")
    for batch in BATCHES:
        times = {name: seconds(shape, rounds) for name, shape in distinct_layers(batch).items()}
        slowest = max(times, key=times.get)
        spread = min(times.values()), statistics.median(times.values()), times[slowest]
        row = f"{batch:5}{len(times):8}" + "".join(f"{time * 1e3:9.2f}" for time in spread)
        print(f"{row}{len(times) / sum(times.values()):10.0f}   {slowest}", flush=True)


def distinct_layers(batch: int) -> dict[str, LayerShape]:
    """Name every layer of the seven networks; a shape that returns is there once."""
    chosen, seen = {}, set()
    for network in (make().with_batch(batch) for make in SEVEN):
        for name, shape in network.layers.items():
            if shape not in seen:
                chosen[f"{network.title} {name}"] = shape
            seen.add(shape)
    return chosen


def seconds(shape: LayerShape, rounds: int) -> float:
    """Give the median time of count(), each time of a fresh nest, on a machine with room for everything."""
    machine = Machine.unbounded()
    nests = [row_stationary(shape) for _ in range(rounds + 1)]
    count(nests.pop(), machine)  # warms caches and allocators
    return statistics.median(seconds_of(lambda nest=nest: count(nest, machine)) for nest in nests)


def row_stationary(shape: LayerShape) -> Nest:
    """Give a row-stationary nest with parameters like those of the Eyeriss chip on AlexNet."""
    m, q = min(64, shape.M // shape.G), min(2, shape.C // shape.G)
    e, n = min(13, shape.E), min(4, shape.N)
    return RS.nest(shape, {"m": m, "n": n, "e": e, "p": min(16, m), "q": q, "r": 1, "t": 1})
