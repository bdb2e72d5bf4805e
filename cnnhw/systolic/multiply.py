"""A matrix product on the array, fold after fold; equal folds advance together, since none needs another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from cnnhw.systolic import psums_stay, words_stay
from cnnhw.systolic.arguments import checked_matrices, checked_plan, quick_dtype
from cnnhw.systolic.plan import Dataflow, Fold, Plan
from cnnhw.systolic.watch import Recorder, Trace, Watch, window

# Registers of folds that run together: few enough for a cache, many enough that NumPy's calls do not count.
_WORDS_AT_ONCE = 2**16
_EDGE_WORDS = 2**22  # most words that wait at the edges for them


@dataclass(frozen=True)
class Run:
    """What came out of the array.

    product  (windows, filters) = ifmap @ filters
    cycles   from the first word in to the last word out, all folds
    active   (cycles,) PEs at work in each
    words    over the edges: "ifmap" and "filter" read, "psum" written
    plan     the same in closed form
    trace    Trace, or None
    """

    product: np.ndarray
    cycles: int
    active: np.ndarray
    words: Mapping[str, int]
    plan: Plan
    trace: Trace | None

    @property
    def macs(self) -> int:
        """Multiply-accumulates done: the sum of active."""
        return int(self.active.sum())

    @property
    def mean_active_pes(self) -> float:
        """PEs at work in a cycle, on average: macs / cycles."""
        return self.macs / self.cycles


def multiply(
    ifmap: np.ndarray,
    filters: np.ndarray,
    rows: int,
    cols: int,
    dataflow: str = "output_stationary",
    *,
    drain: str = "shift",
    ragged: str = "array",
    trace: bool | tuple[int, int] = False,
) -> Run:
    """Multiply two matrices on a systolic array, cycle by cycle.

    ifmap       (windows, products)
    filters     (products, filters)
    rows, cols  of the array
    dataflow    "output_stationary", "weight_stationary" or "input_stationary": what stays in the PEs
    drain       "shift" or "bus": how psums that stayed leave, see Plan
    ragged      "array" or "clipped": what a fold takes that does not fill the array, see Plan
    trace       True keeps the registers of every cycle; (first, last) those of a window of cycles
    returns     Run; the product is exact on whole numbers. Its cycles equal run.plan.cycles, which is
                folds * (2*rows + cols + T - 2) unless an option says otherwise
    raises      ShapeError if the matrices do not fit, CourseError if an option does not
    source      Samajdar et al., ISPASS 2020; in one cycle: psums_stay.py, words_stay.py

    >>> run = multiply([[1, 2], [3, 4]], [[5, 6], [7, 8]], rows=2, cols=2)
    >>> run.product                                   # 1*5 + 2*7 = 19
    array([[19, 22],
           [43, 50]])
    >>> run.cycles, run.active.tolist()               # 2*2 + 2 + 2 - 2; two of them only shift psums out
    (6, [1, 3, 3, 1, 0, 0])
    """
    ifmap, filters = checked_matrices(ifmap, filters)
    sizes = {"windows": len(ifmap), "products": len(filters), "filters": filters.shape[1]}
    plan = checked_plan(rows=rows, cols=cols, dataflow=dataflow, drain=drain, ragged=ragged, **sizes)
    kept = window(trace, plan.cycles, (plan.rows, plan.cols))
    dtype = quick_dtype(ifmap, filters)
    recorder = Recorder(kept, (plan.rows, plan.cols), ifmap.dtype) if trace is not False else None
    words = ifmap.astype(dtype, copy=False), filters.astype(dtype, copy=False)
    product = np.zeros((plan.windows, plan.filters), dtype)
    active, counted = _run(plan, words, product, recorder)
    right_is_ifmap = plan.dataflow != Dataflow.INPUT
    names = ("ifmap", "filter", "psum") if right_is_ifmap else ("filter", "ifmap", "psum")
    return Run(
        product.astype(ifmap.dtype, copy=False),
        len(active),
        active,
        {name: int(count) for name, count in zip(names, counted, strict=True)},
        plan,
        recorder.trace(right_is_ifmap) if recorder else None,
    )


def _run(plan: Plan, words, product: np.ndarray, recorder: Recorder | None) -> tuple[np.ndarray, np.ndarray]:
    """Run every fold and add up the product; give the PEs at work in each cycle, and words over the edges."""
    active, counted = [np.empty(0)] * len(plan.folds), np.zeros(3, int)
    for numbers in _batches(plan, one_by_one=recorder is not None):
        folds = [plan.folds[number] for number in numbers]
        watch = Watch(folds[0].used, recorder)
        run = _psums_stay if plan.dataflow == Dataflow.OUTPUT else _words_stay
        run(plan, folds, words, product, watch)
        seen = np.array(watch.active)
        for number in numbers:
            active[number] = seen
        counted += watch.counted
    return np.concatenate(active), counted


def _batches(plan: Plan, one_by_one: bool) -> Iterator[list[int]]:
    """Folds that run together: of one size, and as many as the cache holds. A trace needs them in order."""
    alike = defaultdict(list)
    for number, fold in enumerate(plan.folds):
        alike[number if one_by_one else fold.used].append(number)
    pes = plan.rows * plan.cols
    waiting = plan.time * (plan.rows + plan.cols)
    step = max(1, min(_WORDS_AT_ONCE // pes, _EDGE_WORDS // waiting))
    for numbers in alike.values():
        for first in range(0, len(numbers), step):
            yield numbers[first : first + step]


def _psums_stay(plan: Plan, folds: list[Fold], words, product: np.ndarray, watch: Watch) -> None:
    ifmap, filters = words
    left = np.stack([ifmap[fold.across].T for fold in folds], axis=-1)
    top = np.stack([filters[:, fold.down] for fold in folds], axis=-1)
    out = psums_stay.run_folds(left, top, (folds[0].rows, folds[0].cols), plan.drain, watch)
    rows, cols = folds[0].used
    for number, fold in enumerate(folds):
        product[fold.across, fold.down] = out[:rows, :cols, number]


def _words_stay(plan: Plan, folds: list[Fold], words, product: np.ndarray, watch: Watch) -> None:
    streamed, staying = words
    if plan.dataflow == Dataflow.INPUT:  # the same machine on the transposed product
        streamed, staying, product = staying.T, streamed.T, product.T
    left = np.stack([streamed[:, fold.across] for fold in folds], axis=-1)
    stay = np.stack([staying[fold.across, fold.down] for fold in folds], axis=-1)
    out = words_stay.run_folds(left, stay, (folds[0].rows, folds[0].cols), watch)
    for number, fold in enumerate(folds):
        product[:, fold.down] += out[:, : fold.used[1], number]  # added outside to what earlier rows gave
