"""A training pipeline as one plain script that runs without Designer installed and computes the same metrics."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, NotExportable
from designer.export.python import PythonExport, export_python
from designer.inference.rewrite import rewrite
from designer.pipeline.edit import change, set_parameters
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from tests.trained import Trained, clusters_pipeline, people_pipeline, pipeline_of, trained

PIPELINES = {
    "logistic": people_pipeline("two-class-logistic-regression", "income"),
    "boosted trees": people_pipeline("two-class-boosted-decision-tree", "income"),
    "forest": people_pipeline("two-class-decision-forest", "income"),
    "positive class": set_parameters(
        people_pipeline("two-class-logistic-regression", "income"), "train", {"positive_class": "<=50K"}
    ),
    "linear": people_pipeline("linear-regression", "wage"),
    "boosted regression": people_pipeline("boosted-decision-tree-regression", "wage"),
    "multiclass": people_pipeline("multiclass-logistic-regression", "grade"),
    "k-means": clusters_pipeline(),
}
BARE = """
import runpy, sys
class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("designer", "modules", "onnx", "onnxruntime", "pydantic", "reflex", "sqlmodel"):
            raise ImportError("only pandas and scikit-learn are here: " + name)
sys.meta_path.insert(0, Refuses())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def exported(pipeline: Pipeline, workspace: Workspace, library: Library) -> tuple[Trained, PythonExport]:
    before = trained(pipeline, workspace, library)
    known = {outlet: result.known for outlet, result in before.results.items()}
    return before, export_python(pipeline, library, workspace.sources(library), known)


