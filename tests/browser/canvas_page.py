"""Page object for the canvas: drag, wire, press keys, read the state."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from playwright.sync_api import Locator, Page

from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.records import Draft
from designer.store.workspace import Workspace

SMALL = Pipeline(
    name="Small",
    nodes={
        "dataset": Node("dataset", "dataset", parameters={"name": "Iris"}),
        "split-data": Node("split-data", "split-data"),
        "score-model": Node("score-model", "score-model"),
        "two-class-logistic-regression": Node("two-class-logistic-regression", "two-class-logistic-regression"),
    },
    edges=(Edge("dataset", "dataset", "split-data", "dataset"),),
    layout={
        "dataset": (300, 20),
        "split-data": (300, 140),
        "score-model": (300, 300),
        "two-class-logistic-regression": (20, 140),
    },
)
"""Four nodes, one wire."""


@dataclass(frozen=True)
class CanvasPage:
    """A tab with one open pipeline."""

    page: Page
    workspace: Workspace
    id: str

    def open(self, origin: str) -> None:
        self.page.goto(f"{origin}/pipelines/{self.id}")
        self.wait()

    def reload(self) -> None:
        self.page.reload()
        self.wait()

    def wait(self) -> None:
        # The first page of a process imports all modules, including scikit-learn.
        self.page.get_by_test_id("saved").wait_for(timeout=45_000)

    def settle(self) -> None:
        """Wait until the view stops moving; positions read earlier would be outdated.

        Counts frames as well as time, since a busy machine may draw no frame for a while during an animation.
        """
        self.page.evaluate(
            """() => new Promise(done => {
                const place = () => document.querySelector('.react-flow__viewport')?.style.transform;
                let [last, since, frames] = [place(), performance.now(), 0];
                const look = () => {
                    frames += 1;
                    if (place() !== last) [last, since, frames] = [place(), performance.now(), 0];
                    if (frames >= 12 && performance.now() - since >= 150) done();
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);
            })"""
        )

    def view(self) -> str:
        """Pan and zoom of the view, as a CSS transform."""
        return str(self.page.locator(".react-flow__viewport").evaluate("view => view.style.transform"))

    def draft(self) -> Draft:
        """The saved draft, once no edit is pending."""
        self.page.wait_for_function("window.designerCanvas && window.designerCanvas.pending() === 0")
        return self.workspace.drafts.get(self.id)

    def nodes(self) -> dict[str, dict[str, object]]:
        document = self.draft().document
        return dict(document["nodes"])

    def edges(self) -> list[str]:
        return sorted(
            f"{e['source']}.{e['output']} > {e['target']}.{e['input']}" for e in self.draft().document["edges"]
        )

    def wait_for_nodes(self, count: int) -> None:
        """Wait until the document has `count` nodes; cards out of view are not rendered, so they cannot be counted."""
        self.until(lambda: len(self.nodes()) == count, f"{count} nodes")

    def node(self, id: str) -> Locator:
        return self.page.get_by_test_id(f"node-{id}")

    def port(self, node: str, side: str, name: str) -> Locator:
        return self.page.get_by_test_id(f"port-{node}-{side}-{name}")

    def find(self, words: str) -> None:
        """Search the palette and wait for the results, which replace the elements of the rows."""
        self.page.get_by_test_id("palette-search").fill(words)
        self.page.locator(".palette .pc", has_text="Found").wait_for()

    def drop(self, module: str, x: float, y: float) -> None:
        """Drag a module from the palette onto the canvas."""
        before = len(self.nodes())
        row = self.page.get_by_test_id(f"module-{module}")
        if row.count() == 0:
            self.find(module.replace("-", " "))
        row.hover()
        self.page.mouse.down()
        self.page.mouse.move(x - 30, y - 30, steps=3)
        self.page.mouse.move(x, y, steps=3)
        self.page.mouse.up()
        # Check the document, not the screen: cards out of view are not rendered.
        self.until(lambda: len(self.nodes()) == before + 1, f"{module} is on the canvas")

    def wire(self, source: tuple[str, str], target: tuple[str, str]) -> None:
        """Draw a wire from an output to an input."""
        self.settle()
        start = self.port(source[0], "out", source[1]).bounding_box()
        end = self.port(target[0], "in", target[1]).bounding_box()
        assert start is not None
        assert end is not None
        self.drag((start["x"] + 12, start["y"] + 14), (end["x"] + 12, end["y"] + 10))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()

    def middle(self, locator: Locator) -> tuple[float, float]:
        """The center of an element, once the view stops moving."""
        self.settle()
        box = locator.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def click_canvas(self, x: float = 340, y: float = 120) -> None:
        self.page.mouse.click(x, y)

    def select(self, *ids: str) -> None:
        self.node(ids[0]).click()
        for id in ids[1:]:
            self.node(id).click(modifiers=["Shift"])

    def overlaps(self) -> list[tuple[str, str]]:
        """Pairs of cards and notes that overlap on the screen."""
        boxes = self.page.locator(
            ".react-flow__node-card, .react-flow__node-folded, .react-flow__node-note"
        ).evaluate_all(
            "cards => cards.map(card => [card.dataset.id, ...(({left, top, right, bottom}) => "
            "[left, top, right, bottom])(card.getBoundingClientRect())])"
        )
        return [
            (a[0], b[0])
            for a, b in combinations(boxes, 2)
            if a[1] < b[3] - 1 and b[1] < a[3] - 1 and a[2] < b[4] - 1 and b[2] < a[4] - 1
        ]

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[data-field='{name}']")

    def until(self, holds: Callable[[], bool], what: str, patience: float = 10_000) -> None:
        """Poll a condition ten times a second until it holds; `patience` is in milliseconds."""
        waited = 0.0
        while not holds():
            self.page.wait_for_timeout(100)
            waited += 100
            assert waited < patience, f"not in {patience / 1000} s: {what}"


Opener = Callable[[Pipeline], CanvasPage]
"""Saves a pipeline and opens it."""
