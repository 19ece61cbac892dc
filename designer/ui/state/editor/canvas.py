"""Events of the canvas: ready, edit, select, command. Each is answered in order."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import reflex as rx

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing
from designer.pipeline.graph import Pipeline
from designer.ui import address
from designer.ui.http.open_tabs import open_tabs
from designer.ui.library import library, shown_modules
from designer.ui.state.editor.analysis import AnalysisState
from designer.ui.state.editor.dock import METRICS, DockState
from designer.ui.state.editor.dock_curves import DockCurvesState
from designer.ui.state.editor.glance import GlanceState
from designer.ui.state.editor.palette import PaletteState, dataset_rows
from designer.ui.state.editor.pipeline import EditorState, ask, document_message, saved_at, tell
from designer.ui.state.editor.port import PortState
from designer.ui.state.editor.run import STATE_FIELDS, RunState
from designer.ui.state.editor.run_form import RunFormState
from designer.ui.state.editor.settings import SettingsState
from designer.ui.state.editor.tabs import TabsState
from designer.ui.views.payload import as_list, as_object, as_whole
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench

QUIET = frozenset({"move", "note", "remove_note", "comment", "title", "group", "ungroup", "turn", "compute"})
"""Operations that need no new analysis of the pipeline."""


class CanvasState(EditorState):
    """Translates messages of the canvas into calls, and their results into messages to the canvas."""

    @rx.event
    async def ready(self) -> Any:
        """Send the mounted canvas the modules and the document, then the analysis."""
        wanted = address.part(self.router.url, 1)
        if not wanted:
            return None
        try:
            draft = await asyncio.to_thread(workbench().pipelines.get, wanted)
        except FileMissing as error:
            self.missing = sentence(str(error))
            return None
        # The first call in a process imports every module; on the event loop it would block all tabs.
        modules = await asyncio.to_thread(library)
        saved = self._open(draft)
        (await self.get_state(PortState)).leave_other_pipelines()
        open_tabs().show(self.router.session.client_token, draft.id)
        (await self.get_state(AnalysisState)).forget_sent()
        palette = await self.get_state(PaletteState)
        palette.refresh()
        palette._teaches(modules)
        message = {**document_message(self.pipeline_id, saved), **choices(modules, saved.pipeline)}
        return [tell("open", message), AnalysisState.analyse, RunState.follow]

    @rx.event
    async def edit(self, message: dict[str, Any]) -> Any:
        """Save a batch of operations; answer with the revision, or with the reason and the saved document."""
        sent = as_object(message)
        id, number, base = str(sent.get("pipeline")), as_whole(sent.get("number")), as_whole(sent.get("base"))
        operations = [as_object(operation) for operation in as_list(sent.get("operations"))]
        saved = await asyncio.to_thread(workbench().editing.save, id, base, operations)
        if id != self.pipeline_id:
            return tell("confirm", number, saved.revision, saved_at(saved))
        self._take(saved)
        is_quiet = all(operation.get("op") in QUIET for operation in operations) and not saved.merged
        if saved.reason or saved.merged:
            reason = f"Not done: {saved.reason}" if saved.reason else ""
            answer = tell(
                "refuse" if saved.reason else "merge",
                {**document_message(id, saved), "reason": reason, "number": number},
            )
        else:
            answer = tell("confirm", number, saved.revision, saved_at(saved))
        announcement = [] if saved.reason else [TabsState.announce]
        if is_quiet and not saved.reason:
            await self._refresh_settings(operations)
            return [answer, *announcement]
        return [answer, AnalysisState.analyse, *announcement]

    async def _refresh_settings(self, operations: list[dict[str, Any]]) -> None:
        if any(operation.get("op") in ("comment", "title", "compute") for operation in operations):
            (await self.get_state(SettingsState)).refresh()

    @rx.event
    async def catch_up(self) -> Any:
        """Show what another tab did (the document it saved, the run it started), and new or changed modules."""
        if not self.pipeline_id:
            return None
        draft = await asyncio.to_thread(workbench().pipelines.get, self.pipeline_id)
        run = await asyncio.to_thread(workbench().runs.latest, self.pipeline_id)
        modules = library()
        palette, answers = await self.get_state(PaletteState), list[Any]()
        if palette._teaches(modules):
            palette.refresh()
            answers += [tell("teach", choices(modules, self._pipeline.value)), AnalysisState.analyse]
        if draft.revision > self._revision:
            saved = self._open(draft)
            answers += [tell("catchUp", document_message(draft.id, saved)), AnalysisState.analyse]
        if run is not None and run.id != (await self.get_state(RunState)).run_id:
            answers += [tell("unmark", STATE_FIELDS), RunState.follow]
        return answers

    @rx.event
    async def keep_as_component(self) -> Any:
        """Register the program of the selected node for the palette; the node uses it, an edit that can be undone."""
        try:
            _, operations = workbench().editing.keep_step(self._pipeline.value, self.selected)
        except DesignerError as error:
            return tell("notify", sentence(str(error)))
        await asyncio.to_thread(shown_modules().look)
        taught = choices(library(), self._pipeline.value)  # first: the edit names the new module
        return [tell("teach", taught), ask("edit", operations), TabsState.announce_modules]

    @rx.event
    async def select(self, chosen: dict[str, Any]) -> Any:
        """Show the settings and data of the selection."""
        sent = as_object(chosen)
        nodes = [str(id) for id in as_list(sent.get("nodes"))]
        self._put(selected_count=len(nodes), selected=nodes[0] if len(nodes) == 1 else "")
        run, settings = await self.get_state(RunState), await self.get_state(SettingsState)
        settings.refresh()
        settings._take_run(run.run_id, self._ran.value.get(self.selected))
        (await self.get_state(PaletteState)).fit()
        dock, port = await self.get_state(DockState), await self.get_state(PortState)
        edge = as_object(sent.get("edge"))
        if edge:
            port._look_at(str(edge.get("source")), str(edge.get("output")))
        elif self.selected:
            port._look_at(self.selected)
        of_node = {"Log": [DockState.load_log], METRICS: [DockCurvesState.read]}
        return [PortState.load_page, PortState.load_profile, *of_node.get(dock.tab, [])]

    @rx.event
    async def command(self, message: dict[str, Any]) -> Any:
        """Execute a command from a key, menu or button of the canvas."""
        sent = as_object(message)
        match sent.get("command"):
            case "ask run":
                # Round trip through Python, so that the last typed text becomes an edit first.
                return ask("run", {"to": str(sent["to"])} if sent.get("to") else {})
            case "run":
                begin: Any = RunFormState.begin
                return begin(str(sent.get("to") or ""), bool(sent.get("force")), bool(sent.get("asks")))
            case "typed":
                return (await self.get_state(SettingsState))._take_typed(str(sent.get("field")), sent.get("text"))
            case "cancel":
                return RunState.cancel
            case "preview":
                return await self._look_at(str(sent.get("node")), str(sent.get("port")))
            case "glance":
                look: Any = GlanceState.look
                return look(str(sent.get("node")), str(sent.get("port")), as_whole(sent.get("number")))
            case "open result":
                return await self._open_result(str(sent.get("node")))
            case _:
                return None

    async def _open_result(self, node: str) -> Any:
        """Handle a double click: open the evaluation where there is one, else the data of the first output."""
        run = await self.get_state(RunState)
        target = run._evaluation_address(node)
        if target:
            return rx.redirect(target)
        return await self._look_at(node)

    async def _look_at(self, node: str, port: str = "") -> Any:
        """Open the dock on the data of a port; of the first output where none is named."""
        dock = await self.get_state(DockState)
        dock.is_open, dock.tab = True, "Data"
        (await self.get_state(PortState))._look_at(node, port)
        return [PortState.load_page, PortState.load_profile]


def choices(modules: Library, pipeline: Pipeline) -> dict[str, Any]:
    """The modules and datasets that can be added to the canvas, and the other components that the pipeline uses."""
    return {"catalogue": catalogue(modules, pipeline), "datasets": dataset_choices()}


def dataset_choices() -> list[dict[str, Any]]:
    """The datasets for the canvas: nodes that read them."""
    return [
        {"module": row.module, "title": row.title, "hint": row.hint, "parameters": json.loads(row.parameters)}
        for row in dataset_rows()
    ]


def catalogue(modules: Library, pipeline: Pipeline) -> list[dict[str, Any]]:
    """The modules for the canvas: ports and texts, no parameters."""
    offered = modules.offered()
    used = {node.module for node in pipeline.nodes.values()} & modules.components.keys() - set(modules.palette)
    specs = [*(module.spec() for module in offered), *(modules[id].spec() for id in sorted(used))]
    return [
        {
            "id": spec.id,
            "title": spec.title,
            "category": spec.category,
            "icon": spec.icon,
            "suggested": spec.abilities.suggested,
            "version": spec.version,
            "description": spec.description,
            "synonyms": list(spec.synonyms),
            "replaces": list(spec.replaces),
            "inputs": [port.to_json() for port in spec.inputs],
            "outputs": [port.to_json() for port in spec.outputs],
            "offered": spec.id not in used,
        }
        for spec in specs
    ]
