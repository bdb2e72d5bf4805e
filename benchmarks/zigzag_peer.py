"""ZigZag as a peer: started in its own environment, given a layer and a machine, asked for its best."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peer import Peer
from cnnhw import LayerShape, networks
from cnnhw.formats.zigzag import workload
from cnnhw.machine import Machine

RUN = Path(__file__).with_name("zigzag_run.py")
ZIGZAG = Peer(
    name="ZigZag",
    packages="zigzag-dse==3.9.1 six",
    ask="import importlib.metadata, six, zigzag.api; print(importlib.metadata.version('zigzag-dse'))",
    benchmark="mapping",
)


@dataclass(frozen=True)
class Answer:
    """The best that one search of ZigZag found.

    seconds   of processor time
    mappings  that went through its cost model
    energy    of the best, by its own count, MACs included
    accesses  tensor -> for each level from the RF outwards, side -> words
    loops     tensor -> for each level from the RF outwards, [dim, size] from the inside out
    array     "D1" and "D2", rows and columns -> [dim, factor]; dims in ZigZag's letters
    """

    seconds: float
    mappings: int
    energy: float
    accesses: Mapping
    loops: Mapping
    array: Mapping


@dataclass(frozen=True)
class Found:
    """ZigZag's answers for one layer.

    uneven  each tensor cuts the list of loops into levels where it likes: ZigZag's default
    even    the tensors of a level cut it at the same place, as a Nest does
    """

    uneven: Answer
    even: Answer


def run(python: str, shape: LayerShape, machine: Machine, *, factors: int, spatial: int) -> Found:
    """Let ZigZag search for the mapping of a layer with the least energy.

    python   of ZigZag's environment
    shape    the layer, without groups
    machine  a Machine with rows, cols, and one number of words each for RF and GLB
    factors  most loops it permutes; it merges prime factors until no more are left
    spatial  how many uses of the array it tries, those that fill most of it
    returns  Found
    raises   subprocess.CalledProcessError if ZigZag fails, whose own words are on stderr
    """
    job = {
        "workload": workload(networks.from_layers("one", {"layer": shape}), machine.word_bits),
        "machine": {
            "rows": machine.rows,
            "cols": machine.cols,
            "rf_words": machine.words("RF"),
            "glb_words": machine.words("GLB"),
            "word_bits": machine.word_bits,
            "costs": {level: machine.costs[level] for level in ("DRAM", "GLB", "RF", "MAC")},
        },
        "factors": factors,
        "spatial": spatial,
    }
    # -P keeps the folder of these benchmarks, whose file names are common words, out of ZigZag's imports. It
    # takes uses of the array out of a set, and of equals the first: without the seed each run is another.
    done = subprocess.run(
        [python, "-P", str(RUN)],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    return Found(**{kind: Answer(**answer) for kind, answer in json.loads(done.stdout).items()})
