"""The pipeline that the design page shows. The database is the record: everything here can be read again."""

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
from designer.pipeline.propagate import Propagation
from designer.pipeline.warning import Warning as Advice
from designer.store.records import Draft, NodeRun
from designer.ui import address
from designer.ui.library import library
from designer.ui.state.held import Held
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.workbench.editing import Saved


class EditorState(rx.State):
    """Which pipeline is open, what is known of it, and what is selected."""

    pipeline_id: str = ""
    name: str = ""
    kind: str = "training"
    missing: str = ""
    selected: str = ""
    """The id of the node whose settings are shown, empty where none or several are selected."""
    selected_count: int = 0
    edited_since: bool = False
    """Whether the pipeline differs from what its newest run found, in more than places and names."""

    _pipeline: Held[Pipeline] = Held(Pipeline())
    _revision: int = 0
    _ran: Held[Mapping[str, NodeRun]] = Held({})
    """What the newest run did with each node."""
    _ran_as: Held[Pipeline] = Held(Pipeline())
    """The pipeline as that run found it."""
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
        # The first call in a process imports every module: not on the event loop, where it would stop all tabs.
        await asyncio.to_thread(library)
        self._open(draft)
        # A canvas that stands already asks for the document again; one that does not will ask when it is ready.
        return tell("reopen")

    @rx.event
    async def lead_to(self) -> Any:
        """From /design to the pipeline named there, or to the one edited last."""
        wanted = address.part(self.router.url, 1) or (await asyncio.to_thread(workbench().pipelines.edited_last)).id
        return rx.redirect(f"/pipelines/{wanted}", replace=True)

    def _open(self, draft: Draft) -> Saved:
        """Take a draft as the open one."""
        saved = workbench().editing.opened(draft)
        if draft.id != self.pipeline_id:
            self.selected, self.selected_count, self._ran = "", 0, Held({})
        self.pipeline_id, self.kind = draft.id, saved.pipeline.kind
        self._take(saved)
        return saved

    def _take(self, saved: Saved) -> None:
        """Hold the saved pipeline as the present one."""
        self._pipeline, self._revision = Held(saved.pipeline), saved.revision
        self._put(name=saved.pipeline.name)

    def _put(self, **values: Any) -> None:
        """Set what differs only: what is set is sent, and an edit should cost a few hundred bytes."""
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
    """Call a function of the canvas in the browser, in order with all others; nothing happens where none stands."""
    return rx.call_script(f"window.designerCanvas?.{function}?.({_written(values)})")


def ask(function: str, *values: Any) -> EventSpec:
    """Call a function of the canvas for the user; where it has not opened the pipeline yet, it does so once it has."""
    return rx.call_script(asking(function, _written(values)))


def asking(function: str, arguments: str) -> str:
    """The script of `ask`, for arguments in JavaScript."""
    return (
        "((ask) => window.designerCanvas?.isOpen() ? ask(window.designerCanvas)"
        " : (window.designerAsked ??= []).push({ path: location.pathname, ask }))"
        f"((canvas) => canvas.{function}({arguments}))"
    )


def _written(values: Iterable[Any]) -> str:
    """Arguments in JavaScript."""
    return ",".join(json.dumps(value, ensure_ascii=True, separators=(",", ":")) for value in values)


def document_message(id: str, saved: Saved) -> dict[str, Any]:
    """A saved pipeline as the canvas takes it."""
    document = to_document(saved.pipeline)
    return {"pipeline": id, "revision": saved.revision, "saved": saved_at(saved), "document": document}


def saved_at(saved: Saved) -> str:
    """The time of day at which a pipeline was saved."""
    return time.strftime("%H:%M", time.localtime(saved.saved))
