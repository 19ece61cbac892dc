"""The folder that a program runs in: its code, its inputs, room for its outputs, and what it can import from us.

It holds `code` (a copy of the snapshot, the working folder), `in` and `out` by port, `lib` and `step.json`, which
`designer.step` reads. Inputs are symbolic links: to copies of stored files in `private`, to files in `converted`, or to
an unpacked folder of the store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import designer.step
from designer.contract.component import ComponentSpec
from designer.contract.ports import PortType
from designer.engine.exchange import written_for
from designer.store.artifacts.trees import unpack
from designer.store.artifacts.values import Stored
from designer.store.child_store import ChildStore


@dataclass(frozen=True)
class Layout:
    """The folder of a step that runs a program. `values` are those of its parameters, None where none is set."""

    folder: Path
    spec: ComponentSpec
    stored: Mapping[str, Stored]
    values: Mapping[str, Any]
    experiment: str = ""

    @property
    def code(self) -> Path:
        """The working folder of the program."""
        return self.folder / "code"

    @property
    def library(self) -> Path:
        """The folder with what the program can import from us, put on its path."""
        return self.folder / "lib"

    @property
    def events(self) -> Path:
        """The file that the program appends its events to."""
        return self.folder / "events.jsonl"

    @property
    def description(self) -> Path:
        """The description of the step."""
        return self.folder / "step.json"

    def input(self, port: str) -> Path:
        """The path of an input."""
        return self.folder / "in" / port

    def output(self, port: str) -> Path:
        """The path of an output."""
        return self.folder / "out" / port

    @property
    def inputs(self) -> dict[str, str]:
        """The paths of the inputs that are wired, by port."""
        return {port.name: str(self.input(port.name)) for port in self.spec.inputs if port.name in self.stored}

    @property
    def outputs(self) -> dict[str, str]:
        """The paths of the outputs by port."""
        return {port.name: str(self.output(port.name)) for port in self.spec.outputs}

    @property
    def texts(self) -> dict[str, str]:
        """The values that are set, as a command line has them."""
        return {name: text_of(value) for name, value in self.values.items() if value is not None}

    def private(self, port: str) -> Path:
        """The place of the copy of the stored file that an input reads; there is none at most inputs."""
        return self.folder / "private" / port

    def fill(self, store: ChildStore) -> None:
        """Write the folder."""
        self.code.mkdir(parents=True)
        if self.spec.code:
            unpack(store.blob(self.spec.code), self.code)
        self._link_inputs(store)
        (self.folder / "out").mkdir()
        for port in self.spec.outputs:
            if port.type is PortType.FOLDER:
                self.output(port.name).mkdir()
        self._link_library()
        parameters = {name: value for name, value in self.values.items() if value is not None}
        document: dict[str, Any] = {"inputs": self.inputs, "outputs": self.outputs, "parameters": parameters}
        document |= {"run": self.folder.name.partition("-")[0], "experiment": self.experiment}
        document["types"] = {port.name: str(port.type) for port in (*self.spec.inputs, *self.spec.outputs)}
        self.description.write_text(json.dumps(document), encoding="utf-8")

    def _link_inputs(self, store: ChildStore) -> None:
        (self.folder / "in").mkdir()
        for port in self.spec.inputs:
            if port.name in self.stored:
                private = self.private(port.name)
                target = written_for(port, self.stored[port.name], store, self.folder / "converted", private)
                self.input(port.name).symlink_to(target)

    def _link_library(self) -> None:
        """Link only `designer.step` and its imitations: the checkout beside it would offer more than it should."""
        package = Path(designer.step.__file__).parent
        (self.library / "designer").mkdir(parents=True)
        (self.library / "designer" / "__init__.py").touch()  # a package: without it an installed `designer` would win
        (self.library / "designer" / "step").symlink_to(package)
        (self.library / "designer" / "sdk.py").symlink_to(package / "without_sdk.py")
        for imitation in (package / "compat").iterdir():
            if (imitation / "__init__.py").is_file():
                (self.library / imitation.name).symlink_to(imitation)


def text_of(value: Any) -> str:
    """A value of a parameter as an argument of a command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)
