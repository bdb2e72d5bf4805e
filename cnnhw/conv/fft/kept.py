"""Filters taken to the frequency domain once, to be used for many ifmaps."""

from dataclasses import dataclass

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.fft.products import product_named
from cnnhw.conv.fft.tiles import tiling
from cnnhw.conv.fft.transforms import LibraryTransform
from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape

LIBRARY = LibraryTransform()


@dataclass(frozen=True, eq=False, repr=False)
class KeptSpectra:
    """Filters and their spectra; conv_fft takes it in the place of filters.

    filters    (M, C/G, R, S), the words as they were
    spectra    (rows, columns // 2 + 1, G, C/G, M/G), ready for the product
    points     (rows, columns) of the transform
    tile       as keep was told
    product    name of the complex product they are ready for
    transform  what made them
    """

    filters: np.ndarray
    spectra: object
    points: tuple[int, int]
    tile: int | tuple[int, int] | None
    product: str
    transform: object

    def __repr__(self) -> str:
        rows, columns = self.points
        return f"KeptSpectra of {self.filters.shape} filters at {rows}x{columns} points"


def keep(
    filters: np.ndarray, H: int, W: int | None = None, P=0, G: int = 1, D=1, *, tile=None, product="direct"
) -> KeptSpectra:
    """Transform filters once: at inference they never change.

    filters  (M, C/G, R, S), real numbers
    H, W     rows and columns of the ifmaps to come; W defaults to H; in tiles, larger ones fit as well
    P, G, D  zero padding, groups and dilation of the layer; any stride will do
    tile     as in conv_fft
    product  as in conv_fft
    returns  KeptSpectra: M * C/G * rows * (columns // 2 + 1) complex words
    raises   ShapeError and CourseError as conv_fft does

    >>> keep(np.ones((4, 3, 5, 5)), H=20, P=2, tile=8)
    KeptSpectra of (4, 3, 5, 5) filters at 12x12 points
    """
    axes = _ifmap_axes(filters, H, W, P, G, D)
    ifmap = np.broadcast_to(np.int8(0), axes)  # int8 changes no filter's dtype
    _, filters, shape = checked(ifmap, filters, 1, P, G, D)
    check_real("filters", filters)
    return transformed(filters, shape, tile, product, LIBRARY)


def transformed(filters: np.ndarray, shape: LayerShape, tile, product: str, transform) -> KeptSpectra:
    """Do what keep does with arguments that are already checked."""
    points = tiling(shape, tile).points
    seen, made = shape.seen, shape.made
    grouped = _spread(filters, shape).reshape(shape.G, made, seen, shape.rows.window, shape.columns.window)
    # A convolution in the frequency domain flips the filter; flipped before, it comes out as it was.
    words = np.ascontiguousarray(grouped[..., ::-1, ::-1].transpose(3, 4, 0, 2, 1))
    spectra = transform.of_filters(words, points)
    ready = product_named(product).ready(spectra)
    return KeptSpectra(filters, ready, points, tile, product, transform)


def _spread(filters: np.ndarray, shape: LayerShape) -> np.ndarray:
    """Put zeros between the words of dilated filters: a transform knows no holes."""
    if shape.D == 1:
        return filters
    spread = np.zeros((*filters.shape[:2], shape.rows.window, shape.columns.window), filters.dtype)
    spread[:, :, :: shape.rows.D, :: shape.columns.D] = filters
    return spread


def check_fits(kept: KeptSpectra, filters: np.ndarray, points: tuple[int, int]) -> None:
    """Refuse an ifmap whose size or number type is not the one the spectra were kept for."""
    if filters.dtype != kept.filters.dtype:
        raise CourseError(
            "kept filters and the ifmap hold numbers of one type",
            f"filters kept as {kept.filters.dtype}, and an ifmap that makes them {filters.dtype}",
            f"keep filters.astype({filters.dtype}), or convert the ifmap",
        )
    if points != kept.points:
        raise CourseError(
            "kept spectra fit ifmaps of the size they were made for",
            f"spectra of {_times(kept.points)} points, and an ifmap that needs {_times(points)}",
            "call keep again with this H, W and P",
        )


def check_real(name: str, words: np.ndarray) -> None:
    """Refuse what a real FFT cannot take."""
    if words.dtype.kind in "cO":
        raise CourseError(
            "conv_fft convolves real numbers that the machine's arithmetic knows",
            f"{name} of dtype {words.dtype}",
            "use conv_windows for complex or exact numbers, or convert them, as in words.astype(float)",
        )


def _ifmap_axes(filters, H: int, W: int | None, P, G: int, D) -> tuple[int, int, int, int]:
    """The axes of an ifmap for these filters; of any, where `checked` will refuse the filters themselves."""
    try:
        M, seen, R, S = np.shape(filters)
    except ValueError:  # rows of different lengths, or not four axes
        return 1, 1, 1, 1
    if 0 in (M, seen, R, S):
        return 1, 1, 1, 1
    channels = seen * G if isinstance(G, int) and G > 0 else seen  # LayerShape refuses any other G
    shape = LayerShape(M=M, C=channels, H=H, W=W, R=R, S=S, P=P, G=G, D=D)
    return 1, shape.C, shape.H, shape.W


def _times(points: tuple[int, int]) -> str:
    return f"{points[0]}x{points[1]}"
