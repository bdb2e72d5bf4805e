"""The instructor's commands, as modules that cnnhw.course.cli finds by name.

COMMANDS says in a line what each does.
"""

COMMANDS = {
    "exercises": "generate exercises/ from solutions/, compare them, or try every known wrong answer",
    "release": "write the course for students: all but right answers and what grades",
    "collect": "sort downloaded submissions by student and sheet",
    "grade": "grade a sheet's submissions, each in a box",
    "feedback": "write a page for each student",
    "marks": "give marks and comments by hand, in nbgrader's formgrader",
    "copies": "list answers of two students that are alike, for a person to look at",
    "export": "write the results as CSV, for Moodle and for Canvas too",
}
