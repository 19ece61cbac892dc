"""The canvas for Reflex: a React Flow component of our own that the browser owns."""

import os
from typing import Any

import reflex as rx

_FILES = (
    "actions.js",
    "arrange.js",
    "arrange_worker.js",
    "catalogue.js",
    "clipboard.js",
    "draft.js",
    "dragged.js",
    "dropping.js",
    "edits.js",
    "elements.js",
    "finder.js",
    "finder_dialog.jsx",
    "fitting.js",
    "graph.js",
    "grips.js",
    "icons.jsx",
    "inbox.js",
    "keyboard.js",
    "keys.js",
    "marks.js",
    "menu.jsx",
    "minimap.jsx",
    "node_card.jsx",
    "node_state.jsx",
    "note.jsx",
    "notice.jsx",
    "outbox.js",
    "port.jsx",
    "quick_add.js",
    "quick_add_list.jsx",
    "renaming.js",
    "toolbar.jsx",
    "wire.jsx",
    "wiring.js",
    "writing.js",
)
"""What canvas.jsx imports: each file is declared, so that the build finds it."""

DECLARED = (*_FILES, "canvas.jsx", "code_field.jsx", "draft_bar.jsx", "file_field.jsx", "text_field.jsx")
_NAMED = ("canvas.jsx", "code_field.jsx", "draft_bar.jsx", "file_field.jsx", "icons.jsx", "port.jsx", "text_field.jsx")
"""Those that a component below names; the others only have to be there while the pages are built."""

_IS_SERVING = os.environ.get("REFLEX_BACKEND_ONLY") == "true"
# Declaring a file takes 50 ms, since Reflex walks the whole stack for it: a start without the others is 1.6 s shorter.
_ASSETS = {name: rx.asset(f"./{name}", shared=True) for name in (_NAMED if _IS_SERVING else DECLARED)}
_DEPENDENCIES = ["@xyflow/react@12.12.1", "@dagrejs/dagre@3.1.3", "lucide-react@1.26.0"]


def _payload(message: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    return (message,)


class Canvas(rx.NoSSRComponent):
    """The graph. Edits, selections and commands come out as events; Python answers through window.designerCanvas."""

    library = _ASSETS["canvas.jsx"].importable_path
    tag = "Canvas"
    lib_dependencies: list[str] = _DEPENDENCIES
    news: rx.Var[int]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """It stands; it wants what others did; operations; what is selected; what a key or a menu asks for."""
        asks = {"on_ready": rx.event.no_args_event_spec, "on_news": rx.event.no_args_event_spec}
        says = {"on_edit": _payload, "on_select": _payload, "on_command": _payload}
        return {**super().get_event_triggers(), **asks, **says}


class SavedChip(rx.NoSSRComponent):
    """Whether everything is saved."""

    library = _ASSETS["draft_bar.jsx"].importable_path
    tag = "SavedChip"
    lib_dependencies: list[str] = _DEPENDENCIES


class UndoRedo(rx.NoSSRComponent):
    """The two buttons of the history."""

    library = _ASSETS["draft_bar.jsx"].importable_path
    tag = "UndoRedo"
    lib_dependencies: list[str] = _DEPENDENCIES


class ModuleTile(rx.Component):
    """The picture of a module on the tint of its category."""

    library = _ASSETS["icons.jsx"].importable_path
    tag = "ModuleTile"
    lib_dependencies: list[str] = _DEPENDENCIES
    module: rx.Var[str]
    category: rx.Var[str]
    small: rx.Var[bool]


class PortMark(rx.NoSSRComponent):
    """The mark of a port type."""

    library = _ASSETS["port.jsx"].importable_path
    tag = "PortMark"
    lib_dependencies: list[str] = _DEPENDENCIES
    type: rx.Var[str]


class CodeField(rx.NoSSRComponent):
    """Several lines of code with line numbers. The value comes out when writing pauses or the field is left."""

    library = _ASSETS["code_field.jsx"].importable_path
    tag = "CodeField"
    lib_dependencies: list[str] = _DEPENDENCIES
    value: rx.Var[str]
    name: rx.Var[str]
    language: rx.Var[str]
    label: rx.Var[str]
    read_only: rx.Var[bool]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """What was written."""
        return {**super().get_event_triggers(), "on_write": rx.event.passthrough_event_spec(str)}


class TextField(rx.NoSSRComponent):
    """A line of text, or several. The value comes out when writing pauses or the field is left."""

    library = _ASSETS["text_field.jsx"].importable_path
    tag = "TextField"
    lib_dependencies: list[str] = _DEPENDENCIES
    value: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    rows: rx.Var[int]
    is_number: rx.Var[bool]
    mono: rx.Var[bool]
    wrong: rx.Var[bool]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """What was written."""
        return {**super().get_event_triggers(), "on_write": rx.event.passthrough_event_spec(str)}


class FileField(rx.NoSSRComponent):
    """The path of a file, or a file that is uploaded. The path comes out."""

    library = _ASSETS["file_field.jsx"].importable_path
    tag = "FileField"
    lib_dependencies: list[str] = _DEPENDENCIES
    value: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    wrong: rx.Var[bool]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """What was typed or uploaded."""
        return {**super().get_event_triggers(), "on_write": rx.event.passthrough_event_spec(str)}


canvas = Canvas.create
saved_chip = SavedChip.create
undo_redo = UndoRedo.create
module_tile = ModuleTile.create
port_mark = PortMark.create
code_field = CodeField.create
file_field = FileField.create
text_field = TextField.create
