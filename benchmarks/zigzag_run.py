"""What runs inside ZigZag's own environment: its search, on a layer and a machine that come in as JSON.

benchmarks.zigzag_peer starts this file with that environment's Python, so nothing of the course is imported.
ZigZag's api.get_hardware_performance_zigzag strings stages together; here are the same stages without those
that write files, and with one that counts what is evaluated. ZigZag's letters B K C OY OX FY FX are the
course's N M C E F R S; I1 is the ifmap, I2 the filters, O the psums.
"""

import json
import logging
import sys
import tempfile
import time
from pathlib import Path

from zigzag.mapping.data_movement import DataDirection
from zigzag.mapping.temporal_mapping import TemporalMappingType
from zigzag.stages.evaluation.cost_model_evaluation import CostModelStage
from zigzag.stages.main import MainStage
from zigzag.stages.mapping.spatial_mapping_generation import SpatialMappingGeneratorStage
from zigzag.stages.mapping.temporal_mapping_generator_stage import TemporalMappingGeneratorStage
from zigzag.stages.parser.accelerator_parser import AcceleratorParserStage
from zigzag.stages.parser.workload_parser import WorkloadParserStage
from zigzag.stages.results.reduce_stages import MinimalEnergyStage
from zigzag.stages.stage import Stage
from zigzag.stages.workload_iterator import WorkloadStage

TENSORS = {"I1": "ifmap", "I2": "filter", "O": "psum"}
LINKS = {"I": "I1", "W": "I2", "O": "O"}
DIRECTIONS = {
    "reads": DataDirection.RD_OUT_TO_LOW,
    "updates": DataDirection.WR_IN_BY_LOW,
    "fills": DataDirection.WR_IN_BY_HIGH,
    "drains": DataDirection.RD_OUT_TO_HIGH,
}
PLENTY = 10**9  # words of DRAM


class Tally(Stage):
    """A stage that counts the mappings that pass."""

    passed = 0

    def run(self):
        for evaluation in self.list_of_callables[0](self.list_of_callables[1:], **self.kwargs).run():
            Tally.passed += 1
            yield evaluation


STAGES = [
    WorkloadParserStage,
    AcceleratorParserStage,
    WorkloadStage,
    MinimalEnergyStage,
    SpatialMappingGeneratorStage,
    MinimalEnergyStage,
    TemporalMappingGeneratorStage,
    Tally,
    CostModelStage,
]


def memory(words: int, cost: float, operands: list[str], serves: list[str], bits: int) -> dict:
    """Describe one memory. Its port is one word wide, since a read of a wider port would cost one access."""
    ways = [
        f"{operand}, {way}"
        for operand in operands
        for way in ("fh", "tl", "fl", "th")[: 4 if operand == "O" else 2]
    ]
    port = {
        "name": "rw_port_1",
        "type": "read_write",
        "bandwidth_min": bits,
        "bandwidth_max": bits,
        "allocation": ways,
    }
    return {
        "size": words * bits,
        "r_cost": float(cost),
        "w_cost": float(cost),
        "area": 0.0,
        "latency": 1,
        "operands": operands,
        "ports": [port],
        "served_dimensions": serves,
    }


def accelerator(machine: dict) -> dict:
    """Describe the machine, innermost memory first; the RF serves no axis, so every PE has its own."""
    axes, costs, bits = ["D1", "D2"], machine["costs"], machine["word_bits"]
    return {
        "name": "eyeriss_like",
        "memories": {
            "rf": memory(machine["rf_words"], costs["RF"], ["I1", "I2", "O"], [], bits),
            "glb": memory(machine["glb_words"], costs["GLB"], ["I1", "O"], axes, bits),
            "dram": memory(PLENTY, costs["DRAM"], ["I1", "I2", "O"], axes, bits),
        },
        "operational_array": {
            "unit_energy": float(costs["MAC"]),
            "unit_area": 0.0,
            "dimensions": axes,
            "sizes": [machine["rows"], machine["cols"]],
        },
    }


def search(job: dict, kind: str, folder: Path) -> dict:
    """Run ZigZag once and tell what it found."""
    hardware, mapping = folder / "hardware.yaml", folder / "mapping.yaml"
    hardware.write_text(json.dumps(accelerator(job["machine"])), encoding="utf-8")  # JSON is YAML too
    mapping.write_text(json.dumps([{"name": "default", "memory_operand_links": LINKS}]), encoding="utf-8")
    stages = MainStage(
        STAGES,
        accelerator=str(hardware),
        workload=job["workload"],
        mapping=str(mapping),
        temporal_mapping_type=TemporalMappingType(kind),
        loma_lpf_limit=job["factors"],
        nb_mappings_generated=job["spatial"],
        loma_show_progress_bar=False,
        access_same_data_considered_as_no_access=False,  # each MAC reads the RF anew, as in the course
    )
    Tally.passed, start = 0, time.process_time()
    best = stages.run()[0][0]
    return {"seconds": time.process_time() - start, "mappings": Tally.passed, **told(best)}


def told(best) -> dict:
    """Tell the best evaluation: its energy, its accesses, and its loops from the inside out."""
    tensor_of = {operand: TENSORS[LINKS[operand.name]] for operand in best.layer.layer_operands}
    accesses = {
        tensor_of[operand]: [{side: moved.get(way) for side, way in DIRECTIONS.items()} for moved in levels]
        for operand, levels in best.memory_word_access.items()
    }
    loops = {
        tensor_of[operand]: [[(dim.name, size) for dim, size in level] for level in levels]
        for operand, levels in best.temporal_mapping.mapping_dic_origin.items()
    }
    array = {
        axis.name: [(dim.name, factor) for dim, factor in unrolled.items()]
        for axis, unrolled in best.layer.spatial_mapping.items()
    }
    return {"energy": best.energy_total, "accesses": accesses, "loops": loops, "array": array}


def main() -> None:
    logging.disable(logging.WARNING)  # it warns that the mapping is the default one
    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({kind: search(job, kind, Path(folder)) for kind in ("uneven", "even")}))


if __name__ == "__main__":
    main()
