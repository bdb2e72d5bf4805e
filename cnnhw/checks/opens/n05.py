"""What the open exercises of notebook 05_gauss_and_strassen want: the rule itself, no answer."""

from cnnhw.checks.exercise import Open
from cnnhw.conv.strassen import error_bound, strassen_matmul_operations


def odd_sizes(sizes):
    """Whether these are three different odd numbers up to 1000."""
    whole = all(isinstance(size, int) and 1 <= size <= 1000 and size % 2 for size in sizes)
    return len(sizes) == 3 and whole and len(set(sizes)) == 3


def percentage(sizes):
    """Strassen's multiplications, in % of the definition's."""
    M, K, N = sizes
    return 100 * strassen_matmul_operations(M, K, N, leaf=32).multiplications / (M * K * N)


def saves(sizes):
    """Whether Strassen does at most 78 % of the multiplications of the definition."""
    return percentage(sizes) <= 78


def padding_costs(sizes):
    """Whether padding does at least 4 % more multiplications than peeling."""
    peel, pad = (
        strassen_matmul_operations(*sizes, leaf=32, odd=odd).multiplications for odd in ("peel", "pad")
    )
    return 100 * pad >= 104 * peel


def stays_precise(sizes):
    """Whether the error bound is at most 60,000 units."""
    return error_bound(*sizes, leaf=32) <= 60_000


def draw_multiplications(sizes):
    """Draw the multiplications of the definition, of peeling and of padding."""
    from cnnhw.pictures.charts.bars import bars

    M, K, N = sizes
    peel, pad = (
        strassen_matmul_operations(M, K, N, leaf=32, odd=odd).multiplications for odd in ("peel", "pad")
    )
    return bars({"definition": M * K * N, "peeling": peel, "padding": pad}, "multiplications")


NOTEBOOK = "05_gauss_and_strassen"


OPENS = (
    Open(
        name="odd_product",
        notebook=NOTEBOOK,
        points=3,
        rule="three odd sizes (M, K, N) within the limits, for strassen with leaf=32",
        wants=tuple,
        properties=(
            ("it is three different odd numbers up to 1000", odd_sizes),
            ("Strassen does at most 78 % of the multiplications", saves),
            ("padding does at least 4 % more of them than peeling", padding_costs),
            ("the error bound is at most 60,000 units", stays_precise),
        ),
        score=percentage,
        unit="% of the multiplications",
        bar=78,
        best=(76.93000368485335, "a search over every three odd sizes up to 1000"),
        draw=draw_multiplications,
        seconds=30.0,
    ),
)
