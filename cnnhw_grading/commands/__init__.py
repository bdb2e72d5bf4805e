"""The instructor's commands: collect, grade, feedback, export; modules as cnnhw.course.cli wants them.

COMMANDS says in a line what each does.
"""

COMMANDS = {
    "collect": "sort downloaded submissions by student and sheet",
    "grade": "grade a sheet's submissions, each in a box",
    "feedback": "write a page for each student",
    "export": "write the results as CSV, for Moodle and for Canvas too",
}
