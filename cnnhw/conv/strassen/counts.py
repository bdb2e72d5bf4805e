"""What Strassen's product costs: operations level by level, and the words it holds."""

from dataclasses import replace

from cnnhw.conv.operations import Operations
from cnnhw.conv.strassen.levels import PAD, PEEL, Sizes, padded_sizes, strassen_levels
from cnnhw.conv.strassen.schemes import Scheme, kind, scheme_named
from cnnhw.shape import LayerShape


def classical_operations(M: int, K: int, N: int) -> Operations:
    """Count the matrix product by its definition, which is also what a leaf costs.

    M, K, N  sizes of the matrices (M, K) and (K, N)
    returns  Operations: M*K*N multiplications and M*(K - 1)*N additions

    >>> classical_operations(2, 2, 2)
    Operations(multiplications=8, additions=4)
    """
    return Operations(multiplications=M * K * N, additions=M * (K - 1) * N)


def strassen_level_operations(
    M: int, K: int, N: int, *, leaf: int = 64, variant: str = "strassen", odd: str = PEEL
) -> tuple[Operations, ...]:
    """Count the operations of `strassen`, level by level.

    M, K, N  sizes
    leaf, variant, odd  as in `strassen`
    returns  one Operations for each level: its block sums, and the products of rows and columns that it
             peels off; then one for the products of all leaves
    raises   CourseError for options that `strassen` refuses

    Level l has 7**l products of equal sizes. Split into blocks of m x k and k x n, each takes
    5*m*k + 5*k*n + 8*m*n additions for the block sums, or 4, 4 and 7 in Winograd's variant.

    >>> strassen_level_operations(2, 2, 2, leaf=1)
    (Operations(additions=18), Operations(multiplications=7))
    """
    levels, scheme = strassen_levels(M, K, N, leaf=leaf, odd=odd), scheme_named(variant)
    sizes = padded_sizes((M, K, N), levels) if odd == PAD else (M, K, N)
    found = []
    for level in range(levels):
        here = _block_sums(scheme, sizes) + _peeled(sizes)
        found.append(here.repeated(7**level))
        sizes = tuple(size // 2 for size in sizes)
    return *found, classical_operations(*sizes).repeated(7**levels)


def strassen_matmul_operations(
    M: int, K: int, N: int, *, leaf: int = 64, variant: str = "strassen", odd: str = PEEL
) -> Operations:
    """Count the operations of `strassen`, all levels together.

    M, K, N  sizes
    leaf, variant, odd  as in `strassen`
    returns  Operations, exact; with even sizes (7/8)**levels of the multiplications of the definition. The
             workspace is the most words of sums and products alive at once, and padded copies of a and b
    raises   CourseError for options that `strassen` refuses

    >>> strassen_matmul_operations(2, 2, 2, leaf=1)
    Operations(multiplications=7, additions=18, workspace_words=9)
    """
    levels, scheme = strassen_levels(M, K, N, leaf=leaf, odd=odd), scheme_named(variant)
    total = sum(strassen_level_operations(M, K, N, leaf=leaf, variant=variant, odd=odd), Operations())
    sizes = padded_sizes((M, K, N), levels) if odd == PAD else (M, K, N)
    copies = sizes[0] * sizes[1] + sizes[1] * sizes[2] if sizes != (M, K, N) else 0
    return replace(total, workspace_words=copies + _most_alive(scheme, sizes, levels, result=0))


def strassen_operations(
    shape: LayerShape, *, leaf: int = 64, variant: str = "strassen", odd: str = PEEL
) -> Operations:
    """Count what conv_strassen does: one (M/G, K) by (K, E*F) product for each image and group, K = C/G*R*S.

    shape    any LayerShape
    leaf, variant, odd  as in `strassen`
    returns  Operations, exact; the workspace is the expanded ifmap and what `strassen` holds beside it
    raises   CourseError for options that `strassen` refuses

    >>> strassen_operations(LayerShape(M=64, C=32, H=10, R=3), leaf=32)       # 7/8 of 64 * 288 * 64
    Operations(multiplications=1032192, additions=1079296, filter_words=18432, workspace_words=34816)
    """
    sizes = shape.made, shape.ofmap_reuse, shape.E * shape.F
    one = strassen_matmul_operations(*sizes, leaf=leaf, variant=variant, odd=odd)
    every = one.repeated(shape.N * shape.G)
    expanded = shape.ofmap_reuse * shape.E * shape.F
    return replace(every, filter_words=shape.filter_words, workspace_words=every.workspace_words + expanded)


def _peeled(sizes: Sizes) -> Operations:
    """Count what _peel does."""
    M, K, N = sizes
    m, k, n = (size // 2 * 2 for size in sizes)
    count = Operations()
    if k < K:
        count += classical_operations(m, 1, n) + Operations(additions=m * n)
    if n < N:
        count += classical_operations(M, K, 1)
    if m < M:
        count += classical_operations(1, K, n)
    return count


def _block_sums(scheme: Scheme, sizes: Sizes) -> Operations:
    m, k, n = (size // 2 for size in sizes)
    of_a, of_b, of_products = scheme.sums
    return Operations(additions=of_a * m * k + of_b * k * n + of_products * m * n)


def _most_alive(scheme: Scheme, sizes: Sizes, levels: int, result: int) -> int:
    """The most words of sums and products alive at once; `result` words are made when the blocks are done."""
    if levels == 0:
        return result
    halves = m, k, n = tuple(size // 2 for size in sizes)
    words = {"A": m * k, "B": k * n, "C": m * n}
    inside = _most_alive(scheme, halves, levels - 1, result=m * n)
    alive, most = {}, 4 * m * n + result
    for step in scheme.steps:
        making = inside if step.sign == "@" else words[kind(step)]
        most = max(most, sum(alive.values()) + making)
        alive[step.name] = words[kind(step)]
        alive = {name: size for name, size in alive.items() if name not in scheme.spent[step.name]}
    return most
