"""A training pipeline as one plain script: it runs where Designer is not installed and finds the same metrics."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, NotExportable
from designer.contract.library import Library
from designer.export.python import PythonExport, export_python
from designer.inference.rewrite import rewrite
from designer.pipeline.edit import change
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from tests.trained import Trained, clusters_pipeline, people_pipeline, trained

PIPELINES = {
    "logistic": people_pipeline("two-class-logistic-regression", "income"),
    "boosted trees": people_pipeline("two-class-boosted-decision-tree", "income"),
    "forest": people_pipeline("two-class-decision-forest", "income"),
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
    """Run a script where only pandas, scikit-learn and what they bring can be imported."""
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
