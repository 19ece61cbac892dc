"""Programs as steps: what they get, what they give, how they end, and when they are reused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from designer.contract.component import ComponentParameter, ComponentPort, ComponentSpec
from designer.contract.ports import PortType
from designer.engine.backend import Backend
from designer.engine.events import Progress
from designer.engine.local.backend import Local
from designer.engine.programs.event_file import Events
from designer.engine.run import RunResult, execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.registry.scripts import Interface, script_source
from designer.store.history.submission import Submission
from designer.store.workspace import Workspace
from designer.workbench.components import Components

TABLE = pd.DataFrame({"n": [1, 2, 3], "t": pd.Series(["a", None, "c"], dtype="str")})
FOLDER, FILE, DATA = (ComponentPort("out", kind) for kind in (PortType.FOLDER, PortType.FILE, PortType.TABLE))
INPUT = ComponentPort("data", PortType.TABLE)


class Programs:
    """Writes scripts and runs them as the only or last step of a pipeline."""

    def __init__(self, workspace: Workspace, backend: Backend, folder: Path) -> None:
        self.workspace, self.backend, self.folder = workspace, backend, folder
        folder.mkdir()

    def component(
        self, script: str, *arguments: Any, name: str = "main.py", reuse: bool = True, **ports: Any
    ) -> ComponentSpec:
        """A component of a script in the folder, which is written."""
        (self.folder / name).write_text(script)
        made = script_source(self.folder / name, arguments, Interface(**ports), reuse=reuse)
        return Components(self.workspace).keep(made)

    def run(
        self, spec: ComponentSpec, parameters: Mapping[str, Any] | None = None, wired: bool = False, **options: Any
    ) -> RunResult:
        """Run a component; with `wired`, a table flows into its input `data`."""
        nodes = {"step": Node("step", spec.id, 1, dict(parameters or {}))}
        edges: tuple[Edge, ...] = ()
        if wired:
            self.workspace.datasets.register("rows", TABLE)
            nodes["rows"] = Node("rows", "dataset", 1, {"name": "rows"})
            edges = (Edge("rows", "dataset", "step", "data"),)
        pipeline = Pipeline("programs", nodes=nodes, edges=edges)
        return execute(pipeline, self.workspace.library(), self.workspace, backend=self.backend, **options)

    def value(self, result: RunResult, port: str = "out") -> Any:
        """An output of the step; the run must have finished."""
        assert result.ok, [node.error for node in result.nodes.values()]
        return result.value(self.workspace, self.workspace.library(), "step", port)

    def log(self, result: RunResult) -> str:
        """What the step printed."""
        return self.workspace.log(result.run_id, "step")


@pytest.fixture
def programs(workspace: Workspace, backend: Backend, tmp_path: Path) -> Programs:
    return Programs(workspace, backend, tmp_path / "source")


def problem(result: RunResult) -> str:
    error = result.nodes["step"].error
    assert error is not None
    return str(error["message"])


def test_a_script_gets_arguments_in_order_and_writes_a_folder(programs: Programs) -> None:
    spec = programs.component(
        "import sys\n"
        "open(sys.argv[2] + '/seen.txt', 'w').write(' '.join([sys.argv[1], sys.argv[3], sys.argv[4]]))\n",
        "--to", {"output": "out"}, {"parameter": "share"}, {"parameter": "loud"},
        outputs=(FOLDER,),
        parameters=(ComponentParameter("share", "number", 0.5), ComponentParameter("loud", "boolean", True)),
    )  # fmt: skip
    folder = programs.value(programs.run(spec, {"share": 0.25}))
    assert (folder.path / "seen.txt").read_text() == "--to 0.25 true"


def test_a_table_goes_in_and_comes_out(programs: Programs) -> None:
    spec = programs.component(
        "from designer import step\n"
        "frame = step.read('data')\n"
        "frame.assign(double=2 * frame['n']).to_parquet(step.outputs['out'])\n",
        inputs=(INPUT,),
        outputs=(DATA,),
    )
    pd.testing.assert_frame_equal(programs.value(programs.run(spec, wired=True)), TABLE.assign(double=[2, 4, 6]))


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_a_table_is_written_in_the_format_that_the_port_asks_for(programs: Programs, format: Any) -> None:
    spec = programs.component(
        f"import pandas, sys\nframe = pandas.read_{format}(sys.argv[1])\nframe.to_csv(sys.argv[2], index=False)\n",
        {"input": "data"},
        {"output": "out"},
        inputs=(ComponentPort("data", PortType.TABLE, format=format),),
        outputs=(DATA,),
    )
    assert programs.value(programs.run(spec, wired=True))["n"].tolist() == [1, 2, 3]


def test_a_table_meets_a_folder_port_as_parquet(programs: Programs) -> None:
    spec = programs.component(
        "import os, sys, pandas\n"
        "(name,) = os.listdir(sys.argv[1])\n"
        "print(name, len(pandas.read_parquet(os.path.join(sys.argv[1], name))))\n",
        {"input": "data"},
        inputs=(ComponentPort("data", PortType.FOLDER),),
    )
    result = programs.run(spec, wired=True)
    assert result.ok
    assert programs.log(result).strip() == "table.parquet 3"


def test_a_second_run_reuses_and_a_changed_file_runs_again_by_name(programs: Programs) -> None:
    script = "open('/dev/null', 'w')\n"
    (programs.folder / "notes.txt").write_text("1")
    assert programs.run(programs.component(script)).nodes["step"].state == "finished"
    assert programs.run(programs.component(script)).nodes["step"].state == "reused"
    step = programs.run(programs.component(script + "\n")).nodes["step"]
    assert (step.state, step.reason) == ("finished", "runs again: main.py changed")
    (programs.folder / "notes.txt").write_text("2")
    assert programs.run(programs.component(script + "\n")).nodes["step"].reason == "runs again: notes.txt changed"


def test_a_reused_step_has_the_log_of_the_one_that_computed_it(programs: Programs) -> None:
    spec = programs.component("print('visible')\n")
    programs.run(spec)
    again = programs.run(spec)
    assert again.nodes["step"].state == "reused"
    assert programs.log(again) == "visible\n"
    assert programs.workspace.log_part(again.run_id, "step", 2) == ("sible\n", 8)


def test_a_step_that_allows_no_reuse_runs_every_time(programs: Programs) -> None:
    spec = programs.component("", reuse=False)
    assert [programs.run(spec).nodes["step"].state for _ in range(2)] == ["finished", "finished"]
    assert programs.run(spec).nodes["step"].reason == "runs in every run, as it is set to"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("raise ValueError('no rows')\n", "'main.py' ended with exit code 1"),
        ("import sys\nsys.exit(3)\n", "'main.py' ended with exit code 3"),
        ("import sys\nsys.exit('too few rows')\n", "'main.py' ended with exit code 1"),
        ("import os\nos.kill(os.getpid(), 11)\n", "'main.py' was ended by SIGSEGV"),
        ("", "nothing was written to the output 'out'"),
        ("from designer import step\nimport os\nos.mkdir(step.outputs['out'])\n", "a folder with 0 files"),
    ],
)
def test_a_program_that_fails_says_how_it_ended(programs: Programs, script: str, words: str) -> None:
    result = programs.run(programs.component(script, outputs=(FILE,)))
    assert result.nodes["step"].state == "failed"
    assert words in problem(result)


def test_what_a_script_prints_is_its_log_with_a_traceback_of_its_own_lines(programs: Programs) -> None:
    result = programs.run(programs.component("def f():\n    raise ValueError('no rows')\nprint('begins')\nf()\n"))
    log = programs.log(result)
    assert log.startswith("begins\nTraceback (most recent call last):\n")
    assert 'main.py", line 2, in f' in log
    assert log.rstrip().endswith("ValueError: no rows")
    assert "warm.py" not in log


def test_an_empty_folder_is_finished_with_a_note(programs: Programs) -> None:
    result = programs.run(programs.component("", outputs=(FOLDER,)))
    assert result.ok
    assert result.nodes["step"].explain == "Wrote nothing to 'out'."


def test_a_table_that_cannot_be_read_names_the_port(programs: Programs) -> None:
    script = "from designer import step\nopen(step.outputs['out'], 'w').write('a,b\\n1\\n')\n"
    result = programs.run(programs.component(script, outputs=(DATA,)))
    assert "out" in problem(result)
    assert "row 2" in problem(result)


def test_a_program_that_changes_its_input_fails_and_harms_nobody(programs: Programs) -> None:
    makes = programs.component(
        "import sys\nopen(sys.argv[1] + '/x.txt', 'w').write('whole')\n", {"output": "out"}, outputs=(FOLDER,)
    )
    spoils = programs.component(
        "import os, sys\nfile = sys.argv[1] + '/x.txt'\nos.chmod(file, 0o644)\nopen(file, 'a').write('!')\n",
        {"input": "raw_data"},
        inputs=(ComponentPort("raw_data"),),
    )
    reads = programs.component(
        "import sys\nprint(open(sys.argv[1] + '/x.txt').read())\n",
        {"input": "raw_data"},
        inputs=(ComponentPort("raw_data"),),
    )
    for spec, state in ((spoils, "failed"), (reads, "finished")):
        pipeline = Pipeline(
            "two",
            nodes={"makes": Node("makes", makes.id, 1, {}), "step": Node("step", spec.id, 1, {})},
            edges=(Edge("makes", "out", "step", "raw_data"),),
        )
        library = programs.workspace.library()
        result = execute(pipeline, library, programs.workspace, backend=programs.backend)
        assert result.nodes["step"].state == state
        if state == "failed":
            words = "the program changed its input 'raw_data' (x.txt); inputs are read-only"
            assert words in problem(result)
    assert programs.log(result).strip() == "whole"


def test_a_program_that_writes_to_the_file_of_its_table_fails_and_the_dataset_survives(programs: Programs) -> None:
    spoils = programs.component(
        "import os, sys\nos.chmod(sys.argv[1], 0o644)\nopen(sys.argv[1], 'ab').write(b'z')\n",
        {"input": "data"},
        inputs=(INPUT,),
    )
    result = programs.run(spoils, wired=True)
    assert result.nodes["step"].state == "failed"
    assert "the program changed its input 'data' (its table); inputs are read-only" in problem(result)
    pd.testing.assert_frame_equal(programs.workspace.value(programs.workspace.datasets.stored("rows")), TABLE)


@pytest.mark.parametrize("type", [PortType.FILE, PortType.FOLDER])
def test_a_program_that_writes_to_a_stored_file_leaves_it_whole_for_the_next(
    programs: Programs, type: PortType
) -> None:
    makes = programs.component(
        "import sys\nopen(sys.argv[1], 'w').write('whole')\n", {"output": "out"}, outputs=(FILE,), name="make.py"
    )
    at = "path = os.path.join(sys.argv[1], os.listdir(sys.argv[1])[0]) if os.path.isdir(sys.argv[1]) else sys.argv[1]\n"
    ports = {"inputs": (ComponentPort("data", type),)}
    spoils = programs.component(
        f"import os, sys\n{at}os.chmod(path, 0o644)\nopen(path, 'a').write('!')\n", {"input": "data"}, **ports
    )
    reads = programs.component(f"import os, sys\n{at}print(open(path).read())\n", {"input": "data"}, **ports)
    states = []
    for spec in (spoils, reads):
        nodes = {"makes": Node("makes", makes.id, 1, {}), "step": Node("step", spec.id, 1, {})}
        pipeline = Pipeline("two", nodes=nodes, edges=(Edge("makes", "out", "step", "data"),))
        result = execute(pipeline, programs.workspace.library(), programs.workspace, backend=programs.backend)
        states.append((result.nodes["makes"].state, result.nodes["step"].state))
    assert states == [("finished", "failed"), ("reused", "finished")]
    assert programs.log(result).strip() == "whole"


def test_a_program_may_remove_or_touch_the_path_of_its_input(programs: Programs) -> None:
    spec = programs.component(
        "import os, sys\nos.utime(sys.argv[1])\nos.remove(sys.argv[1])\n", {"input": "data"}, inputs=(INPUT,)
    )
    assert programs.run(spec, wired=True).ok
    assert len(programs.workspace.value(programs.workspace.datasets.stored("rows"))) == 3


def test_progress_comes_while_the_program_runs(programs: Programs) -> None:
    seen: list[tuple[float | None, str]] = []

    def listen(event: Any) -> None:
        if isinstance(event, Progress):
            seen.append((event.fraction, event.text))

    script = "from designer import step\nimport time\nstep.progress(0.4, 'epoch 4')\ntime.sleep(0.4)\n"
    assert programs.run(programs.component(script), on_event=listen).ok
    assert (0.4, "epoch 4") in seen


def test_invalid_lines_of_the_events_file_are_skipped_and_counted(programs: Programs) -> None:
    script = (
        "import os\nwith open(os.environ['DESIGNER_EVENTS'], 'a') as events:\n"
        "    events.write('no json\\n[1]\\n{\"answer\": 1}\\n' + 'x' * 100_000 + '\\n{\"half')\n"
    )
    result = programs.run(programs.component(script))
    assert result.ok
    assert programs.log(result) == "4 lines of the events were skipped: no event, or over 64 kB.\n"


def test_values_that_are_no_numbers_and_names_with_markup_are_counted(programs: Programs) -> None:
    script = (
        "import json, os\nwith open(os.environ['DESIGNER_EVENTS'], 'a') as events:\n"
        "    values = [('a', 1.5), ('a', float('nan')), ('a', None), ('a', 10**400), ('<b>', 1), ('c' * 200, 1)]\n"
        "    for name, value in values:\n"
        "        events.write(json.dumps({'metric': name, 'value': value}) + '\\n')\n"
    )
    result = programs.run(programs.component(script))
    assert result.ok
    (series,) = programs.workspace.metrics.of_run(result.run_id)
    assert (series.name, repr(series.values())) == ("a", "[1.5, nan]")
    row = programs.workspace.runs.node(result.run_id, "step")
    assert row is not None
    assert row.unrecorded == 4
    assert "4 logged values could not be recorded. The first:" in programs.log(result)


def test_a_line_without_an_end_is_neither_kept_nor_read_again_and_again(tmp_path: Path) -> None:
    received: list[Mapping[str, Any]] = []
    events = Events(tmp_path / "events", received.append)
    with (tmp_path / "events").open("ab") as file:
        for _ in range(5):
            file.write(b"x" * 1_500_000)
            file.flush()
            events.forward()
        file.write(b'{"metric": "a", "value": 1}\n{"metric": "b", "value": 2}\n{"metric": "c", ')
        file.flush()
        events.forward()
        assert (events.skipped, [each["metric"] for each in received]) == (1, ["b"])
        file.write(b'"value": 3}\n' + b'{"metric": "d", "value": 4}\n' * 200_000)
    events.forward()
    assert (events.skipped, len(received)) == (1, 200_002)


def test_what_a_script_logs_are_metrics_and_tags_of_the_run(programs: Programs) -> None:
    script = (
        "from designer import step\n"
        "for epoch in range(3):\n    step.log('loss', 1 / (epoch + 1), step=epoch)\n"
        "step.log('note', 'slow')\nstep.tag('model', 'tree')\nstep.log('bad', float('nan'))\n"
        "step.log('risk', 0.5)\nstep.log('risk', float('inf'))\nstep.log('risk', float('nan'))\n"
    )
    result = programs.run(programs.component(script))
    assert result.ok
    series = {each.name: each for each in programs.workspace.metrics.of_run(result.run_id)}
    assert [(point.step, point.value) for point in series["loss"].points] == [(0, 1.0), (1, 0.5), (2, 1 / 3)]
    assert [point.text for point in series["note"].points] == ["slow"]
    assert series["bad"].last == "NaN"
    assert series["risk"].is_curve
    assert repr(series["risk"].values()) == "[0.5, inf, nan]"
    assert programs.workspace.runs.get(result.run_id).tags == {"model": "tree"}


def test_a_shell_command_can_append_events(programs: Programs) -> None:
    script = (
        "import os, subprocess\n"
        'line = \'echo \\\'{"metric": "auc", "value": 0.9}\\\' >> "$DESIGNER_EVENTS"\'\n'
        "subprocess.run(['bash', '-c', line], check=True)\n"
    )
    result = programs.run(programs.component(script))
    assert [each.name for each in programs.workspace.metrics.of_run(result.run_id)] == ["auc"]


def test_cancelling_leaves_no_process(workspace: Workspace, local: Local, tmp_path: Path) -> None:
    programs = Programs(workspace, local, tmp_path / "source")
    mark = tmp_path / "pids"
    script = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        f"open({str(mark)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(600)\n"
    )
    stop = threading.Event()

    def cancel() -> None:
        while not mark.exists() or not mark.read_text():
            time.sleep(0.02)
        stop.set()

    threading.Thread(target=cancel, daemon=True).start()
    result = programs.run(programs.component(script), cancelled=stop.is_set)
    assert result.state == "cancelled"
    pids = [int(pid) for pid in mark.read_text().split()]
    assert eventually(lambda: not any(_lives(pid) for pid in pids))
    assert not list(programs.workspace.scratch.iterdir())


def eventually(is_so: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_scripts_written_for_azure_run_as_they_are(programs: Programs) -> None:
    spec = programs.component(
        "import argparse, os, joblib\n"
        "from azureml.core import Run\n"
        "run = Run.get_context()\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--model', dest='model', required=True)\n"
        "args = parser.parse_args()\n"
        "frame = run.input_datasets['data'].to_pandas_dataframe()\n"
        "os.makedirs(args.model, exist_ok=True)\n"
        "joblib.dump(len(frame), os.path.join(args.model, 'model.joblib'))\n"
        "run.log('Score :', 0.75)\nrun.complete()\n",
        "--model",
        {"output": "out"},
        inputs=(INPUT,),
        outputs=(FOLDER,),
    )
    folder = programs.value(programs.run(spec, wired=True))
    assert [file.name for file in folder.files()] == ["model.joblib"]


def test_a_program_is_told_its_run_and_experiment_and_is_reused_in_another_experiment(programs: Programs) -> None:
    spec = programs.component(
        "from designer import step\nfrom azureml.core import Experiment, Run\nrun = Run.get_context()\n"
        "print(run.experiment.name == step.experiment, run.id == step.run_id, run.experiment.name, run.id)\n"
        "print(Experiment(run.experiment.workspace, 'other').name)\n"
    )
    first = programs.run(spec, submission=Submission("churn"))
    assert first.ok, programs.log(first)
    assert programs.log(first) == f"True True churn {first.run_id}\nother\n"
    second = programs.run(spec, submission=Submission("another"))
    assert second.nodes["step"].state == "reused"


def test_datasets_of_azure_are_the_inputs_and_what_is_missing_is_named(programs: Programs) -> None:
    spec = programs.component(
        "from azureml.core import Run, Dataset, Workspace, Experiment, Model\n"
        "from azureml.core.run import Run as Same\n"
        "run = Run.get_context()\n"
        "workspace = run.experiment.workspace\n"
        "print(Same is Run, run.experiment.name, workspace.name)\n"
        "print(len(Dataset.get_by_name(workspace, name='data').to_pandas_dataframe()))\n"
        "print(workspace.datasets['data'] == Model.get_model_path('data'))\n"
        "def refused(call):\n"
        "    try:\n        call()\n"
        "    except Exception as error:\n        print(type(error).__name__ + ':', error)\n"
        "refused(lambda: Dataset.get_by_name(workspace, 'other'))\n"
        "refused(lambda: Dataset.Tabular)\n"
        "refused(lambda: workspace.get_default_datastore())\n"
        "refused(lambda: run.get_details())\n"
        "refused(lambda: Model.register(workspace, 'm', 'm'))\n"
        "try:\n    from azureml.core import Datastore\n"
        "except ImportError as error:\n    print(error)\n",
        inputs=(INPUT,),
    )
    result = programs.run(spec, wired=True)
    assert result.ok, programs.log(result)
    lines = programs.log(result).splitlines()
    assert lines[:3] == ["True Default designer", "3", "True"]
    assert lines[3:] == [
        "LookupError: the step has no input 'other'; it has 'data'. Wire the dataset to an input of that name.",
        "AttributeError: a step of Designer has no Dataset.Tabular. Wire the dataset to an input.",
        (
            "AttributeError: a step of Designer has no Workspace.get_default_datastore. "
            "Wire what the script needs to an input."
        ),
        "AttributeError: a step of Designer has no Run.get_details. Wire what the script needs to an input.",
        "NotImplementedError: a step of Designer registers no model. Write its files to an output of the step.",
        (
            "a step of Designer has no azureml.core.Datastore; it has Dataset, Experiment, Model, Run, Workspace. "
            "Wire what the script needs to an input."
        ),
    ]


def test_a_package_of_the_users_that_is_called_like_ours_is_found(programs: Programs) -> None:
    (programs.folder / "modules").mkdir()
    (programs.folder / "modules" / "__init__.py").write_text("WHOSE = 'mine'\n")
    result = programs.run(programs.component("import modules\nprint(modules.WHOSE)\n"))
    assert programs.log(result) == "mine\n"


def test_a_file_named_like_a_loaded_library_replaces_it(programs: Programs) -> None:
    (programs.folder / "pandas.py").write_text("WHOSE = 'mine'\n")
    result = programs.run(programs.component("import pandas\nprint(pandas.WHOSE)\n"))
    assert programs.log(result) == "mine\n"


ORDINARY = """
import asyncio, atexit, logging, multiprocessing, os, pickle, sys, threading, time
from joblib import Parallel, delayed

