"""Settings for every test of the course, the notebooks' included."""

import importlib.util
import os

import hypothesis

# A busy machine is no failure. On CI the cases drawn are always the same: a failure can be seen again.
hypothesis.settings.register_profile("course", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("course")


def pytest_configure(config):
    """Have matplotlib's list of fonts written before a notebook makes it print that it is doing so."""
    # Kernels of two notebooks would otherwise both write the reader's history.
    os.environ.setdefault("IPYTHONDIR", str(config.rootpath / ".tools" / "ipython"))
    # No test may depend on, or leave behind, answers of earlier searches.
    os.environ["CNNHW_CACHE"] = "off"
    if not hasattr(config, "workerinput"):
        import matplotlib.font_manager  # noqa: F401


def pytest_ignore_collect(collection_path):
    """Leave out the one module that imports PyTorch where there is none; its tests skip by themselves."""
    if collection_path.name == "torch_watch.py":
        return importlib.util.find_spec("torch") is None or None
    return None
