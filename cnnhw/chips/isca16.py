"""The six machines of ISCA 2016: one for each dataflow, all with memory of the same area."""

from cnnhw.machine import Machine
from cnnhw.mapper.isca2016 import equal_area_machine


def isca16(dataflow: str, pes: int = 256) -> Machine:
    """Give the machine on which ISCA 2016 runs a dataflow.

    dataflow  "WS", "OS_A", "OS_B", "OS_C", "NLR" or "RS"
    pes       number of PEs, J; the paper has 256, 512 and 1024
    returns   Machine with `pes` PEs that can be wired in any arrangement. Its RF is what the dataflow asks
              for, its GLB what the area leaves, both in 16-bit words that all tensors share; padding is
              stored
    raises    CourseError if there is no such dataflow, or pes is no whole number of 1 or more
    source    Chen, Emer and Sze, ISCA 2016, equation 2

    >>> machine = isca16("RS")
    >>> machine.words("RF"), machine.words("GLB")            # 512 bytes; 128 * 1024 bytes
    (256, 65536)
    """
    number = Machine(pes=pes).pes  # refuses what is no number of PEs
    return equal_area_machine(dataflow, number)
