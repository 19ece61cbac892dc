"""Components of a workspace in code: programs that were registered, as functions that make steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from designer.contract.component import ComponentSpec
from designer.contract.errors import InvalidParameter
from designer.registry.component_file import read_component
from designer.registry.functions import is_declared
from designer.registry.python_file import components_in
from designer.registry.scripts import Source
from designer.sdk.calls import step_of
from designer.sdk.connections.connection import Connection
from designer.sdk.declared import ComponentFunction
from designer.sdk.programs import Program
from designer.sdk.steps import Step
from designer.store.components import Origin


class Component:
    """A version of a component; call it as a function of `designer.sdk.modules` to make a step."""

    def __init__(self, spec: ComponentSpec, connection: Connection) -> None:
        self.spec = spec
        self._connection = connection

    @property
    def name(self) -> str:
        """Its name."""
        return self.spec.name

    @property
    def version(self) -> str:
        """Its version."""
        return self.spec.version

    def __call__(self, *inputs: Any, **named: Any) -> Step:
        """A step that runs it: inputs by position or name, settings by name."""
        return step_of(self._connection.library[self.spec.id], inputs, named)

    def __repr__(self) -> str:
        return f"<component {self.name}, version {self.version}>"


class Components:
    """The components of a workspace: `components["train"]` is the default version, `components["train", "1.3"]` one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(
        self,
        program: Step | ComponentFunction | Callable[..., Any] | str | Path,
        version: str = "",
        *,
        title: str = "",
        description: str = "",
    ) -> Component:
        """Register a program for the palette: a function that `component` or `command_component` declared, a script, a
        shell line, or the file of a component, in YAML or Python. A Python file is executed to be read.

        Without a version it gets the next number, or that of an equal one. Raises VersionTaken for a version that
        exists with other content.
        """
        function = program.function if isinstance(program, ComponentFunction) else program
        if is_declared(function):
            source = ComponentFunction(function).source(version, title, description)
            return Component(self._connection.register_program(source, "function"), self._connection)
        if isinstance(program, str | Path):
            source, origin = _in_file(Path(program)), ORIGINS[Path(program).suffix.lower() == ".py"]
        elif isinstance(program, Program):
            source, origin = program.build(), program.origin
        else:
            remedy = "Register a function with @component, or what script(...) or shell(...) made."
            raise InvalidParameter(f"{program!r} is no program", remedy)
        spec = replace(
            source.spec,
            version=version or source.spec.version,
            title=title or source.spec.title,
            description=description or source.spec.description,
        )
        named = replace(source, spec=spec)
        return Component(self._connection.register_program(named, origin), self._connection)

    def __getitem__(self, name: str | tuple[str, str]) -> Component:
        wanted, version = name if isinstance(name, tuple) else (name, None)
        return Component(self._connection.component(wanted, version), self._connection)

    def __iter__(self) -> Iterator[Component]:
        return (Component(spec, self._connection) for spec in self._connection.components())

    def _ipython_key_completions_(self) -> list[str]:
        return [component.name for component in self]


ORIGINS: tuple[Origin, Origin] = ("yaml", "function")


def _in_file(file: Path) -> Source:
    """The only component of a file."""
    sources = components_in(file) if file.suffix.lower() == ".py" else [read_component(file)]
    if len(sources) > 1:
        names = ", ".join(source.spec.name for source in sources)
        raise InvalidParameter(f"'{file.name}' declares several components", f"Register the functions: {names}.")
    return sources[0]
