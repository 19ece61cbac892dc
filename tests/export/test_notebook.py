"""A training pipeline as a notebook whose cells run in order without Designer installed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.export.notebook import notebook
from designer.pipeline.edit import change
from designer.pipeline.graph import Node
from designer.store.workspace import Workspace
from tests.export.test_python import PIPELINES, exported, run_bare
from tests.trained import wire


@pytest.mark.parametrize("name", ["logistic", "boosted regression", "k-means"])
def test_the_cells_in_order_print_what_the_script_prints(
    name: str, workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    _, export = exported(PIPELINES[name], workspace, library)
    script, *_ = export.write(tmp_path / "pipeline.py")
    cells = [cell for cell in json.loads(notebook(export, name))["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in cells]
    program = tmp_path / "cells.py"
    program.write_text(
        f"import os\nos.chdir({str(tmp_path)!r})\nspace = {{}}\n"
        f"for source in {sources!r}:\n    exec(compile(source, 'cell', 'exec'), space)\n"
    )
    assert run_bare(program) == run_bare(script)


def test_a_notebook_has_a_cell_for_each_node_in_the_form_of_nbformat_4_5(
    workspace: Workspace, library: Library
) -> None:
    pipeline = change(PIPELINES["logistic"], "clean", comment="Fill the gaps")
    _, export = exported(pipeline, workspace, library)
    document = json.loads(notebook(export, "People"))
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    titles = [text(cell) for cell in document["cells"] if cell["cell_type"] == "markdown"]
    assert titles[0].startswith("# People")
    assert "## Clean Missing Data\n\nFill the gaps" in titles
    assert len(titles) == len(pipeline.nodes) + 1
    ids = [cell["id"] for cell in document["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in document["cells"]:
        assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"])
        extra = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | extra
    tables = [text(cell) for cell in document["cells"] if text(cell).endswith(".head()")]
    assert len(tables) >= 4


def test_a_comment_at_the_top_of_a_users_script_stays_in_its_cell(workspace: Workspace, library: Library) -> None:
    source = "# mine\ndef azureml_main(dataframe1=None, dataframe2=None):\n    return dataframe1,\n"
    base = PIPELINES["logistic"]
    script = Node("script", "execute-python-script", parameters={"script": source})
    old = wire("data.dataset > select.dataset")
    edges = [edge for edge in base.edges if edge != old]
    edges += [wire("data.dataset > script.dataset1"), wire("script.result_dataset > select.dataset")]
    pipeline = replace(base, nodes={**base.nodes, "script": script}, edges=tuple(edges))
    _, export = exported(pipeline, workspace, library)
    (part,) = [part for part in export.parts if part.title == "Execute Python Script"]
    assert all(line in export.script for line in part.code.splitlines())
    assert "azureml_main" in part.code


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
