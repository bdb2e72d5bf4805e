"""How large a filter must be for the frequency domain to pay."""

from cnnhw.conv.fft.operations import fft_operations
from cnnhw.conv.loops import loops_operations
from cnnhw.shape import LayerShape


def crossover(
    H: int, M: int = 1, C: int = 1, N: int = 1, *, tile=None, product: str = "direct", kept: bool = True
) -> int | None:
    """Find the smallest odd filter for which conv_fft needs fewer operations than the loops.

    H        height and width of the ifmap and, with P = (R - 1) / 2, of the ofmap; stride 1
    M, C, N  filters, channels, batch
    tile     as in conv_fft
    product  as in conv_fft
    kept     whether the filters' spectra are kept, so that their transforms cost nothing
    returns  R, or None if no odd filter up to H wins

    >>> crossover(56, M=64, C=64), crossover(56)
    (3, 7)
    """
    for R in range(1, H + 1, 2):
        shape = LayerShape(N=N, M=M, C=C, H=H, R=R, P=(R - 1) // 2)
        fft = fft_operations(shape, tile, product)
        filters = 0 if kept else fft.filter_multiplications + fft.filter_additions
        if fft.total + filters < loops_operations(shape).total:
            return R
    return None
