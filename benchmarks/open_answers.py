"""Look for better answers to the open exercises on nests, by random changes to a nest.

python benchmarks/open_answers.py own_nest 1 4000
python benchmarks/open_answers.py glb_cuts

The numbers are a seed and how many nests to try; 4,000 of them take a minute or two on an idle core.
`glb_cuts` is small enough to try all orders and numbers of chunks.
What it found so far stands in tests/exercises/test_best_nests.py.
"""

import itertools
import math
import random
import sys

from cnnhw import Nest, count
from cnnhw.checks.opens import n07, n08, n09, n12
from cnnhw.checks.second_way import tiles
from cnnhw.chips import eyeriss, isca16
from cnnhw.energy import energy
from cnnhw.energy.demand import dram_words
from cnnhw.errors import CourseError
from cnnhw.networks import alexnet, lenet5
from cnnhw_grading import lessons

answers09 = lessons.answers("09")

TENSORS = {"ifmap", "filter", "psum"}
KEEPS = {"GLB": {"ifmap", "psum"}, "RF": TENSORS}
PLACES = {"DRAM": 0, "GLB": 1, "ROWS": 2, "COLS": 2, "RF": 3}
HOT, COLD = 0.03, 0.0005  # how much worse, as a part of the score, is often taken first and last


def per_mac(counts, machine):
    return energy(counts, machine).per_mac


def own_nest(nest, counts, machine):
    words = nest.shape.ifmap_words + nest.shape.filter_words + nest.shape.ofmap_words
    too_idle = max(0, 12 - counts.mean_active_pes)
    return per_mac(counts, machine) + 30 * (dram_words(counts) / words - 1) + too_idle


def own_set(nest, counts, machine):
    if not n09.is_row_stationary(nest):
        return math.inf
    return per_mac(counts, machine) * machine.pes * counts.cycles / counts.macs


def own_mapping(nest, counts, machine):
    return per_mac(counts, machine) + max(0, 150 - counts.mean_active_pes) / 20


def c3_loops(nest, counts, machine):
    return per_mac(counts, machine) + max(0, counts.cycles - 8_000) / 2_000


