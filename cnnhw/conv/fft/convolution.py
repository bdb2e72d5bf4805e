"""conv_fft: to the frequency domain, one matrix product per frequency, and back."""

from collections.abc import Iterator

import numpy as np

from cnnhw.conv.arguments import checked
from cnnhw.conv.fft.error import check_whole_numbers
from cnnhw.conv.fft.kept import LIBRARY, KeptSpectra, check_fits, check_real, transformed
from cnnhw.conv.fft.products import product_named
from cnnhw.conv.fft.tiles import Tiling, tiling
from cnnhw.errors import CourseError
from cnnhw.shape import LayerShape

BLOCK_WORDS = 2**24  # of spectra at a time, 64 MB in float32: chosen so that a batch does not fill the memory


def conv_fft(
    ifmap: np.ndarray,
    filters: np.ndarray | KeptSpectra,
    U=1,
    P=0,
    G: int = 1,
    D=1,
    *,
    tile: int | tuple[int, int] | None = None,
    product: str | None = None,
    transform=None,
) -> np.ndarray:
    """Convolve by multiplying spectra: at each frequency, all channels and filters are one matrix product.

    ifmap      (N, C, H, W), real numbers
    filters    (M, C/G, R, S), or what `keep` made of them
    U, P, G    stride, zero padding on each side, groups
    D          dilation: zeros between filter words are transformed, too
    tile       ifmap words in a tile, one number or (rows, columns), whose psums are then overlapped and
               added; None transforms the whole ifmap at once
    product    "direct" (4 multiplications for a complex one, the default) or "gauss" (3)
    transform  NumPy's real FFT unless given, such as PlainTransform()
    returns    ofmap (N, M, E, F) as conv_loops; whole numbers come out exact, float32 stays float32
    raises     ShapeError as conv_loops; CourseError for a tile of no words, numbers that are not real, kept
               spectra of another size, or whole numbers so large that their error might reach one half
    source     TALK slide 26; overlap-add: Oppenheim and Schafer, Discrete-Time Signal Processing, section 8.7

    A stride saves nothing: the psums of stride 1 all appear, and every U-th is kept. `error_bound` says how
    far a word can be from the exact one.

    >>> conv_fft(np.arange(12).reshape(1, 1, 3, 4), np.ones((1, 1, 2, 2), int))[0, 0]
    array([[10, 14, 18],
           [26, 30, 34]])
    """
    kept = filters if isinstance(filters, KeptSpectra) else None
    ifmap, words, shape = checked(ifmap, filters if kept is None else kept.filters, U, P, G, D)
    check_real("ifmap and filters", words)
    if kept is None:
        kept = transformed(words, shape, tile, product or "direct", transform or LIBRARY)
    else:
        _check_options(tile, product, transform)
    cut = tiling(shape, kept.tile)
    check_fits(kept, words, cut.points)
    if ifmap.dtype == np.int64:
        check_whole_numbers(ifmap, words, shape, cut)
    blocks = [_convolved(ifmap[block], kept, shape, cut) for block in _blocks(shape, cut)]
    ofmap = np.concatenate(blocks)
    return np.rint(ofmap).astype(np.int64) if words.dtype == np.int64 and ofmap.dtype != object else ofmap


def images_at_once(shape: LayerShape, cut: Tiling) -> int:
    """How many images of the batch share one pass, so that their spectra stay within BLOCK_WORDS."""
    spectrum = 2 * cut.frequencies * cut.tiles * max(shape.C, shape.M)
    return min(shape.N, max(1, BLOCK_WORDS // spectrum))


def _blocks(shape: LayerShape, cut: Tiling) -> Iterator[slice]:
    step = images_at_once(shape, cut)
    return (slice(start, start + step) for start in range(0, shape.N, step))


def _convolved(ifmap: np.ndarray, kept: KeptSpectra, shape: LayerShape, cut: Tiling) -> np.ndarray:
    """Convolve some images of the batch with kept filters."""
    spectra = kept.transform.of_ifmap(_tiles(ifmap, shape, cut), cut.points)
    products = product_named(kept.product).matmul(spectra, kept.spectra)
    psums = kept.transform.to_psums(products, cut.points)
    down, across, made = cut.rows.tiles, cut.columns.tiles, shape.made
    psums = psums.reshape(*cut.points, shape.G, len(ifmap), down, across, made)
    dtype = np.float64 if ifmap.dtype == np.int64 else ifmap.dtype
    return _overlap_add(psums, shape, cut, psums.dtype if psums.dtype == object else dtype)


def _tiles(ifmap: np.ndarray, shape: LayerShape, cut: Tiling) -> np.ndarray:
    """Cut (N, C, H, W) into (tile rows, tile columns, G, N * tiles, C/G): one matrix for each frequency."""
    rows, columns = cut.rows, cut.columns
    fill = (rows.tiles * rows.tile - shape.H, columns.tiles * columns.tile - shape.W)
    filled = np.pad(ifmap, ((0, 0), (0, 0), (0, fill[0]), (0, fill[1])))
    seen = shape.seen
    cells = filled.reshape(-1, shape.G, seen, rows.tiles, rows.tile, columns.tiles, columns.tile)
    matrix = cells.transpose(4, 6, 1, 0, 3, 5, 2)
    return matrix.reshape(rows.tile, columns.tile, shape.G, -1, seen)


def _overlap_add(psums: np.ndarray, shape: LayerShape, cut: Tiling, dtype) -> np.ndarray:
    """Put the psums (rows, columns, G, N, tiles down, tiles across, M/G) of every tile in their place."""
    N, made = psums.shape[3], psums.shape[-1]
    ofmap = np.zeros((shape.E, shape.F, shape.G, N, made), dtype=dtype)
    for i, (e, rows) in enumerate(cut.rows.places()):
        for j, (f, columns) in enumerate(cut.columns.places()):
            own = psums[rows, columns, :, :, i, j].astype(dtype, copy=False)
            ofmap[e, f] = own if cut.tiles == 1 else ofmap[e, f] + own
    return np.ascontiguousarray(ofmap.transpose(3, 2, 4, 0, 1)).reshape(N, shape.M, shape.E, shape.F)


def _check_options(tile, product, transform) -> None:
    if not (tile is None and product is None and transform is None):
        raise CourseError(
            "kept spectra have their tile and product from keep",
            f"tile={tile!r}, product={product!r} beside kept spectra",
            "leave these options out, or pass the filters themselves",
        )
