"""nbgrader's settings for this course: run it in this folder, after `cnnhw grading`; see docs/teaching.md."""

from pathlib import Path

from cnnhw.course.grading import FOLDER
from cnnhw_grading.stubs import NBGRADER_STEPS

c = get_config()  # noqa: F821, nbgrader defines it

c.CourseDirectory.course_id = "cnnhw"
c.CourseDirectory.root = str(Path(__file__).resolve().parent / FOLDER)

# The same stubs as in exercises/, so that what is handed out is what `cnnhw exercises` makes.
c.GenerateAssignment.preprocessors = list(NBGRADER_STEPS)

# A check stops a call after 5 s; a whole notebook of endless loops must still be graded.
c.Execute.timeout = 300
