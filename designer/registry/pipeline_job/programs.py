"""The program of each job: a component by file, by name, written in place, or a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.contract.component import Command, ComponentModule, ComponentPort, ComponentSpec
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.wording.closeness import closest
from designer.registry.component_file import (
    PORT_TYPES,
    code_of,
    component_of,
    line_of,
    read_component,
    require_one_computer,
)
from designer.registry.conda import described_environment
from designer.registry.pipeline_job.fields import JOB_FIELDS, JOB_KINDS, NO_JOB_KINDS, OUTPUT_FIELDS
from designer.registry.pipeline_job.references import parent_output_of
from designer.registry.scripts import Source, component_name
from designer.registry.yaml_file import Entry


@dataclass(frozen=True)
class JobProgram:
    """What a job runs: the component, its files where it is not registered, and whether the job declares its inputs."""

    spec: ComponentSpec
    source: Source | None = None
    is_command: bool = False


@dataclass(frozen=True)
class Programs:
    """Reads the programs of jobs; paths are relative to the folder of the file."""

    folder: Path
    library: Library
    outputs: Mapping[str, Entry]
    """The outputs of the pipeline."""
    environment: Entry | None = None
    """The environment of commands that name none."""

    def of(self, name: str, job: Entry) -> JobProgram:
        """The program of a job. Raises InvalidYaml with field and line, and the errors of `snapshot`."""
        _require_kind(job)
        job.only(JOB_FIELDS)
        require_one_computer(job)
        if "component" not in job:
            return self._command(name, job)
        for field in ("command", "code", "environment", "environment_variables", "is_deterministic"):
            if field in job and job.get(field).value not in ("", "null"):
                raise job.get(field).wrong("is that of the component", "Write it into the component.")
        found = self._component(name, job.get("component"))
        names = [port.name for port in found.spec.outputs]
        for output, entry in job.get("outputs").fields() if "outputs" in job else ():
            if output not in names:
                raise entry.wrong(f"is no output of '{found.spec.name}'", closest(output, names, "It has") or _NONE)
            self._output_type(entry)
        return found

    def _component(self, name: str, entry: Entry) -> JobProgram:
        if not isinstance(entry.value, str):
            source = component_of(entry, self.folder, name)
            return JobProgram(source.spec, source)
        text = entry.text
        if text.startswith("azureml://"):
            raise entry.wrong("names a registry, which Designer does not reach", "Put the component file beside it.")
        if text.startswith("azureml:"):
            return JobProgram(self._registered(entry, text.removeprefix("azureml:")))
        file = self.folder / text.removeprefix("file:")
        if not file.is_file():
            raise entry.wrong(f"is '{text}', and there is no such file", "Correct the path, relative to the file.")
        source = read_component(file)
        return JobProgram(source.spec, source)

    def _registered(self, entry: Entry, text: str) -> ComponentSpec:
        name, _, version = text.partition(":")
        name = component_name(name.partition("@")[0])
        offered = {id.partition("@")[0]: id for id in self.library.palette}
        id = f"{name}@{version}" if version else offered.get(name, name)
        module = self.library.components.get(id)
        if module is None:
            names = [each for each in self.library.components if each.startswith(f"{name}@")] or list(offered)
            what = f"version {version} of '{name}'" if version else f"'{name}'"
            remedy = closest(id, names, "Registered are") or "Register it: designer component add FILE."
            raise entry.wrong(f"names {what}, which is not registered", remedy)
        assert issubclass(module, ComponentModule)
        return module.component

    def _command(self, name: str, job: Entry) -> JobProgram:
        environment = job.get("environment") if "environment" in job else self.environment
        files = code_of(job, self.folder)
        outputs = [
            ComponentPort(output, self._output_type(entry))
            for output, entry in (job.get("outputs").fields() if "outputs" in job else ())
        ]
        spec = ComponentSpec(
            component_name(name),
            "",
            Command("shell", line_of(job)),
            files=files.digests(),
            outputs=tuple(outputs),
            title=job.text_of("display_name") or name,
            description=job.text_of("description"),
            environment=described_environment(environment, self.folder) if environment is not None else None,
            reuse=job.get("is_deterministic").flag if "is_deterministic" in job else True,
        )
        return JobProgram(spec, Source(spec, files), is_command=True)

    def _output_type(self, entry: Entry) -> PortType:
        """The type of an output, by itself or by the output of the pipeline that it is bound to."""
        if not isinstance(entry.value, str):
            return output_type(entry)
        bound = parent_output_of(entry)
        if bound is None:
            if entry.value not in ("", "null"):
                raise entry.wrong(f"is '{entry.text[:80]}'", "Write its type, or ${{parent.outputs.NAME}}.")
            return PortType.FOLDER
        if bound not in self.outputs:
            remedy = closest(bound, self.outputs, "They are") or "Add it to 'outputs' of the pipeline."
            raise entry.wrong(f"is bound to '{bound}', which is no output of the pipeline", remedy)
        declared = self.outputs[bound]
        return PortType.FOLDER if isinstance(declared.value, str) else output_type(declared)


_NONE = "It has none."


def output_type(entry: Entry) -> PortType:
    """The type of a declared output. Raises InvalidYaml for one that is to be written elsewhere."""
    entry.only(OUTPUT_FIELDS)
    for field in ("path", "name", "version"):
        if field in entry:
            remedy = "Leave it out; download or register the output from the run."
            raise entry.get(field).wrong("asks for a place of its own; a run keeps what it makes", remedy)
    kind = entry.text_of("type", "uri_folder")
    if kind not in PORT_TYPES:
        raise entry.get("type").wrong(f"is '{kind}'", closest(kind, PORT_TYPES, "Types are"))
    return PORT_TYPES[kind]


def checked(spec: ComponentSpec, job: Entry) -> ComponentSpec:
    """The component of a job, named by its digest. Raises InvalidComponent at the job."""
    try:
        return spec.anonymous().checked()
    except DesignerError as error:
        place = job.get("command") if "command" in job else job
        raise error.at(file=place.file, row=place.line) from None


def with_inputs(program: JobProgram, spec: ComponentSpec) -> JobProgram:
    """The program with another spec of the same files."""
    return replace(program, spec=spec, source=Source(spec, program.source.files) if program.source else None)


def _require_kind(job: Entry) -> None:
    kind = job.text_of("type", "command")
    if kind in JOB_KINDS:
        return
    remedy = NO_JOB_KINDS.get(kind) or closest(kind, JOB_KINDS, "Kinds are")
    raise job.get("type").wrong(f"is '{kind}', a kind of job that Designer does not run", remedy)
