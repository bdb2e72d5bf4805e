"""Grading, for instructors: submissions are read, run in a box and judged from outside."""
