"""The door of the systolic array: two matrices and its options are checked here once."""

import numpy as np

from cnnhw.conv.words import INT64_LIMIT, common_dtype, magnitude
from cnnhw.errors import CourseError, ShapeError, whole_number
from cnnhw.systolic.plan import Dataflow, Drain, Plan, Ragged
from cnnhw.tensors.checked import as_array, check_words

# Whole numbers up to here are exact in floats (IEEE 754, significands of 24 and 53 bits).
_EXACT = {np.float32: 2**24, np.float64: 2**53}
_AXES = {"ifmap": "(windows, products)", "filters": "(products, filters)"}


def checked_plan(*, rows, cols, dataflow, drain, ragged, **sizes: int) -> Plan:
    """Make a Plan of what a reader typed.

    raises  CourseError if the array has no PEs, an option is not one of its names, or a bus is wanted where
            psums do not stay
    """
    plan = Plan(
        rows=_whole("rows", rows),
        cols=_whole("cols", cols),
        dataflow=_one_of(Dataflow, "dataflow", dataflow),
        drain=_one_of(Drain, "drain", drain),
        ragged=_one_of(Ragged, "ragged", ragged),
        **sizes,
    )
    if plan.drain != Drain.SHIFT and plan.dataflow != Dataflow.OUTPUT:
        raise CourseError(
            "only psums that stay in their PEs need a way out",
            f"drain={drain!r} with dataflow={str(plan.dataflow)!r}",
            'leave drain out, or use dataflow="output_stationary"',
        )
    return plan


def checked_matrices(ifmap, filters) -> tuple[np.ndarray, np.ndarray]:
    """Turn two matrices into arrays of one dtype: int64 or floats.

    raises  ShapeError if they are not matrices of real numbers, do not fit, or a sum may pass 64 bits
    """
    ifmap, filters = _matrix("ifmap", ifmap), _matrix("filters", filters)
    if ifmap.shape[1] != filters.shape[0]:
        raise ShapeError(
            "the ifmap's columns must be as many as the filters' rows: both count products",
            f"ifmap {ifmap.shape}, filters {filters.shape}",
            "transpose one of them; the product is ifmap @ filters",
        )
    dtype = common_dtype(ifmap, filters)
    if dtype == np.int64 and _largest_sum(ifmap, filters) >= INT64_LIMIT:
        raise ShapeError(
            "every psum of whole numbers must fit a signed 64-bit word",
            f"{ifmap.shape[1]} products that may add up to {_largest_sum(ifmap, filters)}",
            "use smaller words, or floats",
        )
    return ifmap.astype(dtype, copy=False), filters.astype(dtype, copy=False)


def quick_dtype(ifmap: np.ndarray, filters: np.ndarray) -> np.dtype:
    """Give the dtype to calculate in: the smallest float in which every sum of whole numbers is exact.

    ifmap, filters  as `checked_matrices` returns them
    returns         their own dtype if they are no whole numbers, or too large
    """
    if ifmap.dtype == np.int64:
        for dtype, exact in _EXACT.items():
            if _largest_sum(ifmap, filters) < exact:
                return np.dtype(dtype)
    return ifmap.dtype


def _largest_sum(ifmap: np.ndarray, filters: np.ndarray) -> int:
    return ifmap.shape[1] * magnitude(ifmap) * magnitude(filters)


def _matrix(name: str, words) -> np.ndarray:
    array = as_array(words, f"{name} must be a matrix {_AXES[name]}")
    if array.ndim != 2 or array.size == 0:
        raise ShapeError(
            f"{name} must be a matrix {_AXES[name]} with at least one word",
            f"shape {array.shape}",
            "give two axes, or call convolve for a layer",
        )
    if array.dtype.kind not in "biuf":
        raise ShapeError(
            f"{name} must hold whole numbers or floats",
            f"dtype {array.dtype}",
            f"convert it first, as in {name}.astype(float)",
        )
    check_words(name, array, "multiplying")
    return array


def _whole(name: str, value) -> int:
    number = whole_number(value)
    if number is None:
        raise CourseError(
            f"an array needs at least one PE in its {name}", f"{name}={value!r}", f"use {name} >= 1"
        )
    return number


def _one_of(names: type, option: str, value):
    try:
        return names(value)
    except ValueError:
        known = ", ".join(repr(str(name)) for name in names)
        raise CourseError(f"{option} must be one of its names", f"{value!r}", f"use {known}") from None
