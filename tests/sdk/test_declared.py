"""Functions as steps: called in their environment, registered with versions, and beside the modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from designer.contract.errors import DesignerError, InvalidParameter, InvalidValues, UnfittingWire
from designer.sdk import Dataset, Output, StepFailed, Table, Workspace, component, modules, pipeline
from designer.store.components import VersionTaken

MATCHER = '''
"""A matcher in place of a large one."""
from designer.sdk import Folder, Output, Workspace, component, modules as m

@component(version="1.3", title="Superpoint and Superglue", environment=[])
def superpoint_and_superglue(input_data: Folder, data_output: Output[Folder], threshold: float = 0.2):
    """Run the models and write a CSV with the matching images."""
    import models.matching

    try:
        import pandas
    except ModuleNotFoundError as error:
        print("missing:", error.name)
    with open(data_output / "results.csv", "w") as file:
        file.write("image,score\\n")
        for image, score in models.matching.scores(input_data.files()):
            if score > threshold:
                file.write(f"{image},{score}\\n")

if __name__ == "__main__":
    Workspace().submit(m.sort(superpoint_and_superglue()))
'''
SCORES = "def scores(files):\n    return [(file.name, len(file.read_text()) / 10) for file in files]\n"


@pytest.fixture
def matcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The file of a component, imported."""
    (tmp_path / "source" / "models").mkdir(parents=True)
    (tmp_path / "source" / "models" / "__init__.py").touch()
    (tmp_path / "source" / "models" / "matching.py").write_text(SCORES)
    (tmp_path / "source" / "matcher.py").write_text(MATCHER)
    monkeypatch.syspath_prepend(tmp_path / "source")
    yield import_module("matcher")
    del sys.modules["matcher"]


def test_a_registered_function_runs_in_its_environment_and_feeds_modules(
    workspace: Workspace, matcher: ModuleType, tmp_path: Path
) -> None:
    registered = workspace.components.register(matcher.superpoint_and_superglue)
    assert (registered.name, registered.version) == ("superpoint_and_superglue", "1.3")
    (tmp_path / "posters").mkdir()
    for name, length in (("a.txt", 1), ("b.txt", 5), ("c.txt", 9)):
        (tmp_path / "posters" / name).write_text("x" * length)
    posters = workspace_folder(tmp_path / "posters")
    found = matcher.superpoint_and_superglue(input_data=posters, threshold=0.3)
    best = modules.sort(modules.read_table(found, path="results.csv"), columns=["score"], order="Descending")
    run = workspace.submit(best).wait(show=False)
    assert run["sort"].outputs["results_dataset"].to_pandas().to_dict("list") == {
        "image": ["c.txt", "b.txt"], "score": [0.9, 0.5],
    }  # fmt: skip
    assert "missing: pandas" in run["superpoint_and_superglue"].log
    kept = workspace.connection.run(run.id).document["nodes"]["superpoint_and_superglue"]["module"]
    assert kept == "superpoint_and_superglue@1.3"


def workspace_folder(folder: Path) -> object:
    """A step that gives the files of a folder."""
    from designer.sdk import shell

    return shell("cp -r . ${{outputs.files}}", outputs=["files"], source=folder, name="posters")


def test_versions_keep_their_content(workspace: Workspace, matcher: ModuleType, tmp_path: Path) -> None:
    same = workspace.components.register(matcher.superpoint_and_superglue)
    assert same.version == "1.3"
    before = workspace.components["superpoint_and_superglue", "1.3"].spec.code
    file = tmp_path / "source" / "models" / "matching.py"
    file.write_text(SCORES.replace("/ 10", "/ 20"))
    with pytest.raises(VersionTaken, match=r"version 1\.3 of 'superpoint_and_superglue' exists with other content"):
        workspace.components.register(matcher.superpoint_and_superglue)
    matcher.superpoint_and_superglue.function.designer_component["version"] = ""
    assert workspace.components.register(matcher.superpoint_and_superglue).version == "1"
    assert workspace.components["superpoint_and_superglue", "1.3"].spec.code == before


