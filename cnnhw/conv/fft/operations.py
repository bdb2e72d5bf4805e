"""What conv_fft does for a layer: transforms, one complex matrix product per frequency, overlap-add."""

from dataclasses import replace

from cnnhw.conv.fft.convolution import images_at_once
from cnnhw.conv.fft.plain import inverse_operations, plane_operations
from cnnhw.conv.fft.products import product_named
from cnnhw.conv.fft.tiles import Tiling, tiling
from cnnhw.conv.operations import Operations
from cnnhw.shape import LayerShape


def fft_operations(
    shape: LayerShape, tile: int | tuple[int, int] | None = None, product: str = "direct"
) -> Operations:
    """Count the operations of conv_fft.

    shape    any LayerShape
    tile     as in conv_fft
    product  as in conv_fft
    returns  Operations, the sum of
             transforms   N*C*tiles forward and N*M*tiles back, as plane_operations and inverse_operations
                          count; M*C/G forward for the filters, and R*S multiplications each to scale them
             products     at each of rows * (columns // 2 + 1) frequencies and G groups, an (N*tiles, C/G) by
                          (C/G, M/G) complex matrix product: 4 multiplications a complex one, or 3 by Gauss
             overlap-add  an addition for each psum added into the ofmap, the first to 0; none if one tile
    raises   CourseError for a tile of no words or an unknown product

    Products and sums are exact whichever transform is used. The transforms are those of PlainTransform,
    counted exactly; NumPy's own differs a little and cannot be counted from outside.

    >>> layer = LayerShape(M=64, C=64, H=56, R=7, P=3)
    >>> 2 * layer.macs // fft_operations(layer).total           # the loops do 2 * macs: 17 times as many
    17
    """
    cut = tiling(shape, tile)
    back = inverse_operations(cut.points).repeated(shape.N * shape.M * cut.tiles)
    forward = plane_operations(cut.rows.tile, cut.points).repeated(shape.N * shape.C * cut.tiles)
    added = Operations(additions=shape.N * shape.M * cut.sums)
    every_inference = forward + _products(shape, cut, product) + back + added
    once = _filters(shape, cut)
    return replace(
        every_inference,
        filter_multiplications=every_inference.filter_multiplications + once.multiplications,
        filter_additions=every_inference.filter_additions + once.additions,
        workspace_words=_workspace(shape, cut),
    )


def _products(shape: LayerShape, cut: Tiling, product: str) -> Operations:
    count = product_named(product).operations
    at_one_frequency = count(shape.N * cut.tiles, shape.seen, shape.made)
    return at_one_frequency.repeated(cut.frequencies * shape.G)


def _filters(shape: LayerShape, cut: Tiling) -> Operations:
    down, across = cut.rows.filter, cut.columns.filter
    plane = Operations(multiplications=down * across) + plane_operations(down, cut.points)
    return plane.repeated(shape.M * shape.seen)


def _workspace(shape: LayerShape, cut: Tiling) -> int:
    """Spectra of the ifmap or of the ofmap, whichever are more, for the images that share a pass."""
    return images_at_once(shape, cut) * cut.tiles * max(shape.C, shape.M) * 2 * cut.frequencies