class Thing:
    def __init__(self, n):
        self.n = n

def double(n):
    return 2 * n

def late():
    time.sleep(0.2)
    print("thread", flush=True)

if __name__ == "__main__":
    atexit.register(lambda: print("exit handler"))
    print(__name__, *map(os.path.basename, (__file__, sys.path[0], os.getcwd())), sys.argv[1:])
    print(pickle.loads(pickle.dumps(Thing(3))).n)
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, pool.map(double, [1, 2]))
    print("loky", Parallel(n_jobs=2)(delayed(double)(n) for n in (1, 2)))
    print(asyncio.run(asyncio.sleep(0, 5)))
    logging.warning("logged")
    threading.Thread(target=late).start()
    sys.exit("words")
"""


def test_a_script_behaves_in_a_fork_of_a_warm_process_as_in_a_new_interpreter(
    workspace: Workspace, local: Local, tmp_path: Path
) -> None:
    programs = Programs(workspace, local, tmp_path / "source")
    warm = programs.run(programs.component(ORDINARY, "a", "b"))
    (programs.folder / "pandas.py").write_text("")  # named like a loaded library, so that a new interpreter is needed
    fresh = programs.run(programs.component(ORDINARY, "a", "b"))
    expected = [
        "__main__ main.py code code ['a', 'b']", "3", "fork [2, 4]", "spawn [2, 4]", "loky [2, 4]", "5",
        "WARNING:root:logged", "words", "thread", "exit handler",
    ]  # fmt: skip
    assert programs.log(warm).splitlines() == expected
    assert programs.log(fresh).splitlines() == expected
    assert problem(warm) == problem(fresh) == "main.py: 'main.py' ended with exit code 1. The log has what it printed."


def test_a_file_that_cannot_be_kept_is_said(programs: Programs) -> None:
    script = (
        "from azureml.core import Run\nopen('a.txt', 'w').close()\nRun.get_context().upload_file('a.txt', 'a.txt')\n"
    )
    result = programs.run(programs.component(script))
    assert result.ok
    assert programs.log(result) == "'a.txt' is not kept: the step has no output that is a folder.\n"
