"""Why the exact counts of a nest are not the paper's closed form: each reason with its number of words.

A reason is worked out here from the layer and the parameters alone, never as what is left over; so that
published + reasons = exact is a test of both. Where a reason is missing, compare() shows what is left.
"""

from collections.abc import Iterator

from cnnhw.dataflows import reasons as why
from cnnhw.dataflows.dataflow import FILTER, IFMAP, PSUM, Dataflow, Room
from cnnhw.dataflows.differences_rs import row_stationary
from cnnhw.dataflows.no_local_reuse import NoLocalReuse
from cnnhw.dataflows.output_stationary import (
    ManyChannelsManyPixels,
    ManyChannelsOnePixel,
    OneChannelManyPixels,
    row_chunk,
    window_chunk,
)  # fmt: skip
from cnnhw.dataflows.reasons import Reason
from cnnhw.dataflows.row_stationary import RowStationary
from cnnhw.dataflows.sizes import Sizes, chunks
from cnnhw.dataflows.strips import nested_chunks, positions, shared_words, strip_sum
from cnnhw.dataflows.weight_stationary import WeightStationary, images_in_buffer


def reasons(dataflow: Dataflow, z: Sizes, room: Room, parameters: dict) -> list[Reason]:
    """Give the reasons why the exact counts of a dataflow's nest differ from the published form.

    dataflow, parameters  as of a Plan
    z                     sizes of the layer
    room                  of the machine, as it was given to the nest
    returns               Reasons, those of 0 words left out; ifmap padding stored, first psums not read
    """
    found = _OF.get(type(dataflow), dataflow.reasons)(z, room, **parameters)
    return [reason._replace(words=float(reason.words)) for reason in found if abs(reason.words) > 1e-6]


def _weight_stationary(z: Sizes, room: Room, *, r, t, f) -> Iterator[Reason]:
    o, passes, fetches = z.ofmap_words, chunks(z.C, r), chunks(z.M, t)
    n = images_in_buffer(z, room, r, t)
    lots = chunks(z.N, n or z.N) if passes > 1 else 1
    image = positions(z.E, z.R, z.U) * positions(z.F, z.S, z.U)
    windows = z.ifmap_planes * z.E * z.F * z.R * z.S * fetches
    paper = z.ifmap_planes * z.rows_moved(z.E) * fetches
    yield Reason("DRAM", FILTER, z.filter_words * (lots - 1), why.BATCHES)
    yield Reason("NoC", FILTER, z.filter_words * lots, why.DELIVERED)
    yield Reason("DRAM", IFMAP, paper * (z.columns_moved(z.F) - z.columns_moved(f)), why.NO_STRIPS)
    if n:
        yield Reason(
            "DRAM", IFMAP, z.ifmap_planes * image * fetches - paper * z.columns_moved(z.F), why.UNREACHED
        )
        if passes == 1 and n >= z.N:
            yield Reason("DRAM", IFMAP, -z.ifmap_planes * image * (fetches - 1), why.STAYS)
        yield Reason("GLB", IFMAP, windows, why.PIXELS)
    else:
        yield Reason("DRAM", IFMAP, windows - paper * z.columns_moved(z.F), why.NO_ROOM)
    yield Reason("GLB", PSUM, -2 * o * passes * (z.R - 1), why.ONE_STEP)
    yield Reason("GLB", PSUM, o, why.THROUGH)
    yield Reason("NoC", PSUM, o * passes * (z.R - 1), why.ONE_STEP)
    yield Reason("NoC", PSUM, o * (passes - 1), why.RETURNS)


def _one_channel_many_pixels(z: Sizes, room: Room, *, m, n, e, f) -> Iterator[Reason]:
    yield from _slides(z, e, f, n, chunks(z.M, m))
    rows, columns = (max(1, size) for size in window_chunk(z, room))
    tiles = strip_sum(z.E, e, z.R, z.R, z.U) * strip_sum(z.F, f, z.S, z.S, z.U)
    parts = strip_sum(z.E, e, z.R, rows, z.U) * strip_sum(z.F, f, z.S, columns, z.U)
    paper = z.rows_moved(e) * z.columns_moved(f)
    yield Reason("GLB", IFMAP, z.ifmap_planes * z.M * (tiles - paper), why.STRIPS)
    yield Reason("GLB", IFMAP, z.ifmap_planes * z.M * (parts - tiles), why.PARTS)
    if z.C == 1 and window_chunk(z, room) == (z.R, z.S):
        again = z.M - chunks(z.M, m)
        yield Reason("GLB", IFMAP, -z.ifmap_planes * parts * again, why.STAYS_IN_RF)
        yield Reason("NoC", IFMAP, -z.ifmap_planes * z.E * z.F * z.R * z.S * again, why.STAYS_IN_RF)
    yield from _psum_in_place(z, keeps_pixels=room.rf_words > 1)


