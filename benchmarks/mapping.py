"""How fast count and the search are, and where they arrive, beside ZigZag on the same layers in the same run.

    python -m benchmarks.mapping --zigzag PYTHON [--quick] [--spatial N]
    python -m benchmarks.mapping --without-zigzag [--quick]

PYTHON is the Python of an environment of its own that has zigzag-dse; without it this says how to make one.
First count() on every layer of the seven networks, then the search of six dataflows on AlexNet, then ZigZag's
search and the row-stationary one on AlexNet's CONV layers. What is comparable is in docs/benchmarks.md.
"""

import benchmarks.one_thread  # noqa: F401, I001  before NumPy

import argparse
import os
import platform
import sys

import numpy as np

from benchmarks import mapping_count, mapping_search, zigzag_peer, zigzag_report

SPATIAL, QUICK_SPATIAL = 3, 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mapping", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds; ZigZag on two layers only")
    parser.add_argument("--zigzag", metavar="PYTHON", help="the Python of an environment that has zigzag-dse")
    parser.add_argument("--without-zigzag", action="store_true", help="measure the course alone")
    parser.add_argument(
        "--spatial",
        metavar="N",
        type=int,
        help=f"uses of the array that ZigZag tries ({SPATIAL}, its default)",
    )
    options = parser.parse_args()
    os.environ["CNNHW_CACHE"] = "off"  # a search that remembers its answer takes no time
    peer = None
    if not options.without_zigzag:
        peer = options.zigzag and zigzag_peer.ZIGZAG.version(options.zigzag)
        if not peer:
            sys.exit(zigzag_peer.ZIGZAG.how_to_get_it(options.zigzag))
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"NumPy {np.__version__}, {f'ZigZag {peer}' if peer else 'without ZigZag'}.")
    print("One thread, processor time.")
    mapping_count.print_counts(options.quick)
    mapping_search.print_searches()
    if peer:
        spatial = options.spatial or (QUICK_SPATIAL if options.quick else SPATIAL)
        zigzag_report.print_comparison(options.zigzag, options.quick, spatial)


if __name__ == "__main__":
    main()
