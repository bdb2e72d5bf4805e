"""What runs inside SCALE-Sim's own environment: one layer, which comes in as JSON.

benchmarks.scalesim_peer starts this file with that environment's Python, so nothing of the course is
imported. SCALE-Sim's simulator class runs the layers of a file and writes reports; here is what it does for
one layer, with its memories timed apart from its array.
"""

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

from scalesim.layout_utils import layouts
from scalesim.scale_config import scale_config
from scalesim.single_layer_sim import single_layer_sim
from scalesim.topology_utils import topologies

# 256 kB, 256 kB, 128 kB: SCALE-Sim's own defaults. CALC lets the memories be as fast as the array needs.
CONFIG = """
[general]
run_name = layer
[architecture_presets]
ArrayHeight = {rows}
ArrayWidth = {cols}
IfmapSramSzkB = 256
FilterSramSzkB = 256
OfmapSramSzkB = 128
IfmapOffset = 0
FilterOffset = 10000000
OfmapOffset = 20000000
Dataflow = {dataflow}
ReadRequestBuffer = 60
WriteRequestBuffer = 60
[layout]
IfmapCustomLayout = False
IfmapSRAMBankBandwidth = 10
IfmapSRAMBankNum = 10
IfmapSRAMBankPort = 2
FilterCustomLayout = False
FilterSRAMBankBandwidth = 10
FilterSRAMBankNum = 10
FilterSRAMBankPort = 2
[sparsity]
SparsitySupport = False
[run_presets]
InterfaceBandwidth = CALC
UseRamulatorTrace = False
"""


def prepare(job: dict, folder: Path) -> single_layer_sim:
    """Set the simulation of a layer up, from a topology file that the course wrote."""
    config_file, layer_file = folder / "layer.cfg", folder / "layer.csv"
    config_file.write_text(CONFIG.format(**job), encoding="utf-8")
    layer_file.write_text(job["topology"], encoding="utf-8")
    config, layers = scale_config(), topologies()
    config.read_conf_file(str(config_file))
    layers.load_arrays(topofile=str(layer_file))
    simulation = single_layer_sim()
    simulation.set_params(config_obj=config, topology_obj=layers, layout_obj=layouts(), verbose=False)
    return simulation


def simulate(job: dict) -> dict:
    """Run the layer; give processor time, and SCALE-Sim's own numbers."""
    warnings.simplefilter("ignore")  # NumPy tells it that an array of one word is no number
    with tempfile.TemporaryDirectory() as folder:
        simulation = prepare(job, Path(folder))
    memories, serve = [], simulation.memory_system.service_memory_requests

    def timed(*demands):
        start = time.process_time()
        serve(*demands)
        memories.append(time.process_time() - start)

    simulation.memory_system.service_memory_requests = timed
    start = time.process_time()
    simulation.run()
    seconds = time.process_time() - start
    simulation.calc_report_data()
    return {
        "seconds": seconds,
        "array_seconds": seconds - sum(memories),
        "cycles": int(simulation.total_cycles),
        "stalls": int(simulation.stall_cycles),
        "ifmap": int(simulation.ifmap_sram_reads),
        "filter": int(simulation.filter_sram_reads),
        "psum": int(simulation.ofmap_sram_writes),
    }


if __name__ == "__main__":
    print(json.dumps(simulate(json.loads(sys.stdin.readline()))), flush=True)
    sys.stdin.read()  # the other side looks at this process's memory, then closes its input
