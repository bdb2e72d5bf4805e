"""What notebook 05's exercises ask for, right and wrong in the ways that students get it wrong."""

import numpy as np

from cnnhw.conv.strassen import error_bound


def gauss(a, b, c, d):
    """Right: k1, k2, k3 and the two parts of (a + bi) @ (c + di)."""
    k1, k2, k3 = (a + b) @ c, a @ (d - c), b @ (c + d)
    return k1, k2, k3, k1 - k3, k1 + k2


def gauss_difference_turned(a, b, c, d):
    """Wrong: c - d for d - c."""
    k1, k2, k3 = (a + b) @ c, a @ (c - d), b @ (c + d)
    return k1, k2, k3, k1 - k3, k1 + k2


def gauss_parts_swapped(*parts):
    """Wrong: the imaginary part first."""
    k1, k2, k3, real, imaginary = gauss(*parts)
    return k1, k2, k3, imaginary, real


def gauss_sign_lost(*parts):
    """Wrong: k1 + k3."""
    k1, k2, k3, _, imaginary = gauss(*parts)
    return k1, k2, k3, k1 + k3, imaginary


def gauss_of_others(a, b, c, d):
    """Wrong: the formula of another three, which gives the right parts."""
    k1, k2, k3 = a @ c, b @ d, (a + b) @ (c + d)
    return k1, k2, k3, k1 - k2, k3 - k1 - k2


def quarters(matrix):
    """Cut a matrix with even sides into its four blocks."""
    rows, columns = (size // 2 for size in matrix.shape)
    return matrix[:rows, :columns], matrix[:rows, columns:], matrix[rows:, :columns], matrix[rows:, columns:]


def products(a, b):
    """Right: Strassen's seven products of blocks."""
    (A11, A12, A21, A22), (B11, B12, B21, B22) = quarters(a), quarters(b)
    return (
        (A11 + A22) @ (B11 + B22),
        (A21 + A22) @ B11,
        A11 @ (B12 - B22),
        A22 @ (B21 - B11),
        (A11 + A12) @ B22,
        (A21 - A11) @ (B11 + B12),
        (A12 - A22) @ (B21 + B22),
    )


def put_together(M1, M2, M3, M4, M5, M6, M7):
    """Right: C from the seven products."""
    return np.block([[M1 + M4 - M5 + M7, M3 + M5], [M2 + M4, M1 - M2 + M3 + M6]])


def one_level(a, b):
    """Right: the seven products, stacked, and C."""
    seven = products(a, b)
    return np.stack(seven), put_together(*seven)


def level_with(change):
    """Make a one_level whose seven products are changed before C is put together from them."""

    def mistaken(a, b):
        seven = change(*products(a, b))
        return np.stack(seven), put_together(*seven)

    return mistaken


def level_m7_forgotten(a, b):
    """Wrong: C11 = M1 + M4 - M5."""
    seven, c = one_level(a, b)
    rows, columns = seven.shape[1:]
    c = c.copy()
    c[:rows, :columns] -= seven[6]
    return seven, c


def level_middle_swapped(a, b):
    """Wrong: C12 and C21 in each other's place."""
    seven, c = one_level(a, b)
    (C11, C12, C21, C22) = quarters(c)
    return seven, np.block([[C11, C21], [C12, C22]])


def peeled(n, leaf):
    """Right: multiplications of an n x n product that peels off what is odd."""
    if n <= leaf:
        return n**3
    even = n // 2 * 2
    edge = 0 if even == n else even * even + n * n + n * even
    return 7 * peeled(n // 2, leaf) + edge


def peeled_once(n, leaf):
    """Wrong: a level's edges are counted once, not in each of its products."""
    products, edges = 1, 0
    while n > leaf:
        edges += (n % 2) * ((n - 1) ** 2 + n * n + n * (n - 1))
        products, n = 7 * products, n // 2
    return products * n**3 + edges


def peeled_below_the_leaf(n, leaf):
    """Wrong: n = leaf is split."""
    return peeled(n, max(leaf - 1, 1))


def padded(n, leaf):
    """Wrong: odd sizes are padded."""
    return n**3 if n <= leaf else 7 * padded(-(-n // 2), leaf)


def peeled_free(n, leaf):
    """Wrong: rows and columns peeled off cost nothing."""
    return n**3 if n <= leaf else 7 * peeled_free(n // 2, leaf)


def peeled_at_the_top(n, leaf):
    """Wrong: only the first level peels."""
    if n <= leaf:
        return n**3
    return 7 * peeled_free(n // 2, leaf) + peeled(n, leaf) - 7 * peeled(n // 2, leaf)


def peeled_three_squares(n, leaf):
    """Wrong: three edges of n * n each."""
    return n**3 if n <= leaf else 7 * peeled_three_squares(n // 2, leaf) + 3 * n * n * (n % 2)


def smallest_win(mult, add, sums):
    """Right: the smallest even n at which one level of Strassen costs less energy."""
    return smallest_even(lambda n: one_level_energy(n, mult, add, sums) < direct_energy(n, mult, add))


def smallest_even(wins):
    """The smallest even n with wins(n); 0 if there is none below 10,000."""
    return next((n for n in range(2, 10_000, 2) if wins(n)), 0)


def direct_energy(n, mult, add):
    """Energy of the definition."""
    return n * n * (n * mult + (n - 1) * add)


def one_level_energy(n, mult, add, sums):
    """Energy of seven products of halves and the block sums."""
    half = n // 2
    return 7 * direct_energy(half, mult, add) + sums * half * half * add


def win_as_if(cost):
    """Make a smallest_win with another cost of one level: cost(n, mult, add, sums)."""

    def mistaken(mult, add, sums):
        return smallest_even(lambda n: cost(n, mult, add, sums) < direct_energy(n, mult, add))

    return mistaken


def win_of_doubled_sizes(mult, add, sums):
    """Wrong: only powers of two are tried."""
    n = 2
    while one_level_energy(n, mult, add, sums) >= direct_energy(n, mult, add):
        n *= 2
    return n


def win_with_n_additions(mult, add, sums):
    """Wrong: n additions in a sum of n products, on both sides."""

    def direct(n):
        return n**3 * (mult + add)

    return smallest_even(lambda n: 7 * direct(n // 2) + sums * (n // 2) ** 2 * add < direct(n))


def is_odd_product(sizes):
    """The whole rule, by recursions of its own."""
    M, K, N = sizes
    if len({M, K, N}) < 3 or not all(0 < size <= 1000 and size % 2 == 1 for size in sizes):
        return False
    peel, pad = peeled_product(M, K, N), padded_product(M, K, N)
    return peel <= 0.78 * M * K * N and pad >= 1.04 * peel and error_bound(M, K, N, leaf=32) <= 60_000


def peeled_product(M, K, N):
    """Multiplications of a product that peels, down to a side of 32."""
    if min(M, K, N) <= 32:
        return M * K * N
    m, k, n = M // 2, K // 2, N // 2
    return 7 * peeled_product(m, k, n) + M * K * N - 8 * m * k * n


def padded_product(M, K, N):
    """Multiplications of a product that pads, down to a side of 32."""
    if min(M, K, N) <= 32:
        return M * K * N
    return 7 * padded_product(-(-M // 2), -(-K // 2), -(-N // 2))


def nearby_sizes():
    """Sizes on both sides of each limit, and what is no size."""
    sizes = [(M, K, N) for M in (65, 131, 137, 993) for K in (65, 67, 73, 75, 77) for N in (129, 145, 997)]
    return [*sizes, (145, 69, 137), (69, 137, 145), (137, 69, -145), (137, 69, 1001)]
