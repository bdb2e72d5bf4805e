"""A question loses only the part of the library that it is asked without; most submissions need one box."""

import pytest
from grading.conftest import HONEST, SHEET, notebook

from cnnhw_grading import grade
from cnnhw_grading.sheet import find_sheet

PREDICTED = """from cnnhw.conv import conv_windows
ofmap = conv_windows(np.ones((2, 4, 13, 8), int), np.ones((3, 4, 5, 2), int), U=2, P=3)
predicted = (*ofmap.shape[2:], ofmap.size * 4 * 5 * 2)"""
PLANE = """def convolve_plane(ifmap, filters, U):
    return conv_windows(ifmap[None, None], filters[None, None], U=U)[0, 0]"""


@pytest.fixture(scope="module")
def settings(kind, tmp_path_factory):
    folder = tmp_path_factory.mktemp("libraries")
    for above in (folder, *folder.parents[:2]):
        above.chmod(0o755)  # boxes run as other users
    return grade.Settings(kind, grade.libraries(folder, [find_sheet(SHEET)]), seed=1)


@pytest.fixture
def graded(settings, tmp_path, monkeypatch):
    """graded(sources) gives {question: outcome} and the number of sessions that it took."""
    taken = []

    class Watched(grade.Session):
        def run(self, submission, exercises):
            taken.append(self.library)
            return super().run(submission, exercises)

    def of(*sources):
        taken.clear()
        path = tmp_path / "x.ipynb"
        path.write_bytes(notebook(*sources))
        result = grade.grade_file(grade.Work("ann", SHEET, path), settings)
        return {question.name: question.outcome for question in result.questions}, len(taken)

    monkeypatch.setattr(grade, "Session", Watched)
    return of


def test_each_question_has_the_library_that_it_may_use(graded):
    outcomes, sessions = graded(HONEST[0], PREDICTED, HONEST[2], PLANE)
    assert outcomes["predicted"] == "right" and outcomes["convolve_plane"] == "raised"
    assert outcomes["rows_never_read"] == "right" and sessions == 2


def test_what_is_right_without_the_library_is_asked_once(graded):
    outcomes, sessions = graded(*HONEST)
    assert outcomes["predicted"] == outcomes["convolve_plane"] == "right" and sessions == 2
    assert outcomes["designed"] == "missing", "which is asked again, since it may use all of the library"
    outcomes, sessions = graded(*HONEST, "from cnnhw import LayerShape\n" + DESIGNED)
    assert outcomes["designed"] == "right" and sessions == 1


DESIGNED = "designed = LayerShape(M=12, C=3, H=52, W=42, R=5, S=5, U=2, P=1, G=3)"
