"""How JupyterLab is started: at the first notebook, pictures trusted, nothing asked of the outside."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from cnnhw.course import lab
from cnnhw.course.notebooks import as_page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "notebooks").mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    nbformat.write(notebook, tmp_path / lab.FIRST)
    return tmp_path


def test_it_opens_the_first_notebook(folder):
    args = lab.arguments(folder, ["--no-browser", "--port", "9"])
    assert f"--ServerApp.root_dir={folder}" in args
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in args
    assert args[-3:] == ["--no-browser", "--port", "9"]


def test_without_the_first_notebook_it_still_opens(tmp_path):
    assert "--LabApp.default_url=/lab" in lab.arguments(tmp_path)


def test_jupyterlab_understands_the_settings(folder):
    from jupyterlab.handlers.announcements import NeverCheckForUpdate
    from jupyterlab.labapp import LabApp

    app = LabApp()
    app.parse_command_line(lab.arguments(folder))
    assert app.news_url is None
    assert app.check_for_updates_class is NeverCheckForUpdate
    assert app.extension_manager == "readonly"
    for name in ("overrides.json", "page_config.json"):
        assert json.loads((Path(app.app_settings_dir) / name).read_text(encoding="utf-8"))


def test_notebooks_are_trusted_once(folder):
    assert lab.trust(folder) == [folder / lab.FIRST]
    assert lab.trust(folder) == []
    notary = NotebookNotary()
    assert notary.check_signature(nbformat.read(folder / lab.FIRST, as_version=4))
    notary.store.close()


def test_a_damaged_notebook_does_not_keep_jupyterlab_from_starting(folder, capsys):
    (folder / "notebooks" / "broken.ipynb").write_text("<<<<<<< HEAD", encoding="utf-8")
    assert lab.trust(folder) == [folder / lab.FIRST]
    assert "broken.ipynb is not a notebook any more" in capsys.readouterr().err


def test_its_own_export_makes_the_courses_page(folder):
    from jupyter_server.serverapp import ServerApp
    from nbconvert import HTMLExporter

    app = ServerApp()
    app.parse_command_line(lab.arguments(folder))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("a [link](there.html)")])
    page, _ = HTMLExporter(config=app.config).from_notebook_node(notebook)
    style = lab.SETTINGS / lab.LOOKS / "custom.css"
    assert style.read_text(encoding="utf-8") in page and page == as_page(notebook)
    assert Path(app.tornado_settings["static_custom_path"], "custom.css") == style
