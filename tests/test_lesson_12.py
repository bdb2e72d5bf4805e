"""What lesson 12 says of latency and traffic follows from the bars of its own cells."""

import re
from pathlib import Path

from cnnhw.course.files import LESSONS, read_notebook

LESSON = Path(__file__).parents[1] / LESSONS / "12_the_eyeriss_chip.ipynb"
CELLS = read_notebook(LESSON).cells
PROSE = " ".join(cell.source for cell in CELLS if cell.cell_type == "markdown")


def bars(title):
    """Layer -> name -> number, from the words of the bars with a title."""
    texts = [output.get("data", {}).get("text/plain", "") for c in CELLS for output in c.get("outputs", ())]
    words = next(text for text in texts if text.startswith(f"Bars of {title}"))
    layers = re.findall(r"(CONV\d): ([^;]*)", words)
    return {
        layer: {name.strip(", "): float(x) for name, x in re.findall(r"([a-z, ]+) ([\d.]*\d)", rest)}
        for layer, rest in layers
    }


LATENCY = bars("processing four images (ms)")
IDEAL, BUSES, MEASURED = (
    {key: one[name] for key, one in LATENCY.items()} for name in ("ideal", "with buses", "measured")
)


def test_who_waits_longest_and_who_is_lengthened_most():
    waits = {layer: BUSES[layer] - IDEAL[layer] for layer in LATENCY}
    parts = {layer: waits[layer] / IDEAL[layer] for layer in LATENCY}
    longest, most = max(waits, key=waits.get), max(parts, key=parts.get)
    assert f"{longest} waits longest, {waits[longest]:.1f} ms" in PROSE
    assert f"{most} is lengthened most, by {100 * parts[most]:.0f} %." in PROSE


def test_how_near_the_buses_come():
    off = {layer: BUSES[layer] / MEASURED[layer] - 1 for layer in LATENCY}
    assert max(abs(off[layer]) for layer in ("CONV3", "CONV4")) <= 0.015 and "come within 1.5 %" in PROSE
    explained = [(BUSES[one] - IDEAL[one]) / (MEASURED[one] - IDEAL[one]) for one in ("CONV1", "CONV2")]
    assert max(explained) <= 0.5 and off["CONV5"] > 0
    short = [100 * (1 - IDEAL[layer] / MEASURED[layer]) for layer in LATENCY]
    worst = 100 * max(map(abs, off.values()))
    said = f"ideal {min(short):.0f} to {max(short):.0f} % too short; with reported buses within {worst:.0f} %"
    assert said in PROSE


def test_how_near_random_zeros_come():
    traffic = bars("words between DRAM and chip (MB)")
    off = {layer: abs(one["coded, random zeros"] / one["measured"] - 1) for layer, one in traffic.items()}
    assert max(off["CONV3"], off["CONV4"]) <= 0.03 and "CONV3 and CONV4 come out within 3 %" in PROSE
    assert f"random zeros: within {100 * max(off.values()):.0f} %" in PROSE
