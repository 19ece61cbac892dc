"""The evaluation page in a real browser: charts show the measured values."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Observed, Server, enter
from tests.browser.seeded import Seeded, finished_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def census(designer: Server) -> Seeded:
    return finished_run(designer, "census-income")


@pytest.fixture
def tab(designer: Server, context: BrowserContext, observed: Observed) -> Page:
    return enter(designer, context, observed)


def open_evaluation(tab: Page, designer: Server, seeded: Seeded) -> None:
    tab.goto(f"{designer.origin}/runs/{seeded.run}/evaluate/evaluate")
    tab.get_by_role("heading", name="Evaluate Model").wait_for()


def matrix(tab: Page) -> list[int]:
    """The four counts: true negatives, false positives, false negatives, true positives."""
    cells = tab.get_by_role("table", name="Confusion matrix").locator("td b").all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells]


def metric(tab: Page, name: str) -> str:
    row = tab.locator("table.metrics tr").filter(has=tab.get_by_text(name, exact=True))
    return row.locator("td").nth(1).inner_text()


def test_precision_and_recall_follow_from_the_matrix_at_every_threshold(
    tab: Page, designer: Server, census: Seeded, observed: Observed
) -> None:
    open_evaluation(tab, designer, census)
    expect(tab.get_by_role("region", name="Score").get_by_text("Positive class: >50K")).to_be_visible()
    for threshold in ("0.50", "0.25", "0.81"):
        tab.get_by_label(re.compile("^Predict")).fill(threshold)
        expect(tab.get_by_text(f"threshold {threshold}, positive class >50K, better in bold")).to_be_visible()
        _, fp, fn, tp = matrix(tab)
        assert metric(tab, "Precision") == f"{tp / (tp + fp):.3f}"
        assert metric(tab, "Recall") == f"{tp / (tp + fn):.3f}"
    assert observed.troubles == []


def test_the_other_model_has_a_matrix_of_its_own(tab: Page, designer: Server, census: Seeded) -> None:
    open_evaluation(tab, designer, census)
    first = matrix(tab)
    tab.get_by_role("group", name="Model").get_by_role("button", name="B").click()
    expect(tab.get_by_role("table", name="Confusion matrix")).not_to_contain_text(f"{first[3]:,}")
    assert sum(matrix(tab)) == sum(first)


def test_every_chart_is_drawn_in_both_themes(tab: Page, designer: Server, census: Seeded) -> None:
    open_evaluation(tab, designer, census)
    for name in ("ROC curve", "Precision and recall", "Calibration"):
        expect(tab.get_by_role("img", name=name).locator("svg.main-svg").first).to_be_visible()
    tab.get_by_role("button", name="Lift").click()
    expect(tab.get_by_role("img", name="Lift curve").locator(".scatterlayer path").first).to_be_visible()
    tab.get_by_role("button", name="Use the dark theme").click()
    expect(tab.get_by_role("img", name="ROC curve").locator("svg.main-svg").first).to_be_visible()


CUT = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
  const edge = plot.getBoundingClientRect();
  const texts = [...plot.querySelectorAll("svg text")].filter((text) => text.textContent.trim());
  const isCut = ({ left, right, top, bottom }) =>
    left < edge.left - 0.5 || right > edge.right + 0.5 || top < edge.top - 0.5 || bottom > edge.bottom + 0.5;
  return texts.filter((text) => isCut(text.getBoundingClientRect())).map((text) => text.textContent);
})"""


@pytest.mark.parametrize("sample", ["tumour-check", "census-income", "car-prices", "customer-groups"])
@pytest.mark.parametrize("width", [1440, 1200])
def test_no_label_of_a_chart_is_cut_at_its_edge(tab: Page, designer: Server, sample: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    open_evaluation(tab, designer, finished_run(designer, sample))
    plots = tab.locator(".js-plotly-plot")
    expect(plots.nth(1)).to_be_visible()
    expect(tab.locator(".js-plotly-plot:not(:has(.xtick text))")).to_have_count(0)
    assert tab.evaluate(CUT) == []
    lift = tab.get_by_role("button", name="Lift")
    if lift.count():
        lift.click()
        expect(tab.get_by_role("img", name="Lift curve").locator(".annotation-text").first).to_be_visible()
        assert tab.evaluate(CUT) == []


@pytest.mark.parametrize(
    ("sample", "seen"),
    [("wine-cultivars", "Confusion matrix"), ("bike-rentals", "Residuals"), ("customer-groups", "Map of the clusters")],
)
def test_every_task_has_a_view_of_its_own(
    tab: Page, designer: Server, observed: Observed, sample: str, seen: str
) -> None:
    open_evaluation(tab, designer, finished_run(designer, sample))
    expect(tab.get_by_label(seen).first).to_be_visible()
    expect(tab.locator("table.metrics tbody tr").first).to_be_visible()
    assert observed.troubles == []


def test_two_runs_are_compared_setting_by_setting(tab: Page, designer: Server) -> None:
    first = finished_run(designer, "tumour-check")
    second = finished_run(designer, "tumour-check", split={"seed": 7})
    for one, other in ((first, second), (second, first)):  # from the earlier to the later, in either order of arguments
        tab.goto(f"{designer.origin}/runs/compare?a={one.run}&b={other.run}")
        seed = tab.get_by_role("table", name="Settings that differ").get_by_role("row").filter(has_text="Random seed")
        expect(seed.get_by_role("cell").nth(3)).to_have_text("7")
    expect(tab.get_by_role("table", name="Metrics")).to_contain_text("Accuracy")


def test_a_run_shows_its_steps_and_leads_to_its_evaluation(tab: Page, designer: Server, census: Seeded) -> None:
    tab.goto(f"{designer.origin}/runs")
    tab.get_by_role("link", name="Income over 50K?").first.click()
    expect(tab.get_by_role("table", name="Steps")).to_contain_text("Evaluate Model")
    tab.get_by_role("table", name="Steps").get_by_role("link", name="Evaluation").click()
    tab.wait_for_url(re.compile("/evaluate/evaluate$"))


def test_a_run_that_does_not_exist_says_so(tab: Page, designer: Server) -> None:
    tab.goto(f"{designer.origin}/runs/nothing/evaluate/evaluate")
    expect(tab.get_by_text("there is no run 'nothing'")).to_be_visible()


def test_models_say_what_they_look_at(tab: Page, designer: Server, census: Seeded) -> None:
    tab.goto(f"{designer.origin}/models")
    tab.get_by_role("button", name="Two-Class Boosted Decision Tree").click()
    expect(tab.get_by_text("Importance: share of what the splits gained")).to_be_visible()
    expect(tab.locator(".weight").first).to_contain_text("%")
