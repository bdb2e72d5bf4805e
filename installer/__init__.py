"""What course.py does: build .venv from the locks, then run JupyterLab, the tests or the cnnhw command.

Standard library only, and nothing here imports cnnhw: when this code runs, its dependencies may not be there.
"""
