"""Exported scripts of every module, run with pandas and scikit-learn only, reproduce the tables of the run."""

from __future__ import annotations

import ast
import pickle
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.export.python import export_python
from designer.store.workspace import open_workspace
from tests.minimal import WITHOUT_PIPELINE, minimal_pipeline, tables
from tests.trained import trained

LIBRARY = Library.scan()
WRITTEN = sorted(id for id, m in LIBRARY.modules.items() if "to_python" in m.spec().readings)
BARE = """
import contextlib, io, os, pickle, runpy, sys, traceback
class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("designer", "modules", "onnx", "onnxruntime", "pydantic", "reflex", "sqlmodel",
                                  "imblearn", "pyarrow", "statsmodels", "duckdb", "networkx", "blake3"):
            raise ImportError("only pandas and scikit-learn are here: " + name)
sys.meta_path.insert(0, Refuses())
import pandas as pd
for folder in sys.argv[1:]:
    printed, answer = io.StringIO(), {"error": "", "tables": []}
    sys.argv = ["pipeline.py"]
    try:
        os.chdir(folder)
        with contextlib.redirect_stdout(printed):
            values = runpy.run_path(os.path.join(folder, "pipeline.py"), run_name="__main__")
        answer["tables"] = [value for value in values.values() if isinstance(value, pd.DataFrame)]
    except BaseException:
        answer["error"] = traceback.format_exc()
    with open(os.path.join(folder, "answer.pickle"), "wb") as file:
        pickle.dump({**answer, "printed": printed.getvalue()}, file)
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """By module id: tables and metrics of the run and the folder with its script's results, or the export's error."""
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "prices.csv").write_text("work,price\nState,1.5\nSelf,2\n")
    results: dict[str, Any] = {}
    with open_workspace(tmp_path_factory.mktemp("workspace")) as workspace:
        for name, table in tables().items():
            workspace.datasets.register(name, table)
        workspace.datastores.register("shop", f"sqlite:///{_shop(folder)}")
        sources = workspace.sources(LIBRARY)
        for id in WRITTEN:
            pipeline = minimal_pipeline(LIBRARY[id], folder / "prices.csv")
            before = trained(pipeline, workspace, LIBRARY)
            known = {outlet: result.known for outlet, result in before.results.items()}
            try:
                export_python(pipeline, LIBRARY, sources, known).write(folder / id / "pipeline.py")
            except Exception as error:
                results[id] = error
                continue
            stored = before.outputs.values()
            results[id] = {
                "tables": [workspace.value(each, LIBRARY) for each in stored if each.schema is not None],
                "metrics": [model["metrics"] for each in stored for model in each.summary.get("models", [])],
                "folder": folder / id,
            }
    folders = [str(answer["folder"]) for answer in results.values() if isinstance(answer, dict)]
    command = [sys.executable, "-I", "-W", "error", "-c", BARE, *folders]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env={"OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    return results


def test_every_module_has_a_pipeline() -> None:
    assert set(WRITTEN) & WITHOUT_PIPELINE <= {"import-from-database"}  # which has a database here


def _shop(folder: Path) -> Path:
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, price REAL)")
        connection.execute("INSERT INTO orders VALUES (1, 1.5), (2, 4.25), (3, 9.0)")
    connection.close()
    return folder / "shop.db"


@pytest.mark.parametrize("id", WRITTEN)
def test_the_script_of_a_module_runs_bare_and_answers_as_the_run(id: str, runs: dict[str, Any]) -> None:
    run = runs[id]
    assert isinstance(run, dict), run
    with open(run["folder"] / "answer.pickle", "rb") as file:
        answer = pickle.load(file)
    assert not answer["error"]
    for table in run["tables"]:
        alike = [made for made in answer["tables"] if list(made) == list(table) and len(made) == len(table)]
        assert alike, f"no table of {list(table)}"
        assert any(equal(table, made) for made in alike), difference(table, alike[-1])
    numbers = [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", answer["printed"])]
    for value in (value for metrics in run["metrics"] for value in metrics.values() if value is not None):
        assert any(abs(value - number) <= 1e-9 * max(1, abs(value)) for number in numbers), answer["printed"]


def test_functions_of_one_name_are_one_function_so_that_any_modules_share_a_script(runs: dict[str, Any]) -> None:
    seen: dict[str, tuple[str, str]] = {}
    clashes = []
    for id in (id for id in WRITTEN if isinstance(runs[id], dict)):
        text = (runs[id]["folder"] / "pipeline.py").read_text()
        for part in ast.parse(text).body:
            if isinstance(part, ast.FunctionDef | ast.ClassDef) and part.name != "main":
                first, source = seen.setdefault(part.name, (id, ast.unparse(part)))
                clashes += [(part.name, first, id)] if source != ast.unparse(part) else []
    assert clashes == []


def equal(table: pd.DataFrame, made: pd.DataFrame) -> bool:
    return not difference(table, made)


def difference(table: pd.DataFrame, made: pd.DataFrame) -> str:
    """How two tables differ, dtypes included, with a tolerance because solvers only approach their optimum."""
    try:
        assert [made[name].dtype.name for name in made] == [table[name].dtype.name for name in table]
        pd.testing.assert_frame_equal(plain(made), plain(table), rtol=1e-8, atol=1e-8)
    except AssertionError as error:
        return str(error)
    return ""


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with text as objects: without Arrow, pandas stores strings differently."""
    columns = {name: table[name].astype(object) if table[name].dtype.name == "str" else table[name] for name in table}
    for name, column in columns.items():
        if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.dtype.name == "str":
            columns[name] = column.cat.rename_categories(column.cat.categories.astype(object))
    return pd.DataFrame(columns).set_axis([str(name) for name in table], axis=1)


def test_what_is_exported_to_a_file_is_the_table(runs: dict[str, Any]) -> None:
    written = runs["export-data"]["folder"] / "written.csv"
    assert list(pd.read_csv(written)) == list(tables()["people"])
