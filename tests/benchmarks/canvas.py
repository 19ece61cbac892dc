"""The canvas with 200 and 1,000 nodes: frames per second while dragging, bytes per edit, time from drop to card."""

from __future__ import annotations

import shutil
import socket
import statistics
import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import open_workspace
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import FLAGS, Server

SIZES = (200, 1000)
COLUMNS = 20
DRAG_STEPS = 120

COUNT_FRAMES = """() => new Promise((resolve) => {
  const times = [];
  const tick = (now) => {
    times.push(now);
    if (!window.stopCounting) requestAnimationFrame(tick); else resolve(times);
  };
  window.stopCounting = false;
  requestAnimationFrame(tick);
})"""


@dataclass
class Traffic:
    """Bytes sent and received over the websocket."""

    sent: int = 0
    received: int = 0
    frames: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", lambda event: self._count("sent", event))
        session.on("Network.webSocketFrameReceived", lambda event: self._count("received", event))

    def reset(self) -> None:
        self.sent = self.received = 0

    def _count(self, way: str, event: dict[str, Any]) -> None:
        text = event["response"]["payloadData"]
        if text not in ("2", "3"):  # the socket's own heartbeat
            setattr(self, way, getattr(self, way) + len(text.encode()))


def measure() -> list[tuple[str, str, str]]:
    """Name, value and target of every figure."""
    figures: list[tuple[str, str, str]] = []
    folder = Path(tempfile.mkdtemp(prefix="designer-bench-"))
    server = Server(folder, _free_port())
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            for size in SIZES:
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                page = context.new_page()
                page.goto(server.entrance())
                page.get_by_role("heading", name="Recent pipelines").wait_for()
                figures += _of_size(size, page, server)
                context.close()
            browser.close()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return figures


def grid(size: int) -> Pipeline:
    """Columns of chained modules, as in large real pipelines."""
    nodes = {f"n{i}": Node(f"n{i}", "split-data" if i else "dataset") for i in range(size)}
    edges = tuple(Edge(f"n{i - COLUMNS}", "results_dataset1", f"n{i}", "dataset") for i in range(COLUMNS + 1, size))
    layout = {f"n{i}": (float(i % COLUMNS * 256), float(i // COLUMNS * 108)) for i in range(size)}
    return Pipeline(name=f"{size} nodes", nodes=nodes, edges=edges, layout=layout)


def _of_size(size: int, page: Page, server: Server) -> list[tuple[str, str, str]]:
    traffic = Traffic()
    with open_workspace(server.workspace) as workspace:
        canvas = CanvasPage(page, workspace, workspace.drafts.create("bench", to_document(grid(size))).id)
        canvas.open(server.origin)
        traffic.listen(page)
        page.wait_for_timeout(4000)
        far = _frames_while_dragging(canvas)
        page.keyboard.press("0")
        page.wait_for_timeout(800)
        near = _frames_while_dragging(canvas)
        moved, connected = _bytes_of_move(canvas, traffic), _bytes_of_connect(canvas, traffic, size)
        dropped = _milliseconds_to_drop(canvas)
    return [
        (f"canvas {size} nodes: drag at 100 %", f"{near:.0f} fps", ">= 55 fps"),
        (f"canvas {size} nodes: drag zoomed out", f"{far:.0f} fps", ">= 30 fps"),
        (f"canvas {size} nodes: bytes received for a move", f"{moved} B", "<= 300 B"),
        (f"canvas {size} nodes: bytes received for a wire", f"{connected} B", "<= 300 B"),
        (f"canvas {size} nodes: key to new card", f"{dropped:.0f} ms", "<= 100 ms"),
    ]


def _frames_while_dragging(canvas: CanvasPage) -> float:
    page = canvas.page
    box = next(
        b for n in page.locator(".card-node").all() if (b := n.bounding_box()) and 400 < b["x"] < 1000 and b["y"] > 200
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"() => {{ window.frames_ = ({COUNT_FRAMES})() }}")
    for step in range(DRAG_STEPS):
        page.mouse.move(x + step % 40 * 3, y + step % 30 * 2)
    page.evaluate("() => { window.stopCounting = true }")
    times = page.evaluate("() => window.frames_")
    page.mouse.up()
    gaps = [after - before for before, after in pairwise(times)]
    return float(1000 / statistics.mean(gaps))


def _bytes_of_move(canvas: CanvasPage, traffic: Traffic) -> int:
    canvas.draft()
    canvas.page.wait_for_timeout(1500)
    traffic.reset()
    canvas.page.evaluate("window.designerCanvas.edit([{op: 'move', positions: {n5: [1000, 10]}}])")
    canvas.draft()
    canvas.page.wait_for_timeout(1500)
    return traffic.received


def _bytes_of_connect(canvas: CanvasPage, traffic: Traffic, size: int) -> int:
    canvas.page.wait_for_timeout(500)
    traffic.reset()
    operation = {
        "op": "connect",
        "source": "n1",
        "output": "results_dataset2",
        "target": f"n{size - 1}",
        "input": "dataset",
    }
    canvas.page.evaluate("(operation) => window.designerCanvas.edit([operation])", operation)
    canvas.draft()
    canvas.page.wait_for_timeout(3000)
    return traffic.received


def _milliseconds_to_drop(canvas: CanvasPage) -> float:
    page = canvas.page
    page.mouse.move(700, 400)
    page.keyboard.press("Tab")
    page.get_by_test_id("quick-add").fill("normalize data")
    script = """() => new Promise((resolve) => {
      const began = performance.now();
      const seen = new MutationObserver(() => {
        if (!document.querySelector('[data-testid="node-normalize-data"]')) return;
        seen.disconnect();
        resolve(performance.now() - began);
      });
      seen.observe(document.body, {childList: true, subtree: true});
      const enter = new KeyboardEvent("keydown", {key: "Enter", bubbles: true});
      document.querySelector('[data-testid="quick-add"]').dispatchEvent(enter);
    })"""
    return float(page.evaluate(script))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
