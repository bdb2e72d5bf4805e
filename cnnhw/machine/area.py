"""Equal area: how much memory chips get when all of them cost the same silicon (ISCA 2016).

A chip that keeps little in its PEs may spend the area it saves there on a larger global buffer. So
chips with the same number of PEs and the same area for memory differ in where the memory is. Small memories
need more area for each byte than large ones: that is why 256 register files of 512 bytes, 128 kB in all,
take more area than the whole buffer of 128 kB.
"""

import numpy as np

from cnnhw.errors import CourseError

# Area per byte in um2 of a memory of that many bytes; straight lines between, 12.70 from 4096 bytes on.
# Source: Chen, Emer and Sze, ISCA 2016.
AREA_PER_BYTE = {
    2: 103.47,
    4: 172.07,
    8: 177.07,
    16: 169.89,
    32: 96.06,
    64: 59.15,
    128: 39.94,
    256: 27.48,
    512: 20.87,
    1024: 16.14,
    2048: 13.89,
    4096: 12.70,
}
# For each PE twice, once as its register file and once in the buffer. Source: ISCA 2016, equation 2.
BASE_BYTES = 512

_SIZES = np.array(list(AREA_PER_BYTE), dtype=float)
_PER_BYTE = np.array(list(AREA_PER_BYTE.values()))
_AREAS = _SIZES * _PER_BYTE


def memory_area(size_bytes: float) -> float:
    """Give the area of one memory.

    size_bytes  bytes in it, 0 or more
    returns     um2: size_bytes * area per byte; a memory below 2 bytes has the area per byte of 2 bytes
    raises      CourseError if size_bytes is below 0
    source      ISCA 2016

    >>> memory_area(512), memory_area(0)     # 512 * 20.87
    (10685.44, 0.0)
    """
    if not size_bytes >= 0:
        raise CourseError("a memory has 0 bytes or more", f"{size_bytes!r} bytes", "give a number from 0 on")
    return float(size_bytes * np.interp(size_bytes, _SIZES, _PER_BYTE))


def memory_bytes(area: float) -> float:
    """Give the bytes of the memory that takes an area: memory_area turned round.

    area     um2, 0 or more
    returns  bytes, on straight lines between the (area, bytes) points of the table; area / 12.70 above them
    raises   CourseError if area is below 0
    source   ISCA 2016

    At a size of the table it is the exact inverse. Between two of them it is a little off, because there
    memory_area follows a straight line of area per byte, not of area.

    >>> round(memory_bytes(10685.44))
    512
    """
    if not area >= 0:
        raise CourseError("a memory's area is 0 or more", f"{area!r} um2", "give a number from 0 on")
    if area >= _AREAS[-1]:
        return float(area / _PER_BYTE[-1])
    return float(np.interp(area, [0, *_AREAS], [0, *_SIZES]))


def equal_area(pes: int, rf_bytes: float) -> float:
    """Give the bytes of buffer that are left when every PE has a register file of rf_bytes.

    pes       number of PEs, J
    rf_bytes  bytes of register file in each; every dataflow of cnnhw.dataflows has its own
    returns   bytes: the memory for what is left of J * area(512) + area(J * 512) after J * area(rf_bytes)
    raises    CourseError if the register files alone take more than the area
    source    ISCA 2016, equation 2

    >>> [round(equal_area(256, rf_bytes) / 1024, 1) for rf_bytes in (512, 98, 2, 0)]
    [128.0, 243.9, 334.3, 338.3]
    """
    budget = pes * memory_area(BASE_BYTES) + memory_area(pes * BASE_BYTES)
    left = budget - pes * memory_area(rf_bytes)
    if left < 0:
        raise CourseError(
            "the register files may not take more than the area for all memory",
            f"{pes} register files of {rf_bytes} bytes, {-left:.0f} um2 too much",
            "use smaller register files",
        )
    return memory_bytes(left)