def _many_channels_many_pixels(z: Sizes, room: Room, *, m, n, p, f) -> Iterator[Reason]:
    yield from _slides(z, 1, f, n, chunks(z.M, m))
    planes, kept = z.ifmap_planes * z.R * z.E, max(1, row_chunk(z, room))
    whole, parts = (strip_sum(z.F, f, z.S, part, z.U) for part in (z.S, kept))
    fetches = nested_chunks(z.M, m, p)
    yield Reason("GLB", IFMAP, planes * (whole - z.columns_moved(f)) * chunks(z.M, p), why.STRIPS)
    yield Reason("GLB", IFMAP, planes * whole * (fetches - chunks(z.M, p)), why.NESTED)
    yield Reason("GLB", IFMAP, planes * (parts - whole) * fetches, why.PARTS)
    yield from _psum_in_place(z, keeps_pixels=room.rf_words > 1)


def _many_channels_one_pixel(z: Sizes, room: Room, *, m, n, p) -> Iterator[Reason]:
    yield from _slides(z, 1, 1, n, chunks(z.M, m))
    windows = z.ifmap_planes * z.R * z.S * z.E * z.F
    yield Reason("GLB", IFMAP, windows * (nested_chunks(z.M, m, p) - chunks(z.M, p)), why.NESTED)
    yield from _psum_in_place(z, keeps_pixels=False)


def _no_local_reuse(z: Sizes, room: Room, *, n, m, p, q, e, f) -> Iterator[Reason]:
    o, fetches, passes = z.ofmap_words, chunks(z.M, m), chunks(z.C, q)
    entries, refills = passes * z.R * z.S, chunks(z.N, n) * chunks(z.E, e) * chunks(z.F, f)
    tiles = z.ifmap_planes * strip_sum(z.E, e, z.R, z.R, z.U) * strip_sum(z.F, f, z.S, z.S, z.U)
    paper = z.ifmap_planes * z.rows_moved(e) * z.columns_moved(f)
    yield Reason("DRAM", IFMAP, (tiles - paper) * fetches, why.STRIPS)
    if passes == 1:
        yield Reason("DRAM", IFMAP, -tiles * (fetches - 1), why.STAYS)
        shared, _ = shared_words((z.E, e, z.R), (z.F, f, z.S), z.U)
        yield Reason("DRAM", IFMAP, -z.ifmap_planes * shared, why.SLIDES)
    if passes * fetches == 1:
        yield Reason("DRAM", FILTER, -z.filter_words * (refills - 1), why.STAYS)
    windows = z.ifmap_planes * z.R * z.S * z.E * z.F
    yield Reason("GLB", IFMAP, windows * (nested_chunks(z.M, m, p) - chunks(z.M, p)), why.NESTED)
    yield Reason("GLB", PSUM, o, why.THROUGH)
    yield Reason("NoC", FILTER, z.macs, why.DELIVERED)
    yield Reason("NoC", PSUM, o * (entries - 1), why.RETURNS)


def _slides(z: Sizes, e: int, f: int, n: int, fetches: int) -> Iterator[Reason]:
    """DRAM reads of the ifmap: tiles of e x f pixels, all channels, once for each lot of filters."""
    tiles = strip_sum(z.E, e, z.R, z.R, z.U) * strip_sum(z.F, f, z.S, z.S, z.U)
    paper = z.rows_moved(e) * z.columns_moved(f)
    shared, around = shared_words((z.E, e, z.R), (z.F, f, z.S), z.U)
    turns = (
        fetches - 1 if n >= z.N else 0
    )  # the next filters meet the images that are there, if those are all
    yield Reason("DRAM", IFMAP, z.ifmap_planes * fetches * (tiles - paper), why.STRIPS)
    yield Reason("DRAM", IFMAP, -z.ifmap_planes * (fetches * shared + turns * around), why.SLIDES)


def _psum_in_place(z: Sizes, keeps_pixels: bool) -> Iterator[Reason]:
    """What the output stationary dataflows have in common."""
    yield Reason("RF", PSUM, z.ofmap_words, why.FIRST_WRITE)
    yield Reason("RF", IFMAP, z.macs if keeps_pixels else 0, why.WAITS)


_OF = {
    RowStationary: row_stationary,
    WeightStationary: _weight_stationary,
    OneChannelManyPixels: _one_channel_many_pixels,
    ManyChannelsManyPixels: _many_channels_many_pixels,
    ManyChannelsOnePixel: _many_channels_one_pixel,
    NoLocalReuse: _no_local_reuse,
}
