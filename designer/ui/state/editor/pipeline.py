"""State of the design page's pipeline. The database is the record: everything here can be read again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from designer.contract.errors import FileMissing
from designer.contract.module import Spec
from designer.pipeline.check import Problem
from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.lint.warning import Warning as Advice
from designer.pipeline.propagate import Propagation
from designer.store.records import Draft, NodeRun
from designer.ui import address
from designer.ui.library import library
from designer.ui.state.editor.held import Held
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.workbench.editing import Saved


class EditorState(rx.State):
    """The open pipeline, what is known about it, and the selection."""

    pipeline_id: str = ""
    name: str = ""
    kind: str = "training"
    missing: str = ""
    selected: str = ""
    """The id of the selected node; empty where none or several are selected."""
    selected_count: int = 0
    edited_since: bool = False
    """Whether the pipeline differs from the one its newest run executed, beyond positions and names."""

    _pipeline: Held[Pipeline] = Held(Pipeline())
    _revision: int = 0
    _ran: Held[Mapping[str, NodeRun]] = Held({})
    """The newest run's record of each node, by node id."""
    _ran_as: Held[Pipeline] = Held(Pipeline())
    """The pipeline that the newest run executed."""
    _assigned: Held[Mapping[str, Any]] = Held({})
    """The values that the newest run was given for the pipeline's parameters."""
    _known: Held[Propagation] = Held(Propagation())
    _problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    _advice: rx.Field[list[Advice]] = rx.field(default_factory=list)

    @rx.event
    async def load(self) -> Any:
        """Open the pipeline that the address names."""
        wanted = address.part(self.router.url, 1)
        try:
            draft = await asyncio.to_thread(workbench().pipelines.get, wanted)
        except FileMissing as error:
            self.missing, self.pipeline_id, self.name = sentence(str(error)), "", ""
            return None
        self.missing = ""
        # The first call in a process imports every module; on the event loop it would block all tabs.
        await asyncio.to_thread(library)
        self._open(draft)
        # A mounted canvas asks for the document again; one not mounted yet asks when it is ready.
        return tell("reopen")

    @rx.event
    async def lead_to(self) -> Any:
        """Redirect from /design to the pipeline named there, or to the one edited last."""
        wanted = address.part(self.router.url, 1) or (await asyncio.to_thread(workbench().pipelines.edited_last)).id
        return rx.redirect(f"/pipelines/{wanted}", replace=True)

    def _open(self, draft: Draft) -> Saved:
        """Make a draft the open pipeline."""
        saved = workbench().editing.opened(draft)
        if draft.id != self.pipeline_id:
            self.selected, self.selected_count, self._ran = "", 0, Held({})
        self.pipeline_id, self.kind = draft.id, saved.pipeline.kind
        self._take(saved)
        return saved

    def _take(self, saved: Saved) -> None:
        """Set the saved pipeline and its revision as the current ones."""
        self._pipeline, self._revision = Held(saved.pipeline), saved.revision
        self._put(name=saved.pipeline.name)

    def _put(self, **values: Any) -> None:
        """Assign only what differs: each assignment is sent, and an edit should cost a few hundred bytes."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _node(self) -> Node | None:
        """The selected node."""
        return self._pipeline.value.nodes.get(self.selected)

    def _spec(self) -> Spec | None:
        """The declaration of the selected node's module."""
        node = self._node()
        module = library().get(node.module) if node else None
        return module.spec() if module else None


def tell(function: str, *values: Any) -> EventSpec:
    """Call a function of the canvas in the browser, in order with other calls; a no-op where no canvas is mounted."""
    return rx.call_script(f"window.designerCanvas?.{function}?.({_written(values)})")


def ask(function: str, *values: Any) -> EventSpec:
    """Call a function of the canvas for the user; deferred until the canvas has opened the pipeline."""
    return rx.call_script(asking(function, _written(values)))


def asking(function: str, arguments: str) -> str:
    """The script of `ask`; `arguments` is JavaScript source."""
    return (
        "((ask) => window.designerCanvas?.isOpen() ? ask(window.designerCanvas)"
        " : (window.designerRequests ??= []).push({ path: location.pathname, ask }))"
        f"((canvas) => canvas.{function}({arguments}))"
    )


def _written(values: Iterable[Any]) -> str:
    """Arguments as JavaScript source."""
    return ",".join(json.dumps(value, ensure_ascii=True, separators=(",", ":")) for value in values)


def document_message(id: str, saved: Saved) -> dict[str, Any]:
    """A saved pipeline as a message to the canvas."""
    document = to_document(saved.pipeline)
    return {"pipeline": id, "revision": saved.revision, "saved": saved_at(saved), "document": document}


def saved_at(saved: Saved) -> str:
    """The local time at which a pipeline was saved, as HH:MM."""
    return time.strftime("%H:%M", time.localtime(saved.saved))