def test_tables_are_read_and_what_is_returned_is_written(workspace: Workspace) -> None:
    frame = pd.DataFrame(
        {"x": [1, 2], "t": pd.Series(["a", None], dtype="str"), "when": pd.to_datetime(["2026", None])}
    )
    data = workspace.datasets.register("to double", frame)

    @component
    def doubled(rows: Table, column: str, times: int = 2, kept: Output[Table] = None) -> Table:
        """Multiply a column."""
        rows[["x"]].to_csv(kept, index=False)
        return rows.assign(**{column: rows[column] * times})

    @pipeline(name="Twice")
    def twice(data: Dataset):
        first = doubled(data, column="x")
        return doubled(first["output"], column="x", times=5)

    run = workspace.submit(twice(data)).wait(show=False)
    pd.testing.assert_frame_equal(run["doubled-2"].outputs["output"].to_pandas(), frame.assign(x=[10, 20]))
    assert run["doubled-2"].outputs["kept"].to_pandas()["x"].tolist() == [2, 4]
    with pytest.raises(InvalidParameter, match="there is no input or setting 'colum'"):
        doubled(data, colum="x")
    with pytest.raises(UnfittingWire, match="2 inputs are given"):
        doubled(data, data)
    assert doubled.function.__name__ == "doubled"


SCALED = """
from enum import Enum
from designer.sdk import component

class Mode(Enum):
    UP = "up"
    DOWN = "down"

@component
def scaled(mode: Mode = Mode.UP) -> None:
    print(type(mode).__name__, mode.value)
"""


def test_a_setting_that_is_an_enum_takes_a_member_and_gives_it_to_the_function(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "scaling.py").write_text(SCALED)
    monkeypatch.syspath_prepend(tmp_path / "source")
    scaling = import_module("scaling")
    del sys.modules["scaling"]
    run = workspace.submit(scaling.scaled(mode=scaling.Mode.DOWN)).wait(show=False)
    assert run["scaled"].log.strip() == "Mode down"
    with pytest.raises(InvalidParameter, match="sideways"):
        scaling.scaled(mode="sideways")


ENUMS = """
from __future__ import annotations
from enum import Enum
from typing import Annotated, Optional
from designer.sdk import Input, component

class Mode(Enum):
    UP = "up"
    DOWN = "down"

@component
def moved(
    needed: Mode,
    titled: Annotated[Optional[Mode], Input(title="Titled")],
    plain: Mode = "down",
    wished: Mode | None = None,
    open: Mode | None = None,
) -> None:
    print(needed, titled, plain, wished, open)
"""


def test_an_enum_without_a_default_gives_its_member_by_the_annotation(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "moving.py").write_text(ENUMS)
    monkeypatch.syspath_prepend(tmp_path / "source")
    moving = import_module("moving")
    del sys.modules["moving"]
    run = workspace.submit(moving.moved(needed="up", titled="down", wished=moving.Mode.UP)).wait(show=False)
    assert run["moved"].log.strip() == "Mode.UP Mode.DOWN Mode.DOWN Mode.UP None"


def test_a_setting_that_is_not_given_is_asked_for_by_name(workspace: Workspace) -> None:
    @component
    def greeted(note: str, loud: bool) -> None:
        print(note, loud)

    with pytest.raises(DesignerError, match="Note: no value is given"):
        workspace.submit(greeted(loud=True)).wait(show=False)
    with pytest.raises(DesignerError, match="Loud: no value is given"):
        workspace.submit(greeted(note="a")).wait(show=False)


def test_a_table_needs_an_environment_that_reads_it(workspace: Workspace) -> None:
    @component(environment=[])
    def counted(rows: Table) -> None:
        print(len(rows))

    with pytest.raises(InvalidValues, match="takes the table 'rows', and its environment has no pandas and no pyarrow"):
        workspace.components.register(counted)


def test_a_function_of_a_notebook_runs_and_its_error_ends_with_its_line(workspace: Workspace) -> None:
    @component(environment=[])
    def failing(count: int = 3) -> None:
        """Fail."""
        raise ValueError(f"no more than {count}")

    with pytest.raises(StepFailed, match="'failing' ended with exit code 1") as failure:
        workspace.submit(failing(count=4)).wait(show=False)
    assert "ValueError: no more than 4" in str(failure.value)
    assert "call.py" not in workspace.runs["latest"]["failing"].log


def test_code_that_belongs_outside_is_refused_in_the_program(workspace: Workspace, tmp_path: Path) -> None:
    @component(environment=[])
    def inside() -> None:
        from designer.sdk import Workspace

        Workspace()

    with pytest.raises(StepFailed, match=r"'Workspace' of designer\.sdk cannot be used in a program"):
        workspace.submit(inside()).wait(show=False)
