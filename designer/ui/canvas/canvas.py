"""Reflex wrappers of the canvas, a React Flow component that runs in the browser, and of related components."""

import os
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.constants import Dirs

_HERE = Path(__file__).parent
DECLARED = sorted(
    file.relative_to(_HERE).as_posix() for file in _HERE.rglob("*") if file.suffix in (".js", ".jsx", ".json")
)
"""The scripts in this folder, declared as assets so that the build finds them."""

_FIRST = "canvas.jsx"
_IS_SERVING = os.environ.get("REFLEX_BACKEND_ONLY") == "true"
if not _IS_SERVING:  # Reflex makes the folder of an asset, but not those within it.
    for room in {Path(name).parent for name in DECLARED}:
        Path(Dirs.APP_ASSETS, Dirs.EXTERNAL_APP_ASSETS, *__name__.split("."), room).mkdir(parents=True, exist_ok=True)
# Only the build needs them declared. Each takes 150 ms: Reflex searches all modules for the caller.
_ASSETS = {name: rx.asset(f"./{name}", shared=True) for name in ((_FIRST,) if _IS_SERVING else DECLARED)}
_FOLDER = _ASSETS[_FIRST].importable_path.removesuffix(_FIRST)

_PACKAGES = ["@xyflow/react@12.12.1", "@dagrejs/dagre@3.1.3", "lucide-react@1.26.0"]


def _path(name: str) -> str:
    return f"{_FOLDER}{name}"


def _message(message: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    return (message,)


class _Drawn(rx.NoSSRComponent):
    """A custom component that is rendered in the browser only."""

    lib_dependencies: list[str] = _PACKAGES


class Canvas(_Drawn):
    """The graph. It emits edits, selections and commands as events; Python answers through `window.designerCanvas`."""

    library = _path(_FIRST)
    tag = "Canvas"
    news: rx.Var[int]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """Add the canvas's events: ready, changes of other tabs, edit operations, selection, command."""
        asks = {"on_ready": rx.event.no_args_event_spec, "on_news": rx.event.no_args_event_spec}
        says = {"on_edit": _message, "on_select": _message, "on_command": _message}
        return {**super().get_event_triggers(), **asks, **says}


class SavedChip(_Drawn):
    """The save state of the pipeline."""

    library = _path("draft_bar.jsx")
    tag = "SavedChip"


class UndoRedo(_Drawn):
    """The undo and redo buttons."""

    library = _path("draft_bar.jsx")
    tag = "UndoRedo"


class ModuleTile(rx.Component):
    """The icon of a module in the colour of its category."""

    lib_dependencies: list[str] = _PACKAGES
    library = _path("cards/icons.jsx")
    tag = "ModuleTile"
    icon: rx.Var[str]
    category: rx.Var[str]
    small: rx.Var[bool]


class PortMark(_Drawn):
    """The mark of a port type."""

    library = _path("cards/port.jsx")
    tag = "PortMark"
    type: rx.Var[str]


class _Field(_Drawn):
    """A field that emits its value when typing pauses or it loses focus."""

    value: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    target: rx.Var[str]
    """The field of the pipeline, named as in `state.editor.typed`; empty if the value is not saved."""

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """Add the event that carries the written text."""
        return {**super().get_event_triggers(), "on_write": rx.event.passthrough_event_spec(str)}


class TextField(_Field):
    """A line of text, or several."""

    library = _path("fields/text_field.jsx")
    tag = "TextField"
    rows: rx.Var[int]
    is_number: rx.Var[bool]
    mono: rx.Var[bool]
    wrong: rx.Var[bool]


class CodeField(_Field):
    """Several lines of code with line numbers."""

    library = _path("fields/code_field.jsx")
    tag = "CodeField"
    language: rx.Var[str]
    read_only: rx.Var[bool]


class FileField(_Field):
    """The path of a file, typed or taken from an upload."""

    library = _path("fields/file_field.jsx")
    tag = "FileField"
    wrong: rx.Var[bool]
    accept: rx.Var[str]


canvas = Canvas.create
saved_chip = SavedChip.create
undo_redo = UndoRedo.create
module_tile = ModuleTile.create
port_mark = PortMark.create
code_field = CodeField.create
file_field = FileField.create
text_field = TextField.create
