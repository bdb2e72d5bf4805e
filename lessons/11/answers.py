"""What notebook 11's exercises ask for, right and wrong in the ways that students get it wrong."""

from functools import cache
from math import ceil

import numpy as np

from cnnhw.checks import second_way
from cnnhw.checks.opens.n11 import _FC7
from cnnhw.chips import isca16
from cnnhw.experiments.isca2016 import sweep
from cnnhw.machine.area import AREA_PER_BYTE
from cnnhw.networks import alexnet

_SIZES, _PER_BYTE = list(AREA_PER_BYTE), list(AREA_PER_BYTE.values())
_LARGE = _PER_BYTE[-1]  # um2 per byte of every memory from 4096 bytes on


def largest_batch() -> int:
    """Right: images whose psums of one CONV1 channel fit the GLB of WS with 256 PEs."""
    conv1 = alexnet().layers["CONV1"]
    return isca16("WS", 256).words("GLB") // (conv1.E * conv1.F)


def area(size: float) -> float:
    """um2 of a memory of `size` bytes."""
    return size * float(np.interp(size, _SIZES, _PER_BYTE))


def glb_bytes(pes, rf_bytes):
    """Right: ISCA 2016, equation 2, for a GLB of 4096 bytes or more."""
    return (pes * area(512) + area(pes * 512) - pes * area(rf_bytes)) / _LARGE


def glb_one_rf(pes, rf_bytes):
    """Wrong: one RF's area for all."""
    return (area(512) + area(pes * 512) - area(rf_bytes)) / _LARGE


def glb_byte_for_byte(pes, rf_bytes):
    """Wrong: a byte less in the RFs is a byte more in the GLB."""
    return pes * 512 + pes * (512 - rf_bytes)


def glb_areas_interpolated(pes, rf_bytes):
    """Wrong: straight lines between areas, not between areas per byte."""
    rf = float(np.interp(rf_bytes, _SIZES, np.array(_SIZES) * _PER_BYTE))
    return (pes * area(512) + area(pes * 512) - pes * rf) / _LARGE


def glb_without_budget(pes, rf_bytes):
    """Wrong: the budget has no RFs."""
    return (area(pes * 512) + pes * area(rf_bytes)) / _LARGE


def ws_words(N, M, C, E, R, U, r, t, f):
    """Right: words of WS on a square layer of one group; DRAM i f p, GLB p, NoC i p, RF f."""
    return _ws(N, M, C, E, R, U, chunks_c=ceil(C / r), chunks_m=ceil(M / t), f=f, width=U * f + R - U)


def ws_fractions(N, M, C, E, R, U, r, t, f):
    """Wrong: C/r and M/t are not rounded up."""
    return _ws(N, M, C, E, R, U, chunks_c=C / r, chunks_m=M / t, f=f, width=U * f + R - U)


def ws_no_halo(N, M, C, E, R, U, r, t, f):
    """Wrong: strips of U*f columns."""
    return _ws(N, M, C, E, R, U, chunks_c=ceil(C / r), chunks_m=ceil(M / t), f=f, width=U * f)


def ws_swapped(N, M, C, E, R, U, r, t, f):
    """Wrong: t goes with C, r with M."""
    return _ws(N, M, C, E, R, U, chunks_c=ceil(C / t), chunks_m=ceil(M / r), f=f, width=U * f + R - U)


def ws_read_only(*sizes):
    """Wrong: psums are read from the GLB and never written."""
    words = list(ws_words(*sizes))
    words[3] /= 2
    return tuple(words)


def ws_all_hops(N, M, C, E, R, U, r, t, f):
    """Wrong: every product hops, the ones that meet their psum at the GLB too."""
    words = list(ws_words(N, M, C, E, R, U, r, t, f))
    words[5] = N * M * C * E * E * R * R
    return tuple(words)


