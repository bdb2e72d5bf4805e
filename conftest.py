"""Settings for every test of the course, the notebooks' included."""

import importlib.util
import os
import sys
import tempfile

import hypothesis

# A busy machine is no failure. On CI the cases drawn are always the same: a failure can be seen again.
hypothesis.settings.register_profile("course", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("course")
# A mutant is noticed or not; the smallest case that notices it is of no interest. (docs/mutation.md)
MUTATED = "MUTANT_UNDER_TEST" in os.environ
if MUTATED:
    hypothesis.settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=40,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    hypothesis.settings.load_profile("mutants")


def pytest_configure(config):
    """Have matplotlib's list of fonts written before a notebook makes it print that it is doing so."""
    # Kernels of two notebooks would otherwise both write the reader's history.
    os.environ.setdefault("IPYTHONDIR", str(config.rootpath / ".tools" / "ipython"))
    # No test may depend on, or leave behind, answers of an earlier run. Lessons that ask for the same search
    # in one run share its answer; what tests the search itself turns this off, and so do mutants.
    if MUTATED:
        os.environ["CNNHW_CACHE"] = "off"
    elif not hasattr(config, "workerinput"):
        answers = tempfile.TemporaryDirectory(prefix="cnnhw-tests-", ignore_cleanup_errors=True)
        config.add_cleanup(answers.cleanup)
        os.environ["CNNHW_CACHE"] = answers.name
    if not hasattr(config, "workerinput"):
        import matplotlib.font_manager  # noqa: F401


def pytest_sessionstart():
    """Forget what the unmutated code answered: mutmut tries a mutant in a copy of a process that ran it."""
    if not MUTATED:
        return
    for name, module in list(sys.modules.items()):
        if name.startswith("tests."):
            del sys.modules[name]  # its constants and parameters were made without the mutant
        elif name.startswith("cnnhw"):
            for value in list(vars(module).values()):
                getattr(value, "cache_clear", lambda: None)()


def pytest_sessionfinish(session):
    """Have a test file that a mutant keeps from being imported count as a failure, not as an interruption."""
    if MUTATED and session.testsfailed:
        session.exitstatus = 1


def pytest_ignore_collect(collection_path):
    """Leave out the one module that imports PyTorch where there is none; its tests skip by themselves."""
    if collection_path.name == "torch_watch.py":
        return importlib.util.find_spec("torch") is None or None
    return None
