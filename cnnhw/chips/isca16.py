"""The machines of ISCA 2016: one for each dataflow, all with memory of the same area."""

from cnnhw.dataflows import Dataflow, known
from cnnhw.errors import CourseError
from cnnhw.machine import Level, Machine
from cnnhw.machine.area import equal_area

WORD_BYTES = 2


def isca16(dataflow: str | Dataflow, pes: int = 256) -> Machine:
    """Give the machine on which ISCA 2016 runs a dataflow.

    dataflow  "WS", "OS_A", "OS_B", "OS_C", "NLR", "RS", or a Dataflow of your own
    pes       number of PEs, J; the paper has 256, 512 and 1024
    returns   Machine with `pes` PEs that can be wired in any arrangement. Its RF is what the dataflow asks
              for, its GLB what the area leaves, both in 16-bit words that all tensors share; padding is
              stored
    raises    CourseError if there is no such dataflow, it does not say its register file, or pes is no whole
              number of 1 or more
    source    Chen, Emer and Sze, ISCA 2016, equation 2

    >>> machine = isca16("RS")
    >>> machine.words("RF"), machine.words("GLB")            # 512 bytes; 128 * 1024 bytes
    (256, 65536)
    """
    flow, number = known(dataflow), Machine(pes=pes).pes  # which refuses what is no number of PEs
    if flow.rf_bytes is None:
        raise CourseError(
            "equal area is shared out between the register files and the buffer",
            f"{flow.name}, which does not say the bytes of its register file",
            f"write rf_bytes = 2, or what its PEs need, into {type(flow).__name__}",
        )
    # A float that is a hair below a whole number of bytes is that number.
    buffer = round(equal_area(number, flow.rf_bytes), 3)
    return Machine(
        levels=(Level("GLB", int(buffer // WORD_BYTES)), Level("RF", flow.rf_bytes // WORD_BYTES)),
        pes=number, stores_padding=True,
        name=f"{flow.name} with {number} PEs", source="ISCA 2016, equation 2",
    )  # fmt: skip