def _ws(N, M, C, E, R, U, *, chunks_c, chunks_m, f, width):
    psums, macs, entries = N * M * E * E, N * M * C * E * E * R * R, chunks_c * R
    H = U * (E - 1) + R
    return (
        N * C * H * E / f * width * chunks_m,
        M * C * R * R,
        psums,
        2 * psums * (entries - 1),
        macs,
        psums * (C * R * R - entries),
        macs,
    )


def best_os_c(N, M, C, R, E, Q, J):
    """Right: (least energy, most active PEs among the plans that have it), all in whole numbers."""
    return _search(N, M, C, R, E, fits=lambda m, n, p: (m + n) * C * R * R <= Q and n * p <= J and p <= m)


def best_of_the_first(N, M, C, R, E, Q, J):
    """Wrong: of equal plans the first."""
    return _search(
        N, M, C, R, E, lambda m, n, p: (m + n) * C * R * R <= Q and n * p <= J and p <= m, ties=min
    )


def best_without_pes(N, M, C, R, E, Q, J):
    """Wrong: as many PEs as one likes."""
    return _search(N, M, C, R, E, fits=lambda m, n, p: (m + n) * C * R * R <= Q and p <= m)


def best_without_windows(N, M, C, R, E, Q, J):
    """Wrong: only filters take room in the GLB."""
    return _search(N, M, C, R, E, fits=lambda m, n, p: m * C * R * R <= Q and n * p <= J and p <= m)


def best_with_free_p(N, M, C, R, E, Q, J):
    """Wrong: filters on the array that are not in the GLB."""
    return _search(N, M, C, R, E, fits=lambda m, n, p: (m + n) * C * R * R <= Q and n * p <= J)


def best_most_pes(N, M, C, R, E, Q, J):
    """Wrong: PEs first, energy second."""

    def fits(m, n, p):
        return (m + n) * C * R * R <= Q and n * p <= J and p <= m

    plans = [(-n * p, os_c_energy(N, M, C, R, E, m, n, p)) for m, n, p in _all(N, M) if fits(m, n, p)]
    active, least = min(plans)
    return least, -active


def os_c_energy(N, M, C, R, E, m, n, p) -> int:
    """Energy of OS_C on a square layer of one group, MACs included."""
    windows, weights, psums = N * C * R * R * E * E, M * C * R * R, N * M * E * E
    macs = psums * C * R * R
    dram = windows * ceil(M / m) + weights + psums
    glb = windows * ceil(M / p) + weights * ceil(N / n) * E * E
    return 200 * dram + 6 * glb + 2 * 2 * macs + 2 * psums * (C * R * R - 1) + macs


def _all(N: int, M: int):
    return ((m, n, p) for m in range(1, M + 1) for n in range(1, N + 1) for p in range(1, M + 1))


def _search(N, M, C, R, E, fits, ties=max) -> tuple[int, int]:
    plans = [(os_c_energy(N, M, C, R, E, m, n, p), n * p) for m, n, p in _all(N, M) if fits(m, n, p)]
    least = min(energy for energy, _ in plans)
    return least, ties(active for energy, active in plans if energy == least)


@cache
def _conv_ratios() -> dict[tuple[int, int], tuple[float, float]]:
    """(PEs, N) -> the smallest and the largest ratio to RS on AlexNet's CONV layers."""
    return {(bar.pes, bar.N): (bar.nearest, bar.farthest) for bar in sweep() if bar.kind == "CONV"}


def outside_the_claim(low: float = 1.4, high: float = 2.5, digits: int = 2):
    """Right: each (PEs, N) at which a ratio, rounded, is not between 1.40 and 2.50."""
    return tuple(
        setting
        for setting, (least, most) in _conv_ratios().items()
        if round(least, digits) < low or round(most, digits) > high
    )


def fc7_by_hand(loops) -> bool:
    """The whole rule of fc7_loops, from the counts alone."""
    machine, nest = isca16("RS", 256), second_way.made(loops, _FC7)
    counts = second_way.moved(nest, machine) if nest else None
    return counts is not None and second_way.price(counts, machine) < 17.95
