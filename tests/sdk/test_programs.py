"""Scripts and shell lines in code: arguments, settings, outputs, and what is refused where it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.component import InvalidComponent
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter, UnfittingWire
from designer.pipeline.document import from_document
from designer.pipeline.edit import apply
from designer.sdk import Dataset, File, Parameter, Pipeline, Table, Workspace, modules, output, script, shell
from designer.store.components import VersionTaken
from designer.store.workspace import open_workspace
from designer.workbench.workbench import Workbench
from tests.sdk.conftest import Home

ECHO = "import sys\nopen(sys.argv[1], 'w').write('|'.join(sys.argv[2:]))\n"


def write(folder: Path, text: str, name: str = "main.py") -> Path:
    (folder / name).write_text(text)
    return folder / name


def text_of(run: Any, step: str = "main", port: str = "seen") -> str:
    return str(run[step].outputs[port].load().path.read_text())


def test_arguments_keep_their_order_and_settings_can_be_changed(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path, ECHO)
    step = script(file, output("seen", File), "--rate", 0.5, "--deep", True, "plain", 3)
    assert text_of(workspace.submit(step).wait(show=False)) == "--rate|0.5|--deep|true|plain|3"
    assert step.parameters == {"rate": 0.5, "deep": True}
    other = script(file, output("seen", File), "--rate", 0.25, "--deep", True, "plain", 3)
    assert other.module == step.module
    assert text_of(workspace.submit(other).wait(show=False)) == "--rate|0.25|--deep|true|plain|3"


def test_a_parameter_of_the_pipeline_reaches_the_script(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path, ECHO)
    pipeline = Pipeline(script(file, output("seen", File), "--param1", Parameter("pipeline_arg", 10)))
    assert text_of(workspace.submit(pipeline).wait(show=False)) == "--param1|10"
    assert text_of(workspace.submit(pipeline, parameters={"pipeline_arg": 20}).wait(show=False)) == "--param1|20"
    with pytest.raises(DesignerError, match="pipeline_arg"):
        workspace.submit(pipeline, parameters={"pipeline_arg": "x"})


def test_programs_and_modules_mix_on_one_pipeline(workspace: Workspace, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "from designer import step\nframe = step.read('rows')\n"
        "frame[frame['petal length (cm)'] > 5].to_csv(step.outputs['long'], index=False)\n",
    )
    chosen = modules.select_columns_in_dataset(Dataset("Iris"), columns=["petal length (cm)"])
    long = script(file, output("long", Table), rows=chosen)
    ordered = modules.sort(long, columns=["petal length (cm)"], order="Descending")
    with pytest.raises(DesignerError):
        script(file, {"a": 1})
    run = workspace.submit(ordered).wait(show=False)
    frame = workspace.datasets["Iris"].to_pandas()["petal length (cm)"]
    expected = frame[frame > 5].sort_values(ascending=False).tolist()
    assert run["sort"].outputs["results_dataset"].to_pandas()["petal length (cm)"].tolist() == expected


def test_a_shell_line_gets_paths_and_values(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("b\na\n")
    step = shell(
        "sort words.txt > ${{outputs.sorted}}/all; printf %s ${{inputs.note}} > ${{outputs.sorted}}/note",
        inputs={"note": "it's $(id)"},
        outputs=["sorted"],
        source=tmp_path,
        name="sorting",
    )
    folder = workspace.submit(step).wait(show=False)["sorting"].outputs["sorted"].load().path
    assert (folder / "all").read_text() == "a\nb\n"
    assert (folder / "note").read_text() == "it's $(id)"


def test_a_script_is_packed_as_it_is_when_it_is_submitted(workspace: Workspace, tmp_path: Path) -> None:
    step = script(write(tmp_path, "raise SystemExit('old')\n"), output("seen", File))
    write(tmp_path, ECHO)
    assert workspace.submit(step).wait(show=False).status == "finished"


def test_a_step_told_to_run_always_does_so_though_its_script_is_the_same(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "always.py").write_text("print('ran')\n")
    states = [
        workspace.submit(script(tmp_path / "always.py", reuse=reuse)).wait(show=False)["always"].status
        for reuse in (True, True, False, False, True)
    ]
    assert states == ["finished", "reused", "finished", "finished", "reused"]


def test_a_registered_script_is_a_function_with_versions(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path, ECHO, "echo.py")
    made = workspace.components.register(script(file, output("seen", File), "--rate", 0.5), "1.3", title="Echo")
    assert (made.name, made.version) == ("echo", "1.3")
    step = workspace.components["echo"](rate=0.75)
    assert text_of(workspace.submit(step).wait(show=False), "echo") == "--rate|0.75"
    write(tmp_path, ECHO + "\n", "echo.py")
    with pytest.raises(VersionTaken, match=r"version 1\.3 of 'echo'"):
        workspace.components.register(script(file, output("seen", File), "--rate", 0.5), "1.3")
    newer = workspace.components.register(script(file, output("seen", File), "--rate", 0.5))
    assert (newer.version, workspace.components["echo"].version) == ("1", "1")
    assert workspace.components["echo", "1.3"].version == "1.3"
    with pytest.raises(InvalidParameter, match="speed"):
        workspace.components["echo"](speed=1)


def test_the_program_of_a_step_is_kept_under_a_name(home: Home, tmp_path: Path) -> None:
    workspace = home.workspace
    file = write(tmp_path, ECHO + "# kept\n")
    run = workspace.submit(script(file, output("seen", File), "--rate", 0.5)).wait(show=False)
    pipeline = from_document(workspace.connection.run(run.id).document)
    with open_workspace(home.folder) as opened:
        bench = Workbench(opened, opened.library)
        kept, operations = bench.editing.keep_step(pipeline, "main", "kept_echo")
        named = apply(pipeline, operations, opened.library())
        assert (kept.id, named.nodes["main"].module) == ("kept_echo@1", "kept_echo@1")
        assert named.nodes["main"].parameters == {"rate": 0.5}
        assert bench.editing.is_anonymous(pipeline.nodes["main"].module)
        with pytest.raises(FileMissing, match="'kept_echo@1' is no program without a name"):
            bench.editing.keep_step(named, "main", "other")
        with pytest.raises(FileMissing, match="there is no step 'mian'"):
            bench.editing.keep_step(named, "mian")
    again = workspace.components["kept_echo"](rate=0.5)
    assert text_of(workspace.submit(again).wait(show=False), "kept_echo") == "--rate|0.5"


def test_a_pipeline_job_in_yaml_is_a_pipeline_that_runs(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "a b c", "words.txt")
    component = write(
        tmp_path,
        "name: words\ninputs: {text: uri_file}\noutputs: {n: {type: uri_folder}}\n"
        "command: wc -w < ${{inputs.text}} > ${{outputs.n}}/n.txt\n",
        "words.yml",
    )
    workspace.components.register(component, "1")
    (tmp_path / "job.yml").write_text(
        "type: pipeline\ndisplay_name: Words\njobs:\n"
        "  count:\n    component: azureml:words:1\n    inputs: {text: {type: uri_file, path: words.txt}}\n"
        "  show: {command: 'cat ${{inputs.n}}/n.txt', inputs: {n: '${{parent.jobs.count.outputs.n}}'}}\n"
    )
    pipeline = Pipeline.from_yaml(tmp_path / "job.yml", workspace)
    assert (pipeline.name, pipeline.steps) == ("Words", ["count-text", "count", "show"])
    assert list(workspace.check(pipeline)) == []
    run = workspace.submit(pipeline).wait(show=False)
    assert run["show"].log.strip() == "3"
    assert workspace.plan(pipeline).running == []
    with pytest.raises(DesignerError, match=r"job.yml: 'jobs.count.component' names version 1 of 'words', which"):
        Pipeline.from_yaml(tmp_path / "job.yml")


def test_what_cannot_be_is_refused_where_it_is_written(tmp_path: Path) -> None:
    file = write(tmp_path, "")
    with pytest.raises(FileMissing, match=r"script 'mian\.py' is not in .*'main\.py'"):
        script(tmp_path / "mian.py")
    with pytest.raises(InvalidParameter, match="two outputs named 'a'"):
        script(file, output("a"), output("a"))
    with pytest.raises(InvalidParameter, match="a list cannot be an argument"):
        script(file, [1])
    with pytest.raises(InvalidParameter, match="cannot be a <class 'int'>"):
        output("a", int)  # type: ignore[arg-type]
    with pytest.raises(UnfittingWire, match="which a program cannot read"):
        script(file, modules.two_class_logistic_regression())
    with pytest.raises(InvalidComponent, match="unknown input 'y'"):
        shell("cat ${{inputs.y}}")
    with pytest.raises(InvalidComponent, match="empty"):
        shell("  ")


def test_a_dataset_as_an_argument_is_a_file_that_the_script_reads(workspace: Workspace, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "import sys\nfrom designer import step\nassert step.inputs['data'] == sys.argv[2]\n"
        "open(sys.argv[3], 'w').write(str(len(step.read('data'))))\n",
    )
    rows = workspace.datasets.register("three rows", pd.DataFrame({"n": [1, 2, 3]}))
    run = workspace.submit(script(file, "--data", rows, output("seen", File))).wait(show=False)
    assert text_of(run) == "3"
