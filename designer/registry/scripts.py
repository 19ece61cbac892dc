"""Make components of Python scripts and shell lines, given their arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from designer.contract.component import (
    Argument,
    Command,
    ComponentParameter,
    ComponentPort,
    ComponentSpec,
    Environment,
    InvalidComponent,
)
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.wording.closeness import closest
from designer.contract.wording.counting import counted
from designer.registry.snapshot import Snapshot, digests_of, snapshot


class NotPython(DesignerError):
    """A script that Python cannot read, with the line."""


@dataclass(frozen=True)
class Interface:
    """The ports and parameters of a program."""

    inputs: tuple[ComponentPort, ...] = ()
    outputs: tuple[ComponentPort, ...] = ()
    parameters: tuple[ComponentParameter, ...] = ()


@dataclass(frozen=True)
class Source:
    """A component whose code is not stored yet, and the files that belong to it."""

    spec: ComponentSpec
    files: Snapshot


def script_source(
    script: str | Path,
    arguments: Sequence[Argument] = (),
    interface: Interface | None = None,
    *,
    source: Path | None = None,
    name: str = "",
    version: str = "",
    title: str = "",
    description: str = "",
    reuse: bool = True,
    hash_paths: Sequence[str | Path] = (),
    environment: Environment | None = None,
) -> Source:
    """The component of a Python script.

    `source` is the folder that goes with it; by default that of the script. Raises FileMissing with the closest name
    where the script is not in it, NotPython for a syntax error, and the errors of `snapshot`.
    """
    folder = Path(source) if source is not None else Path(script).parent
    path = Path(script)
    inside = path.name if source is None else _relative(path, folder)
    files = snapshot(folder)
    if inside not in files.sizes:
        raise _not_in(inside, folder, files)
    require_python(folder / inside)
    ports = interface or Interface()
    spec = ComponentSpec(
        name=name or component_name(Path(inside).stem),
        version=version,
        command=Command("python", inside, tuple(arguments)),
        files={**files.digests(), **digests_of([Path(each) for each in hash_paths], folder)},
        inputs=ports.inputs,
        outputs=ports.outputs,
        parameters=ports.parameters,
        title=title or Path(inside).name,
        description=description,
        reuse=reuse,
        environment=environment,
    )
    return Source(spec, files)


def shell_source(
    line: str,
    interface: Interface | None = None,
    *,
    source: Path | None = None,
    name: str = "",
    version: str = "",
    title: str = "",
    description: str = "",
    reuse: bool = True,
    environment: Environment | None = None,
) -> Source:
    """The component of a line for bash; `source` is the folder that goes with it, by default none.

    Raises InvalidComponent for an empty line, and the errors of `snapshot`.
    """
    if not line.strip():
        raise InvalidComponent("the command line is empty", "Write the program and its arguments.")
    files = snapshot(source) if source is not None else Snapshot(Path())
    ports = interface or Interface()
    spec = ComponentSpec(
        name=name or component_name(line.split()[0]),
        version=version,
        command=Command("shell", line),
        files=files.digests(),
        inputs=ports.inputs,
        outputs=ports.outputs,
        parameters=ports.parameters,
        title=title or line.split()[0],
        description=description,
        reuse=reuse,
        environment=environment,
    )
    return Source(spec, files)


def component_name(text: str) -> str:
    """A component name made from any text: letters, digits and `_`."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    return plain if plain[:1].isalpha() else f"step_{plain}".rstrip("_")


def _relative(script: Path, folder: Path) -> str:
    """The path of a script in its source folder: given relative to it, to the working folder, or absolute."""
    if not script.is_absolute() and (folder / script).exists():
        return script.as_posix()
    resolved = script.resolve()
    return (
        resolved.relative_to(folder.resolve()).as_posix() if resolved.is_relative_to(folder.resolve()) else str(script)
    )


def _not_in(script: str, folder: Path, files: Snapshot) -> FileMissing:
    left_out = "It is left out by an ignore file." if (folder / script).is_file() else ""
    hint = left_out or closest(script, files.sizes, "It has") or "Name a file of that folder."
    problem = f"script '{script}' is not in '{folder.name or folder}' ({counted(len(files.sizes), 'file')})"
    return FileMissing(problem, hint)


def require_python(file: Path) -> None:
    """Raise NotPython for a file that Python cannot read."""
    try:
        compile(file.read_bytes(), file.name, "exec", dont_inherit=True)
    except SyntaxError as error:
        problem = f"'{file.name}' is not Python: {error.msg}"
        raise NotPython(problem, "Correct it.", row=error.lineno, file=file.name) from None
    except ValueError as error:
        raise NotPython(f"'{file.name}' is not Python: {error}", "Correct it.", file=file.name) from None
