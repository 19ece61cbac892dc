"""Browser payloads are untrusted: none makes an event handler crash or changes what is kept."""

import asyncio
import inspect
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import reflex as rx
from reflex.event import EventHandler
from reflex.istate.data import ReflexURL, RouterData

import designer.ui
from designer.contract.errors import DesignerError
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.ui.app import PAGES
from designer.ui.page import Page
from designer.ui.state.arrival import ArrivalState, state_classes
from designer.ui.state.editor.canvas import CanvasState
from designer.ui.workbench import workbench
from designer.workbench.schedules import When

WRONG: tuple[Any, ...] = (
    None, 7, -1, 0.0, 1.0, 1e308, 10**400, float("nan"), float("inf"), True, "", "../../etc/passwd", "x" * 100_000,
    "\0", [], ["a"], [[1], {}], {}, {"upload": []},
    {"pipeline": {}, "nodes": 7, "operations": "x", "number": [], "command": "run"},
)  # fmt: skip
SPLIT = Pipeline(
    name="Half",
    nodes={
        "data": Node(id="data", module="dataset", parameters={"name": "people"}),
        "split": Node(id="split", module="split-data"),
    },
    edges=(Edge("data", "dataset", "split", "dataset"),),
)
RIGHT = {"RunState.start": "runs"}
"""Handlers for which one of these is right, and what that adds to: no node to run to means all of them."""

SECONDS = 20


def handlers() -> list[tuple[type[rx.State], str]]:
    """Every event handler of Designer that takes something from the browser."""
    return [
        (state, name)
        for state in (*state_classes(), ArrivalState)
        for name, handler in state.event_handlers.items()
        if handler.fn.__module__.startswith("designer.") and taken(handler)
    ]


def taken(handler: EventHandler) -> int:
    """The number of values that a handler takes."""
    return len(inspect.signature(handler.fn).parameters) - 1


async def handled(handler: EventHandler, state: rx.State, *payload: Any) -> None:
    """Call a handler as Reflex does, background ones without their task."""
    answer = handler.fn(state, *payload)
    if inspect.iscoroutine(answer):
        await answer
    elif inspect.isasyncgen(answer):
        async for _ in answer:
            pass
    elif inspect.isgenerator(answer):
        list(answer)


def seed() -> dict[str, str]:
    """Fill the workspace with one of each; returns the parts of addresses."""
    bench = workbench()
    bench.workspace.datasets.register("people", pd.DataFrame({"age": [1.0, 2.0], "work": ["a", "b"]}))
    draft = bench.workspace.drafts.create("Half", to_document(SPLIT))
    bench.editing.save(draft.id, draft.revision, bench.parameters.promote(SPLIT, "split", "fraction", "share"))
    run = bench.workspace.runs.create(draft.document, pipeline_id=draft.id)
    bench.runs.cancel(run.id)
    bench.published.publish_draft(draft.id, "Half")
    bench.schedules.add("daily", "half", When(every="1d"))
    bench.tokens.new("notebook", scope="read", days=1)
    (bench.workspace.path / "files").mkdir()
    (bench.workspace.path / "files" / "a.csv").write_text("x\n1\n")
    return {"pipeline": draft.id, "run_id": run.id, "published_name": "half", "module_id": "split-data",
            "node_id": "split"}  # fmt: skip


async def load(page: Page, root: rx.State, parts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Open a page."""
    path = re.sub(r"\[(\w+)\]", lambda match: parts.get(match[1], "nothing"), page.route)
    url = f"http://127.0.0.1/{path.lstrip('/')}?name=people&upload=0123456789ab&run={parts['run_id']}"
    monkeypatch.setattr(rx.State, "router", RouterData(url=ReflexURL(url)))
    for event in page.on_load:
        handler = getattr(event, "handler", event)
        state = next(kind for kind in state_classes() if kind.get_full_name() == handler.state_full_name)
        await asyncio.wait_for(handled(handler, await root.get_state(state)), SECONDS)


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rx.State]:
    """The states of a tab that has shown every page of a small workspace, the editor with a selected node last."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path_factory.mktemp("payloads") / "workspace"))
        root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        asyncio.run(opened(root, seed(), monkeypatch))
        yield root


async def opened(root: rx.State, parts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for page in sorted(PAGES, key=lambda page: page.route == "/pipelines/[pipeline]"):
        await load(page, root, parts, monkeypatch)
    canvas = await root.get_state(CanvasState)
    await handled(CanvasState.event_handlers["select"], canvas, {"nodes": ["split"]})


def kept() -> dict[str, Any]:
    """What the workspace keeps."""
    bench = workbench()
    place = bench.workspace.path
    return {
        "pipelines": [(draft.id, draft.revision, draft.name) for draft in bench.pipelines.all()],
        "trash": bench.pipelines.all(trashed=True),
        "datasets": bench.datasets.names(),
        "runs": [(run.id, run.state) for run in bench.runs.all(None)],
        "published": [(row.name, row.state, row.default_version) for row in bench.published.all()],
        "schedules": [(row.name, row.enabled) for row in bench.schedules.all()],
        "tokens": [row.name for row in bench.tokens.all()],
        "datastores": [(row.name, row.is_default) for row in bench.datastores.all()],
        "files": sorted(str(path) for folder in ("files", "uploads") for path in (place / folder).rglob("*")),
    }


@pytest.mark.parametrize(("state", "name"), handlers(), ids=[f"{state.__name__}.{name}" for state, name in handlers()])
def test_a_wrong_payload_harms_nothing(
    state: type[rx.State], name: str, tab: rx.State, caplog: pytest.LogCaptureFixture
) -> None:
    handler, before = state.event_handlers[name], kept()

    async def call(wrong: Any) -> None:
        await asyncio.wait_for(handled(handler, await tab.get_state(state), *[wrong] * taken(handler)), SECONDS)

    for wrong in WRONG:
        try:
            asyncio.run(call(wrong))
        except DesignerError:
            pass  # shown to the user; anything else would be logged as unexpected
        except Exception as error:
            raise AssertionError(f"{state.__name__}.{name} fails on {wrong!r:.80}") from error
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
    after = kept()
    assert [each for each in after if after[each] != before[each]] in ([], [RIGHT.get(f"{state.__name__}.{name}")])


def test_no_state_with_handlers_is_left_out() -> None:
    files = Path(inspect.getfile(designer.ui)).parent.rglob("*.py")
    written = {file.stem for file in files if re.search(r"@rx\.event\b", file.read_text())}
    known = {kind.__module__.rpartition(".")[2] for kind in (*state_classes(), ArrivalState)}
    mixins = {"table_window", "shown_keys"}
    assert written - mixins == known & written
    assert len(handlers()) > 140
