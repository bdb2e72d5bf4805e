"""The PE-array emulator: any nest on any machine, cycle by cycle, with real words."""

from cnnhw.emulator.arithmetic import FixedPoint
from cnnhw.emulator.chrome import chrome_trace
from cnnhw.emulator.register_files import register_files
from cnnhw.emulator.replay import replay
from cnnhw.emulator.run import Run, Saved, run
from cnnhw.emulator.run_length import run_length_bits, run_length_decode, run_length_encode
from cnnhw.emulator.trace import Event, Trace
from cnnhw.timing import Timing

__all__ = [
    "Event", "FixedPoint", "Run", "Saved", "Timing", "Trace", "chrome_trace", "register_files", "replay",
    "run", "run_length_bits", "run_length_decode", "run_length_encode",
]  # fmt: skip
