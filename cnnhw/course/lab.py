"""Start JupyterLab for the course: at the first notebook, its pictures trusted, and silent to the outside.

`python -m cnnhw.course.lab FOLDER [arguments for JupyterLab]`
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

FIRST = "notebooks/00_start_here.ipynb"
FOLDERS = ("notebooks", "exercises", "solutions")
SETTINGS = Path(__file__).parent / "jupyter"
LOOKS = "course"  # in SETTINGS: the style that JupyterLab adds to its own, and nbconvert's template with it

# JupyterLab's own ways to ask the outside: news, updates, the catalogue of extensions, other servers.
SILENT = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LanguageServerManager.autodetect=False",
)


def arguments(folder: Path, more: Sequence[str] = ()) -> list[str]:
    """Return the arguments that JupyterLab is started with.

    folder   the course's folder, which becomes JupyterLab's root
    more     arguments of the reader, such as --no-browser and --port; they come last and win
    returns  arguments; settings are read from cnnhw/course/jupyter, so .venv stays as the locks made it
    """
    start = f"/lab/tree/{FIRST}" if (folder / FIRST).exists() else "/lab"
    ours = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={start}"]
    settings = [
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--LabApp.custom_css=True",
        f"--ServerApp.tornado_settings=static_custom_path={SETTINGS / LOOKS}",
        # What "Save and Export Notebook As > HTML" makes.
        f"--HTMLExporter.extra_template_basedirs={SETTINGS}",
        f"--HTMLExporter.template_name={LOOKS}",
    ]
    # A container's only user is often root, whom JupyterLab refuses unless told.
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*ours, *settings, *SILENT, *root, *more]


def trust(folder: Path) -> list[Path]:
    """Mark the course's notebooks as trusted: JupyterLab removes the drawings of any other notebook.

    folder   the course's folder
    returns  the notebooks that were not trusted before; a file that is no notebook is left alone
    """
    notary = NotebookNotary()
    try:
        return [
            path
            for name in FOLDERS
            for path in sorted((folder / name).glob("*.ipynb"))
            if _sign(notary, path)
        ]
    finally:
        notary.store.close()


def _sign(notary: NotebookNotary, path: Path) -> bool:
    try:
        notebook = nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError:
        print(f"{path} is not a notebook any more; JupyterLab will say so when it is opened", file=sys.stderr)
        return False
    if notary.check_signature(notebook):
        return False
    notary.sign(notebook)
    return True


def main(args: Sequence[str]) -> None:
    """Trust the notebooks and start JupyterLab; returns when it ends.

    args     the course's folder, then arguments for JupyterLab
    """
    from jupyterlab.labapp import LabApp

    folder = Path(args[0]).resolve()
    trust(folder)
    print("JupyterLab is starting; end it with Control-C", flush=True)
    LabApp.launch_instance(arguments(folder, args[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
