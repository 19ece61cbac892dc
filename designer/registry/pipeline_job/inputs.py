"""The inputs of jobs: values, data that a node imports, and what other jobs make."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.contract.component import ParameterType as SettingType
from designer.contract.module import Spec
from designer.contract.parameters import Parameter
from designer.contract.ports import PortType
from designer.contract.reference import reference_to
from designer.contract.wording.closeness import closest
from designer.pipeline.graph import Node, ParameterType, PipelineParameter
from designer.pipeline.promotion import NAME, type_of
from designer.registry.component_file import PARAMETER_TYPES, PORT_TYPES
from designer.registry.pipeline_job.data import Data, data_of, is_data
from designer.registry.pipeline_job.fields import DATA_FIELDS
from designer.registry.pipeline_job.references import JobOutput, ParentInput, reference_of
from designer.registry.yaml_file import Entry

Outputs = Mapping[str, Mapping[str, PortType]]
"""The type of each output, by job."""


@dataclass(frozen=True)
class Wired:
    """An input that gets what a node makes. `wanted` is the type that the job asks for."""

    node: str
    output: str
    type: PortType
    wanted: PortType


@dataclass(frozen=True)
class Given:
    """An input that gets a value: the text of an entry, or that of an input of the pipeline, and the declared type."""

    entry: Entry
    type: SettingType | None = None
    parent: str = ""


class Inputs:
    """Resolves what jobs are given; collects the nodes and parameters for data."""

    def __init__(self, parents: Mapping[str, Entry], outputs: Outputs, folder: Path, library: Library) -> None:
        self.nodes: dict[str, Node] = {}
        self.parameters: dict[str, PipelineParameter] = {}
        self._parents = parents
        self._outputs = outputs
        self._folder = folder
        self._library = library
        self._made: dict[Data | str, str] = {}

    def resolved(self, entry: Entry, name: str) -> Wired | Given | None:
        """What an input of a job gets; None for nothing. `name` is that of a node for it."""
        if isinstance(entry.value, str):
            return self._of_text(entry)
        entry.only(DATA_FIELDS)
        if "path" in entry:
            referred = self._of_text(entry.get("path")) if "${{" in entry.get("path").text else None
            return referred or self._imported(entry, name, "")
        if not {"default", "value"} & entry.value.keys():
            raise entry.wrong("has neither a path nor a value", "Add one.")
        return given_by(entry)

    def _of_text(self, entry: Entry) -> Wired | Given | None:
        if entry.value in ("", "null", "~"):
            return None
        match reference_of(entry):
            case ParentInput(name):
                return self._of_parent(entry, name)
            case JobOutput(job, name):
                return self._of_job(entry, job, name)
            case None:
                return Given(entry)

    def _of_parent(self, entry: Entry, name: str) -> Wired | Given | None:
        if name not in self._parents:
            remedy = closest(name, self._parents, "It has") or "It has none."
            raise entry.wrong(f"refers to '{name}', which is no input of the pipeline", remedy)
        parent = self._parents[name]
        if is_data(parent):
            return self._imported(parent, name, name)
        found = given_by(parent)
        return Given(found.entry, found.type, name)

    def _of_job(self, entry: Entry, job: str, name: str) -> Wired:
        if job not in self._outputs:
            raise entry.wrong(f"refers to '{job}', which is no job", closest(job, self._outputs, "Jobs are"))
        types = self._outputs[job]
        if name not in types:
            raise entry.wrong(f"refers to '{name}', which is no output of '{job}'", closest(name, types, "It has"))
        return Wired(job, name, types[name], types[name])

    def _imported(self, entry: Entry, name: str, parameter: str) -> Wired:
        """The output of a node that imports data, one for the same data; its path is a parameter if that is named."""
        entry.only(DATA_FIELDS)
        data = data_of(entry, self._folder)
        spec, key = self._library.required(data.purpose), parameter or data
        if key not in self._made:
            id = self._made[key] = self._free(name)
            values = data.parameters
            if parameter:
                self._promote(parameter, entry, type_of(_declared(spec, data.field)), values[data.field])
                values[data.field] = reference_to(parameter)
            self.nodes[id] = Node(id, spec.id, spec.version, values, entry.text_of("description"))
        wanted = PORT_TYPES[entry.text_of("type", "uri_folder")]
        return Wired(self._made[key], spec.outputs[0].name, spec.outputs[0].type, wanted)

    def _promote(self, name: str, entry: Entry, type: ParameterType | None, default: str | None) -> None:
        require_parameter_name(name, entry)
        assert type is not None
        self.parameters[name] = PipelineParameter(name, type, default, description=entry.text_of("description"))

    def _free(self, name: str) -> str:
        """An id for a node: the name, numbered if a job or another node has it."""
        taken = {*self._outputs, *self.nodes}
        names = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
        return next(each for each in names if each not in taken)


def given_by(entry: Entry) -> Given:
    """The value that an entry gives: its text, or that of its `default` or `value`. Raises InvalidYaml."""
    if isinstance(entry.value, str):
        return Given(entry)
    entry.only(DATA_FIELDS)
    kind = entry.text_of("type", "string")
    if kind not in PARAMETER_TYPES:
        raise entry.wrong(f"has type '{kind}' and no path", "Add its path, or write a value.")
    name = next((each for each in ("default", "value") if each in entry), None)
    return Given(entry.get(name) if name else replace(entry, value=""), PARAMETER_TYPES[kind])


def inferred_type(given: Given) -> SettingType:
    """The type of a value: the declared one, else that of the text that is written for it."""
    text = given.entry.text
    if given.type is not None:
        return "string" if given.type == "choice" else given.type
    if text in ("true", "false"):
        return "boolean"
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        return "integer"
    is_number = re.fullmatch(r"-?[0-9]+\.[0-9]+|-?[0-9.]+e-?[0-9]+", text) and str(float(text)) == text
    return "number" if is_number else "string"


def require_parameter_name(name: str, entry: Entry) -> None:
    """Raise InvalidYaml for an input of the pipeline whose name cannot be that of a parameter."""
    if not NAME.fullmatch(name):
        raise entry.wrong("cannot name a parameter of a pipeline", "Use letters, digits, _, - and ., up to 80.")


def _declared(spec: Spec, name: str) -> Parameter:
    return next(parameter for parameter in spec.parameters if parameter.name == name)