def run_bare(script: Path) -> str:
    """Run a script that can import only pandas, scikit-learn and their dependencies."""
    command = [sys.executable, "-I", "-c", BARE, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env={"OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("name", PIPELINES)
def test_the_script_runs_bare_and_prints_the_metrics_of_the_run(
    name: str, workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    before, export = exported(PIPELINES[name], workspace, library)
    files = export.write(tmp_path / "out" / "pipeline.py")
    assert [file.name for file in files] == ["pipeline.py", "people.csv"]
    printed = run_bare(files[0])
    numbers = [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", printed)]
    for stored in before.outputs.values():
        for model in stored.summary.get("models", []):
            for metric, value in model["metrics"].items():
                close = any(abs(value - number) <= 1e-6 * max(1, abs(value)) for number in numbers)
                assert value is None or close, f"{metric} = {value} is not in:\n{printed}"


def test_the_script_mentions_neither_us_nor_this_machine(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    _, export = exported(PIPELINES["logistic"], workspace, library)
    assert not re.search(r"^\s*(from|import) (designer|modules)", export.script, re.MULTILINE)
    assert str(workspace.path) not in export.script
    compile(export.script, "pipeline.py", "exec")


def test_comments_of_nodes_come_along(workspace: Workspace, library: Library) -> None:
    pipeline = change(PIPELINES["logistic"], "clean", comment="Fill the gaps")
    _, export = exported(pipeline, workspace, library)
    assert "# Clean Missing Data: Fill the gaps" in export.script


def test_a_switched_off_step_is_passed_by(workspace: Workspace, library: Library, tmp_path: Path) -> None:
    pipeline = PIPELINES["logistic"]
    known = {outlet: result.known for outlet, result in trained(pipeline, workspace, library).results.items()}
    off = change(pipeline, "select", disabled=True)
    known[("select", "results_dataset")] = known[("data", "dataset")]
    export = export_python(off, library, workspace.sources(library), known)
    assert "Select Columns" not in export.script
    assert json.dumps(export.script)


def test_an_inference_pipeline_is_refused(workspace: Workspace, library: Library) -> None:
    pipeline = PIPELINES["logistic"]
    answer = rewrite(pipeline, trained(pipeline, workspace, library).results, "realtime", library)
    with pytest.raises(NotExportable, match="inference pipeline"):
        export_python(answer.pipeline, library, workspace.sources(library))


def test_what_cannot_be_written_is_named(workspace: Workspace, library: Library) -> None:
    pipeline = change(PIPELINES["logistic"], "data", parameters={"name": "never registered"})
    with pytest.raises(DesignerError) as caught:
        export_python(pipeline, library, workspace.sources(library))
    assert caught.value.place.node == "data"


def tables_of(script: Path) -> dict[str, pd.DataFrame]:
    """The data frames that a script computes, by variable name."""
    code = """
import pickle, runpy, sys
sys.argv = sys.argv[1:]
values = runpy.run_path(sys.argv[0], run_name="__main__")
tables = {name: value for name, value in values.items() if type(value).__name__ == "DataFrame"}
pickle.dump(tables, open("tables.pickle", "wb"))
"""
    done = subprocess.run([sys.executable, "-c", code, str(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    made: dict[str, pd.DataFrame] = pickle.loads((script.parent / "tables.pickle").read_bytes())
    return made


def odd_table() -> pd.DataFrame:
    """A table with every kind of cell that a careless round trip through text corrupts."""
    frame = pd.DataFrame({
        "text": ["carriage\rreturn", "", 'she said "no", twice', None, "  blanks ", "two\r\nlines", "NA", "<missing>"],
        "code": ["01234", "12E3", "+49", "5_13", "1.50", "true", "2020-01-01", "nan"],
        "whole": pd.array([2**63 - 1, -(2**63), None, 2**53 + 1, 0, 1, 2, 3], dtype="Int64"),
        "big": [2**63 - 1, -(2**63), 2**53 + 1, 4, 5, 6, 7, 8],
        "number": [0.1 + 0.2, 1e-320, 1.7976931348623157e308, -0.0, np.nan, 1 / 3, 123456789.12345679, 1e22],
        "flag": pd.array([True, None, False, True, True, True, True, True], dtype="boolean"),
        "sure": [True, False] * 4,
        "day": pd.to_datetime(["2020-02-29", None, "1969-12-31", "0999-01-01", "9999-12-31"] + ["2021-01-01"] * 3),
        "moment": pd.Series(pd.to_datetime(["2020-01-01T00:00:00.000001"] * 7 + [None])).astype("datetime64[us]"),
        "zoned": pd.Series(pd.to_datetime(["2020-07-01T12:00:00+02:00"] * 8, utc=True)).astype("datetime64[us, UTC]"),
        "fine": pd.Series(pd.to_datetime(["2020-01-01T00:00:00.000000001"] * 8)).astype("datetime64[ns]"),
        "never": pd.Series([None] * 8, dtype="datetime64[us]"),
        "no text": pd.Series([None] * 8, dtype="str"),
        "grade": pd.Categorical(["low", "", None, "high"] * 2, categories=["low", "high", "", "unused"], ordered=True),
        "stars": pd.Categorical([5, 1, None, 5] * 2, categories=[5, 1]),
    })  # fmt: skip
    return frame.astype({"text": "str", "code": "str"}).rename(columns={"code": 'a "code",\r'})


def test_a_script_reads_back_the_very_cells_and_types_of_its_datasets(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    table = odd_table()
    other = pd.DataFrame({"only": pd.Series([None, "", "x"], dtype="str")})
    workspace.datasets.register("odd", table)
    workspace.datasets.register("Odd!", other)
    nodes = {
        "first": ("dataset", {"name": "odd"}),
        "again": ("dataset", {"name": "odd"}),
        "other": ("dataset", {"name": "Odd!"}),
        "typed": ("enter-data-manually", {"data": 'a,b\n"x\ry",01\n,2\n'}),
    }
    export = export_python(pipeline_of(nodes, []), library, workspace.sources(library))
    script, *files = export.write(tmp_path / "odd.py")
    assert sorted(file.name.casefold() for file in files) == ["odd-2.csv", "odd.csv"]
    made = tables_of(script)
    for name, expected in {"odd": table, "odd_2": table, "odd_3": other}.items():
        pd.testing.assert_frame_equal(made[name], expected, check_exact=True)
    typed = pd.DataFrame({"a": ["x\ry", None], "b": ["01", "2"]}, dtype="str")
    pd.testing.assert_frame_equal(made["dataset"], typed)
