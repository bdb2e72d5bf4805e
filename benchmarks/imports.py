"""How long `import cnnhw` takes, beside bare Python and `import numpy`, each in fresh processes of one run.

    python -m benchmarks.imports

The course promises under 0.3 s on a warm disk, and that the import loads neither matplotlib nor ipywidgets.
"""

import statistics
import subprocess
import sys
import time

STATEMENTS = {
    "bare Python": "pass",
    "import numpy": "import numpy",
    "import cnnhw": "import cnnhw",
    "cnnhw.conv": "from cnnhw import conv",
    "cnnhw.networks": "from cnnhw import networks; networks.resnet50()",
}
ROUNDS = 9


def seconds(statement: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> None:
    times = {name: [] for name in STATEMENTS}
    for statement in STATEMENTS.values():  # warm the disk
        seconds(statement)
    for _ in range(ROUNDS):  # in turn, so that a drifting machine drifts for all
        for name, statement in STATEMENTS.items():
            times[name].append(seconds(statement))
    numpy = statistics.median(times["import numpy"])
    print(f"{'statement':16} {'median s':>9} {'to numpy':>9}   ({ROUNDS} fresh processes each)")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:16} {median:9.3f} {median / numpy:9.2f}")


if __name__ == "__main__":
    main()
