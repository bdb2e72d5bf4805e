"""How fast the emulators are and what memory they take, the systolic one beside SCALE-Sim in the same run.

    python -m benchmarks.emulator --scalesim PYTHON [--quick]
    python -m benchmarks.emulator --without-scalesim [--quick]

PYTHON is the Python of an environment of its own that has scalesim; without it this says how to make one.
First the systolic array on layers of LeNet-5 and AlexNet, where both must agree on cycles and words; then the
PE array on AlexNet's CONV layers with the Eyeriss mapping. What is comparable is in docs/benchmarks.md.
"""

import benchmarks.one_thread  # noqa: F401, I001  before NumPy

import argparse
import platform
import sys

import numpy as np

from benchmarks import emulator_array, emulator_systolic, scalesim_peer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.emulator", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="three layers, output stationary; CONV1")
    parser.add_argument("--scalesim", metavar="PYTHON", help="the Python of an environment that has scalesim")
    parser.add_argument("--without-scalesim", action="store_true", help="measure the course alone")
    parser.add_argument("--only", choices=("systolic", "array"), help="measure one of the two emulators")
    options = parser.parse_args()
    peer = None
    if options.only != "array" and not options.without_scalesim:
        peer = options.scalesim and scalesim_peer.SCALESIM.version(options.scalesim)
        if not peer:
            sys.exit(scalesim_peer.SCALESIM.how_to_get_it(options.scalesim))
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"NumPy {np.__version__}, {f'SCALE-Sim {peer}' if peer else 'without SCALE-Sim'}.")
    print("One thread, processor time, the most memory of a process.")
    if options.only != "array":
        emulator_systolic.print_comparison(peer and options.scalesim, options.quick)
    if options.only != "systolic":
        emulator_array.print_layers(options.quick)


if __name__ == "__main__":
    main()
