"""Steps of runs and their outputs under the names of the original."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from designer.sdk.azure.faces import Face
from designer.sdk.outputs import RunOutput
from designer.sdk.runs import Run, RunStep
from designer.serving.pipelines.status import STATUSES


class PortDataReference(Face):
    """Where an output lies. `download` puts it below a folder under `path_on_datastore`."""

    plain: RunOutput

    def __init__(self, plain: RunOutput, path_on_datastore: str) -> None:
        super().__init__(plain)
        self.path_on_datastore = path_on_datastore

    @property
    def name(self) -> str:
        """The name of the output."""
        return self.plain.port

    def download(self, local_path: str, overwrite: bool | None = None, show_progress: bool | None = None) -> int:
        """Write it below a folder; returns how many files. Present files of the same names are replaced."""
        place = Path(local_path) / self.path_on_datastore
        place.mkdir(parents=True, exist_ok=True)
        self.plain.download(place)
        return max(len(self.plain.files()), 1)


class StepRunOutput(Face):
    """An output of a step."""

    plain: RunOutput

    def __init__(self, plain: RunOutput, path: str) -> None:
        super().__init__(plain)
        self._path = path

    @property
    def name(self) -> str:
        """Its name."""
        return self.plain.port

    def get_port_data_reference(self) -> PortDataReference:
        """Where it lies."""
        return PortDataReference(self.plain, self._path)


class StepRun(Face):
    """A step of a run."""

    plain: RunStep

    def __init__(self, plain: RunStep, run: Run) -> None:
        super().__init__(plain)
        self.run = run

    @property
    def name(self) -> str:
        """Its name."""
        return self.plain.title

    @property
    def status(self) -> str:
        """NotStarted, Running, Finished, Failed or Canceled."""
        return STATUSES[self.plain.status]

    def get_status(self) -> str:
        """`status`."""
        return STATUSES[self.run[self.plain.id].status]

    def get_output(self, name: str) -> StepRunOutput:
        """An output by name. Raises FileMissing with the closest one."""
        return StepRunOutput(self.plain.outputs[name], f"azureml/{self.run.id}/{self.plain.id}/{name}")

    def get_output_data(self, name: str) -> PortDataReference:
        """Where an output lies."""
        return self.get_output(name).get_port_data_reference()

    def get_outputs(self) -> dict[str, StepRunOutput]:
        """Its outputs by name."""
        return {name: self.get_output(name) for name in self.plain.outputs}

    def get_metrics(self, name: str | None = None) -> dict[str, Any]:
        """What it logged, by name: the value, or all values of one that was logged several times."""
        names = [each for each in self.plain.metrics if name in (None, each)]
        logged = {each.name: each for each in self.run.connection.series(self.run.id, self.plain.id)}
        series = {each: self.plain.series(each) for each in names if each in logged}
        return {each: series[each] if len(series.get(each, ())) > 1 else self.plain.metrics[each] for each in names}

    def get_stdout_log(self) -> str:
        """The end of what it printed."""
        return self.plain.log

    def get_details_with_logs(self) -> dict[str, Any]:
        """Its status, error and log."""
        error = self.plain.error
        return {"runId": f"{self.run.id}/{self.plain.id}", "status": self.status,
                "error": str(error) if error is not None else None, "logFiles": {"stdout": self.plain.log}}  # fmt: skip

    def wait_for_completion(
        self, show_output: bool = True, timeout_seconds: float | None = None, raise_on_error: bool = True
    ) -> str:
        """Wait until its run has ended; returns its status."""
        self.run.wait_for_completion(show_output, timeout_seconds, raise_on_error)
        return self.get_status()


class RunDetails:
    """A view of a run in a notebook: the drawing of the run as it is now; `wait_for_completion` updates it."""

    def __init__(self, run: Any) -> None:
        self.run = run

    def show(self) -> None:
        """Show the run: as a drawing in a notebook, else as text."""
        if "IPython" in sys.modules:
            from IPython.display import display

            display(self.run)
        else:
            sys.stdout.write(f"{self.run!r}\n")


def steps_of(run: Run) -> Iterator[StepRun]:
    """The steps of a run, in the order of its pipeline."""
    return (StepRun(step, run) for step in run.steps.values())