def glb_cuts():
    """Yield (score, cuts) whenever a better one is found: all orders and numbers of chunks, one cut a dim."""
    sizes, least = {dim: getattr(n07.LAYER, dim) for dim in "MCEF"}, math.inf
    steps = {dim: sorted({-(-size // n) for n in range(1, size + 1)})[::-1] for dim, size in sizes.items()}
    for order in itertools.permutations("MCEF"):
        for chosen in itertools.product(*(steps[dim] for dim in order)):
            cuts = [(dim, step) for dim, step in zip(order, chosen, strict=True) if step < sizes[dim]]
            if not passes_by_fewer(cuts, sizes, least):
                continue
            try:
                accesses = n07.dram_accesses(cuts)
            except CourseError:  # the tiles do not fit
                continue
            if accesses < least:
                least = accesses
                yield accesses, cuts


def passes_by_fewer(cuts, sizes, most):
    """Whether the words that come in for the first time in a row are fewer than `most`; psums count once."""
    words, held = sizes["M"] * sizes["E"] * sizes["F"], None
    for m, c, e, f in tiles(cuts, {dim: range(size) for dim, size in sizes.items()}):
        rows, columns = (range(max(0, part[0] - 1), min(9, part[-1] + 2)) for part in (e, f))
        now = ((c, rows, columns), (m, c, range(9)))
        if held is None and len(m) * len(e) * len(f) + sum(map(size_of, now)) > n07.GLB_WORDS:
            return False
        for place, box in enumerate(now):
            words += size_of(box) - (shared(box, held[place]) if held else 0)
        if words >= most:
            return False
        held = now
    return True


def size_of(box):
    """The words of a box of ranges."""
    return math.prod(map(len, box))


def shared(box, other):
    """The words in both of two boxes."""
    sides = (min(a.stop, b.stop) - max(a.start, b.start) for a, b in zip(box, other, strict=True))
    return math.prod(max(0, side) for side in sides)


def _sets(p, q, n, channels):
    return [
        (loop.dim, loop.step, str(loop.where)) for loop in answers09.own_set(p, q, n, channels=channels).loops
    ]


# name -> layer, machine, score, first nest, what its levels keep, whether that may change
SEARCHES = {
    "own_nest": (
        n08.OWN, n08.SMALL, own_nest,
        [("E", 2, "DRAM"), ("M", 4, "GLB"), ("F", 6, "GLB"), ("C", 1, "GLB"), ("M", 1, "ROWS"),
         ("E", 1, "COLS"),
         ("F", 3, "COLS"), ("R", 1, "RF"), ("F", 1, "RF"), ("S", 1, "RF")],
        {"GLB": {"ifmap", "filter"}, "RF": {"psum", "filter"}}, True,
    ),
    "own_set": (n09.OWN, n09.SMALL, own_set, _sets(3, 2, 1, 2), KEEPS, True),
    "own_mapping": (
        eyeriss().network.layers["CONV3"], eyeriss().machine, own_mapping,
        [("N", 2, "DRAM"), ("M", 98, "DRAM"), ("C", 32, "DRAM"), ("E", 1, "GLB"), ("N", 1, "GLB"),
         ("F", 1, "GLB"), ("M", 14, "COLS"), ("C", 8, "ROWS"), ("C", 4, "COLS"), ("R", 1, "ROWS"),
         ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF")], KEEPS, False,
    ),
    "fc7_loops": (
        alexnet().with_batch(16).layers["FC7"], isca16("RS", 256),
        lambda nest, counts, machine: per_mac(counts, machine),
        [("M", 2058, "DRAM"), ("C", 1, "DRAM"), ("M", 14, "ROWS"), ("M", 1, "RF"), ("N", 1, "RF")],
        KEEPS, False,
    ),
    "c3_loops": (
        lenet5().with_batch(4).layers["C3"], n12.chip_with_biases(), c3_loops,
        [("E", 2, "DRAM"), ("N", 1, "GLB"), ("F", 1, "GLB"), ("M", 4, "COLS"), ("C", 2, "COLS"),
         ("E", 1, "ROWS"),
         ("R", 1, "ROWS"), ("C", 1, "RF"), ("S", 1, "RF"), ("M", 1, "RF")], KEEPS, False,
    ),
}  # fmt: skip


def changed(rng, loops, keeps, sizes, free):
    """Change one thing: a step, a place, the order, a loop more or less, what a level keeps."""
    loops, keeps, kind = list(loops), dict(keeps), rng.random()
    place = rng.randrange(len(loops)) if loops else 0
    if free and kind < 0.12:
        level = rng.choice(["GLB", "RF"])
        keeps[level] = set(keeps[level]) ^ {rng.choice(sorted(TENSORS))}
    elif kind < 0.35 and loops:
        dim, step, where = loops[place]
        step = rng.choice([step + 1, step - 1, 2 * step, step // 2, rng.randint(1, sizes[dim])])
        loops[place] = (dim, min(max(step, 1), sizes[dim]), where)
    elif kind < 0.55:
        dim = rng.choice([dim for dim, size in sizes.items() if size > 1])
        step = math.ceil(sizes[dim] / rng.randint(1, sizes[dim]))
        loops.insert(rng.randint(0, len(loops)), (dim, step, rng.choice(list(PLACES))))
    elif kind < 0.7 and loops:
        loops.pop(place)
    elif kind < 0.85 and loops:
        loops.insert(rng.randrange(len(loops)), loops.pop(place))
    elif loops:
        loops[place] = (*loops[place][:2], rng.choice(list(PLACES)))
    return loops, keeps


def tidy(loops, sizes):
    """Put loops in the order of their places, leave out those of one iteration, end every dim in an RF."""
    left, kept = dict(sizes), []
    for dim, step, where in sorted(loops, key=lambda loop: PLACES[loop[2]]):
        if step < left[dim]:
            kept.append((dim, step, where))
            left[dim] = step
    return kept + [(dim, 1, "RF") for dim, size in left.items() if size > 1]


def search(name, seed, tries):
    """Yield (score, loops, keeps) whenever a better one is found."""
    layer, machine, score, loops, keeps, free = SEARCHES[name]
    rng = random.Random(seed)
    sizes = sizes_of(layer)

    def value(loops, keeps):
        try:
            nest = Nest(layer, loops, keeps)
            return score(nest, count(nest, machine), machine)
        except CourseError:
            return math.inf

    now = tidy(loops, sizes), dict(keeps)
    least = at = value(*now)
    for attempt in range(tries):
        heat = HOT * (COLD / HOT) ** (attempt / tries)
        other = now
        for _ in range(rng.choice([1, 1, 2, 3])):
            other = changed(rng, *other, sizes, free)
        other = tidy(other[0], sizes), other[1]
        there = value(*other)
        if there <= at or there < math.inf and rng.random() < math.exp((at - there) / at / heat):
            now, at = other, there
        if at < least - 1e-12:
            least = at
            yield least, *now


def sizes_of(layer):
    """The size of each dim, as nests name them."""
    return {"N": layer.N, "M": layer.M, "C": layer.C, "E": layer.E, "F": layer.F, "R": layer.R, "S": layer.S}


if __name__ == "__main__":
    exercise, *numbers = sys.argv[1:]
    found = glb_cuts() if exercise == "glb_cuts" else search(exercise, *map(int, numbers))
    for score, *answer in found:
        print(f"{score:,.4f}", *answer, flush=True)
