"""Steps that run Python scripts, under the names of the original."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from designer.contract.errors import InvalidParameter, UnfittingWire
from designer.registry.scripts import component_name
from designer.sdk.azure.compute import LOCAL
from designer.sdk.azure.datasets import DatasetConsumptionConfig, FileDataset, TabularDataset
from designer.sdk.azure.datastores import DataPath, DataPathComputeBinding, DataReference
from designer.sdk.azure.environments import RunConfiguration
from designer.sdk.azure.faces import note, refuse_given, refuse_unknown
from designer.sdk.azure.outputs import OutputFileDatasetConfig, Reading, Written
from designer.sdk.azure.parameters import PipelineParameter
from designer.sdk.programs import NamedInput, output, script
from designer.sdk.steps import Output, Step, Wireable

DONE = "done"
"""The empty output of a step that others follow and that has no output of its own."""


class PythonScriptStep:
    """A step that runs a Python script; `plain` is the step of `designer.sdk`, made when a pipeline is."""

    def __init__(
        self,
        script_name: str = "",
        name: str | None = None,
        arguments: Sequence[Any] | None = None,
        compute_target: Any = None,
        runconfig: RunConfiguration | None = None,
        runconfig_pipeline_params: Any = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Written] | None = None,
        params: Any = None,
        source_directory: str | None = None,
        allow_reuse: bool = True,
        version: str | None = None,
        hash_paths: Sequence[str] | None = None,
        target: Any = None,
        **others: Any,
    ) -> None:
        known = inspect.signature(PythonScriptStep).parameters
        refuse_unknown("PythonScriptStep", others, [each for each in known if each != "others"])
        refused = {"runconfig_pipeline_params": runconfig_pipeline_params, "params": params}
        refuse_given("PythonScriptStep", refused, "Give the PipelineParameter among the arguments.")
        refuse_given("PythonScriptStep", {"version": version}, "Leave it out: a changed file runs the step again.")
        if not script_name:
            raise InvalidParameter("no script is named", "Give script_name.", parameter="script_name")
        if compute_target is not None or target is not None:
            note(LOCAL)
        self.name = name or script_name
        self.allow_reuse = allow_reuse
        self.runconfig = runconfig
        self._folder = Path(source_directory or ".").absolute()
        self._script = script_name
        self._arguments = list(arguments or ())
        self._inputs = list(inputs or ())
        self._hash_paths = [str(each) for each in hash_paths or ()]
        self._outputs = self._written(list(outputs or ()))
        self._after: list[PythonScriptStep] = []
        self._is_followed = self._is_building = False
        for each in self._outputs:
            each.claim(self)

    @cached_property
    def plain(self) -> Step:
        """The step of `designer.sdk`. Raises UnfittingWire for steps that wait for each other."""
        if self._is_building:
            raise UnfittingWire(f"'{self.name}' reads what depends on it", "Let the steps follow each other.")
        self._is_building = True
        try:
            return self._made()
        finally:
            self._is_building = False

    def run_after(self, step: PythonScriptStep) -> None:
        """Run after another step also where it reads nothing of it.

        A pipeline has wires of data only, so this is one: from the first output of the other step, or from an empty one
        called `done`, to an input called `after_` and its name.
        """
        if step is self:
            raise UnfittingWire(f"'{self.name}' cannot run after itself", "Name another step.")
        if step in self.writers or step in self._after:
            return
        self._after.append(step)
        step._is_followed = step._is_followed or not step._outputs

    @property
    def writers(self) -> list[PythonScriptStep]:
        """The steps whose outputs it reads."""
        read = [_written_of(each) for each in (*self._inputs, *self._arguments)]
        return [each.writer for each in read if each and each.writer and each.writer is not self]

    def _made(self) -> Step:
        named = dict(_input(each) for each in self._inputs if not self._is_argument(each))
        named |= {f"after_{component_name(each.name)}": each._end for each in self._after}
        extra = [each.new for each in self._outputs if each not in self._arguments]
        step = script(
            self._folder / self._script,
            *(self._argument(each) for each in self._arguments),
            source=self._folder,
            name=self.name,
            reuse=self.allow_reuse,
            hash_paths=[self._folder / each for each in self._hash_paths],
            environment=self.runconfig.plain if self.runconfig is not None else None,
            outputs=[*extra, *([output(DONE)] if self._is_followed else [])],
            inputs=named,
        )
        return step.named(step.id, title=self.name)

    @property
    def _end(self) -> Output:
        """The output that a following step waits for."""
        return self.plain[self._outputs[0].port if self._outputs else DONE]

    def _written(self, outputs: list[Any]) -> list[Written]:
        """The outputs: those listed, and those among the arguments that are no inputs."""
        wrong = next((each for each in outputs if not isinstance(each, Written)), None)
        if wrong is not None:
            problem = f"a {type(wrong).__name__} cannot be an output of '{self.name}'"
            raise InvalidParameter(problem, "Give PipelineData or OutputFileDatasetConfig.", parameter="outputs")
        also = [each for each in self._arguments if isinstance(each, OutputFileDatasetConfig)]
        return [*outputs, *(each for each in also if each not in outputs and each not in self._inputs)]

    def _is_argument(self, value: Any) -> bool:
        """Whether an input is among the arguments, so that the script gets its path there."""
        written = _written_of(value)
        return any(each is value or (written is not None and _written_of(each) is written) for each in self._arguments)

    def _argument(self, value: Any) -> Any:
        if isinstance(value, Written) and value in self._outputs:
            return value.new
        if isinstance(value, Written) and value not in self._inputs:
            problem = f"'{value.name}' is an argument of '{self.name}', and neither input nor output"
            raise UnfittingWire(problem, "List it among inputs or outputs.")
        if isinstance(value, PipelineParameter) and not isinstance(value.default_value, DataPath | TabularDataset):
            return value.plain
        return NamedInput(*_input(value)) if _is_input(value) else value


class StepSequence:
    """Steps that run one after the other; steps of an inner list in any order. See `PythonScriptStep.run_after`."""

    def __init__(self, steps: Iterable[Any]) -> None:
        groups = [flat(each) for each in steps]
        for before, after in pairwise(groups):
            for step in after:
                for earlier in before:
                    step.run_after(earlier)
        self.steps = [step for group in groups for step in group]


def flat(steps: Any) -> list[PythonScriptStep]:
    """The steps in a step, a list, a list of lists, a sequence. Raises InvalidParameter for anything else."""
    match steps:
        case PythonScriptStep():
            return [steps]
        case StepSequence():
            return steps.steps
        case list() | tuple():
            return [step for each in steps for step in flat(each)]
    raise InvalidParameter(f"a {type(steps).__name__} is not a step", "Give PythonScriptSteps, or lists of them.")


def renew(steps: Iterable[PythonScriptStep]) -> None:
    """Have steps and those that they wait for made anew: since they were, others may have been told to follow them."""
    reached: set[PythonScriptStep] = set()
    waiting = list(steps)
    while waiting:
        step = waiting.pop()
        step.__dict__.pop("plain", None)
        waiting += [each for each in (*step.writers, *step._after) if each not in reached]
        reached |= {step, *waiting}


def _is_input(value: Any) -> bool:
    return isinstance(value, Written | Reading | Wireable | tuple | PipelineParameter)


def _input(value: Any) -> tuple[str, Any]:
    """The name of an input, and what it is wired to."""
    match value:
        case Written():
            return value.port, _wire(value)
        case Reading():
            return component_name(value.name), _wire(value.written)
        case DatasetConsumptionConfig():
            return component_name(value.name), value
        case DataReference():
            return component_name(value.data_reference_name), value
        case (PipelineParameter() as parameter, DataPathComputeBinding()):
            return component_name(parameter.name), parameter.place
        case (DataPath() as path, DataPathComputeBinding()):
            reference = path.create_data_reference()
            return component_name(reference.data_reference_name), reference
        case PipelineParameter() if isinstance(value.default_value, TabularDataset):
            return component_name(value.name), value.dataset
        case PipelineParameter():
            return component_name(value.name), value.place
        case TabularDataset():
            return component_name(value.name or "input"), value
        case FileDataset():
            return component_name(value.place.data_reference_name), value
    problem = f"a {type(value).__name__} cannot be an input"
    raise InvalidParameter(problem, "Give PipelineData, a DataReference, or a dataset.", parameter="inputs")


def _written_of(value: Any) -> Written | None:
    return value if isinstance(value, Written) else value.written if isinstance(value, Reading) else None


def _wire(written: Written) -> Output:
    if written.writer is None:
        problem = f"no step writes '{written.name}'"
        raise UnfittingWire(problem, "List it among the outputs of one.")
    return written.writer.plain[written.port]
