"""Read a pipeline job as a pipeline: jobs are nodes, inputs are parameters, data is imported by nodes of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentParameter, ComponentPort, ComponentSpec, component_module
from designer.contract.reference import reference_to
from designer.contract.wording.closeness import closest
from designer.pipeline.assembly import invalid_value
from designer.pipeline.document import DamagedDocument, from_document, to_document
from designer.pipeline.graph import Edge, Node, Pipeline, PipelineParameter
from designer.registry.component_file import value_of
from designer.registry.pipeline_job.data import is_data
from designer.registry.pipeline_job.fields import (
    NO_PIPELINE_FIELDS,
    PIPELINE_FIELDS,
    PIPELINE_KINDS,
    SETTINGS,
)
from designer.registry.pipeline_job.inputs import Given, Inputs, Wired, given_by, inferred_type, require_parameter_name
from designer.registry.pipeline_job.programs import JobProgram, Programs, checked, output_type, with_inputs
from designer.registry.scripts import Source
from designer.registry.yaml_file import Entry, InvalidYaml, read_yaml


@dataclass(frozen=True)
class PipelineJob:
    """A pipeline whose programs are not stored yet: `programs` has them by the id of their node.

    `force` asks for a run that reuses nothing; `experiment` and `tags` are those of its runs.
    """

    graph: Pipeline
    programs: Mapping[str, Source]
    experiment: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    force: bool = False

    def modules(self, library: Library) -> Library:
        """A library with the programs, so that the pipeline can be checked before they are stored."""
        return library.including(
            {each.spec.id: partial(component_module, each.spec) for each in self.programs.values()}
        )

    def kept(self, keep: Callable[[Source], str]) -> Pipeline:
        """The pipeline after `keep` stored each program and returned the id of its module."""
        ids = {id: keep(source) for id, source in self.programs.items()}
        nodes = {id: replace(node, module=ids.get(id, node.module)) for id, node in self.graph.nodes.items()}
        return replace(self.graph, nodes=nodes)


def read_pipeline_job(file: Path, library: Library) -> PipelineJob:
    """Read a pipeline job; `library` has the modules that import data and the components that it may name.

    Nothing is executed or stored. Raises InvalidYaml with file, line and field for what cannot be read or done,
    InvalidComponent for a command whose placeholders name nothing, and the errors of `snapshot`.
    """
    document = read_yaml(file)
    kind = document.text_of("type", "pipeline")
    if kind not in PIPELINE_KINDS:
        raise document.get("type").wrong(f"is '{kind}'", "Only pipelines can be read as one.")
    settings = document.get("settings") if "settings" in document else replace(document, value="")
    for part, known in ((document, PIPELINE_FIELDS), (settings, SETTINGS)):
        for name, entry in part.fields():
            if name in NO_PIPELINE_FIELDS and entry.value not in ("", "null"):
                raise entry.wrong("is not done by a pipeline", NO_PIPELINE_FIELDS[name])
        part.only([*known, *NO_PIPELINE_FIELDS])
    reading = _Reading(document, settings, file, library)
    try:
        graph = reading.graph(document.text_of("display_name") or document.text_of("name") or file.stem)
    except DamagedDocument as error:
        raise error.at(file=file.name) from None
    tags = {name: entry.text for name, entry in _section(document, "tags").items()}
    force = settings.get("force_rerun").flag if "force_rerun" in settings else False
    return PipelineJob(graph, reading.programs, document.text_of("experiment_name"), tags, force)


class _Reading:
    """Makes a node of each job, and collects the uses of the inputs of the pipeline."""

    def __init__(self, document: Entry, settings: Entry, file: Path, library: Library) -> None:
        self.programs: dict[str, Source] = {}
        self._document = document
        self._parents, outputs = _section(document, "inputs"), _section(document, "outputs")
        for entry in outputs.values():
            if not isinstance(entry.value, str):
                output_type(entry)
        default = settings.get("environment") if "environment" in settings else None
        self._jobs = _section(document, "jobs") or _no_job(document)
        reader = Programs(file.parent, library, outputs, default)
        self._read = {name: reader.of(name, job) for name, job in self._jobs.items()}
        types = {name: {port.name: port.type for port in each.spec.outputs} for name, each in self._read.items()}
        self._inputs = Inputs(self._parents, types, file.parent, library)
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []
        self._uses: dict[str, list[ComponentParameter]] = {}

    def graph(self, name: str) -> Pipeline:
        """The pipeline. Raises InvalidYaml."""
        for job, entry in self._jobs.items():
            self._add(job, entry, self._read[job])
        description = self._document.text_of("description")
        parameters = {**self._inputs.parameters, **self._parameters()}
        graph = Pipeline(
            name=name,
            nodes={**self._inputs.nodes, **self._nodes},
            edges=tuple(self._edges),
            description=description,
            parameters={each: parameters[each] for each in self._parents if each in parameters},
        )
        return from_document(to_document(graph))  # raises for what a document cannot hold

    def _add(self, name: str, job: Entry, program: JobProgram) -> None:
        entries = dict(job.get("inputs").fields()) if "inputs" in job else {}
        given = {each: self._inputs.resolved(entry, f"{name}-{each}") for each, entry in entries.items()}
        present = {each: value for each, value in given.items() if value is not None}
        if program.is_command:
            program = with_inputs(program, _with_interface(program.spec, present))
        else:
            _require_known(program.spec, present, entries)
        spec = checked(program.spec, job) if program.source is not None else program.spec
        if program.source is not None:
            self.programs[name] = Source(spec, program.source.files)
        _require_complete(spec, present, job.get("inputs") if "inputs" in job else job)
        values = self._wired(name, spec, present)
        title, comment = ("", "") if program.is_command else (job.text_of("display_name"), job.text_of("description"))
        self._nodes[name] = Node(name, spec.id, 1, values, comment, title)

    def _wired(self, name: str, spec: ComponentSpec, given: Mapping[str, Wired | Given]) -> dict[str, Any]:
        """Draw the wires of a job; returns the values of its settings."""
        module = component_module(spec)
        parameters = {each.name: each for each in spec.parameters}
        values: dict[str, Any] = {}
        for input, value in given.items():
            if isinstance(value, Wired):
                self._edges.append(Edge(value.node, value.output, name, input))
                continue
            own = module.fields_by_parameter[input]
            if value.parent:
                self._uses.setdefault(value.parent, []).append(parameters[input])
                values[own] = reference_to(value.parent)
                continue
            values[own] = _typed(value.entry, parameters[input])
            refusal = invalid_value(module, {own: values[own]})
            if refusal is not None:
                raise value.entry.wrong(f"does not fit: {refusal.found}", refusal.remedy)
        return values

    def _parameters(self) -> dict[str, PipelineParameter]:
        """The inputs of the pipeline that are values, by name, with the type of the settings that they fill."""
        made: dict[str, PipelineParameter] = {}
        for name, entry in self._parents.items():
            if is_data(entry):
                continue
            given = given_by(entry)
            plain = ComponentParameter(name, inferred_type(given))
            filled = _shared(self._uses.get(name) or [plain], entry)
            require_parameter_name(name, entry)
            default = None if given.entry.value in ("", "null", "~") else _typed(given.entry, filled)
            text = "" if isinstance(entry.value, str) else entry.text_of("description")
            bounds = (filled.minimum, filled.maximum, filled.choices)
            made[name] = PipelineParameter(name, filled.type, default, "", text, *bounds)
        return made


def _no_job(document: Entry) -> dict[str, Entry]:
    raise document.get("jobs").wrong("has no job", "Add one.")


def _section(document: Entry, name: str) -> dict[str, Entry]:
    return dict(document.get(name).fields()) if name in document else {}


def _with_interface(spec: ComponentSpec, given: Mapping[str, Wired | Given]) -> ComponentSpec:
    """A command with the ports and settings that its job gives values to."""
    ports = tuple(ComponentPort(name, each.wanted) for name, each in given.items() if isinstance(each, Wired))
    settings = tuple(
        ComponentParameter(name, inferred_type(each)) for name, each in given.items() if isinstance(each, Given)
    )
    return replace(spec, inputs=ports, parameters=settings)


def _require_known(spec: ComponentSpec, given: Mapping[str, Wired | Given], entries: Mapping[str, Entry]) -> None:
    """Raise InvalidYaml for an input that the component does not have, or that is of another type."""
    ports = {port.name: port for port in spec.inputs}
    names = [*ports, *(each.name for each in spec.parameters)]
    for name, entry in entries.items():
        if name not in names:
            raise entry.wrong(f"is no input of '{spec.name}'", closest(name, names, "It has") or "It has none.")
    for name, value in given.items():
        if isinstance(value, Given) and name in ports:
            raise _unfitting(entries[name], "a value", "a file or folder")
        if isinstance(value, Wired) and name not in ports:
            raise _unfitting(entries[name], "a file or folder", "a value")
        if isinstance(value, Wired) and not ports[name].type.accepts(value.type):
            raise _unfitting(entries[name], f"a {value.type}", f"a {ports[name].type}")


def _unfitting(entry: Entry, brought: str, wanted: str) -> InvalidYaml:
    return entry.wrong(f"brings {brought} to an input for {wanted}", "Connect what fits.")


def _require_complete(spec: ComponentSpec, given: Mapping[str, Any], entry: Entry) -> None:
    """Raise InvalidYaml for an input that is missing."""
    required = [port.name for port in spec.inputs if not port.optional]
    required += [each.name for each in spec.parameters if each.default is None and not each.optional]
    missing = next((name for name in required if name not in given), None)
    if missing is not None:
        raise entry.wrong(f"lacks '{missing}', an input of '{spec.name}'", "Give it a value, data, or an output.")


def _typed(entry: Entry, parameter: ComponentParameter) -> Any:
    """The value of a setting. Raises InvalidYaml for text that is none of its type."""
    if parameter.type == "choice":
        choices = {str(each): each for each in parameter.choices}
        if entry.text not in choices:
            raise entry.wrong(f"is '{entry.text[:80]}'", closest(entry.text, choices, "Choices are"))
        return choices[entry.text]
    return value_of(entry, parameter.type)


def _shared(filled: list[ComponentParameter], entry: Entry) -> ComponentParameter:
    """The setting that stands for all that an input of the pipeline fills, within the bounds of each.

    Raises InvalidYaml if their types differ.
    """
    types = list(dict.fromkeys(each.type for each in filled))
    if sorted(types) == ["integer", "number"]:
        types = ["integer"]
    if len(types) > 1:
        raise entry.wrong(f"is used as {' and as '.join(types)}", "Write one input for each type.")
    first = next(each for each in filled if each.type == types[0])
    low = max((each.minimum for each in filled if each.minimum is not None), default=None)
    high = min((each.maximum for each in filled if each.maximum is not None), default=None)
    choices = tuple(choice for choice in first.choices if all(choice in each.choices for each in filled))
    return replace(first, minimum=low, maximum=high, choices=choices)
