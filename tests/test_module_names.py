"""Behaviour does not depend on module names: a renamed library gives the same warnings, rewrites and results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.contract.catalogue.icons import ICONS
from designer.contract.catalogue.library import Library
from designer.inference.rewrite import rewrite
from designer.inference.scorer import Scorer
from designer.inference.trying import runs_code
from designer.pipeline.graph import Node, Pipeline
from designer.serving.signature import Signature
from designer.store.workspace import Workspace, open_workspace
from tests.pipeline.test_wirings import RIGHT, WRONG, drawn, rules
from tests.renamed import plain, renamed_library, renamed_pipeline
from tests.trained import clusters_pipeline, people, people_pipeline, trained

DESIGNER = Path(__file__).parent.parent / "designer"
ROW = {"age": 40, "hours": 38.5, "work": "State", "member": True}
PEOPLE = people_pipeline("two-class-logistic-regression", "income")


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library.scan()


@pytest.fixture(scope="module")
def other(shipped: Library) -> Library:
    return renamed_library(shipped)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path) as opened:
        opened.datasets.register("people", people())
        yield opened


def named_in(text: str, ids: frozenset[str]) -> set[str]:
    """The ids that a source text contains as whole string literals."""
    return {match.group(2) for match in re.finditer(r"""(["'`])([a-z0-9]+(?:-[a-z0-9]+)+)\1""", text)} & ids


def test_no_source_of_the_application_names_a_module(shipped: Library) -> None:
    """Samples and migrations are exempt: they refer to module ids by design."""
    ids = frozenset(module.spec().id for module in shipped)
    exempt = (DESIGNER / "samples", DESIGNER / "store" / "migrations")
    names = {
        f"{path.relative_to(DESIGNER)}: {id}"
        for path in DESIGNER.rglob("*")
        if path.suffix in (".py", ".js", ".jsx") and not any(path.is_relative_to(folder) for folder in exempt)
        for id in named_in(path.read_text(encoding="utf-8"), ids)
    }
    assert names == set()


def test_the_search_for_ids_sees_one() -> None:
    ids = frozenset({"split-data"})
    assert named_in("if node.module == 'split-data':", ids) == {"split-data"}
    assert named_in("the page /help/split-data-by-hand", ids) == set()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_wiring_is_warned_of_under_any_name(name: str, shipped: Library, other: Library) -> None:
    wires, rule = WRONG[name]
    assert rules(renamed_pipeline(drawn(shipped, wires)), other) == {rule}


def test_right_wirings_are_silent_under_any_name(shipped: Library, other: Library) -> None:
    warnings = {name: rules(renamed_pipeline(drawn(shipped, wires)), other) for name, wires in RIGHT.items()}
    assert {name: warned for name, warned in warnings.items() if warned} == {}


@pytest.mark.parametrize("pipeline", [PEOPLE, clusters_pipeline()], ids=["classes", "clusters"])
@pytest.mark.parametrize("kind", ["realtime", "batch"])
def test_the_inference_pipeline_is_the_same_under_any_name(
    kind: str, pipeline: Pipeline, workspace: Workspace, shipped: Library, other: Library
) -> None:
    renamed = renamed_pipeline(pipeline)
    here = rewrite(pipeline, trained(pipeline, workspace, shipped).results, kind, shipped)  # type: ignore[arg-type]
    there = rewrite(renamed, trained(renamed, workspace, other).results, kind, other)  # type: ignore[arg-type]
    assert (here.problems, there.problems) == ([], [])
    assert {plain(id): plain(node.module) for id, node in there.pipeline.nodes.items()} == {
        id: node.module for id, node in here.pipeline.nodes.items()
    }
    assert {plain(f"{edge}") for edge in there.pipeline.edges} == {f"{edge}" for edge in here.pipeline.edges}
    assert [plain(f"{reason}") for reason in there.reasons] == [f"{reason}" for reason in here.reasons]
    assert (there.schema, there.pinned) == (here.schema, here.pinned)


def test_a_request_is_answered_alike_under_any_name(workspace: Workspace, shipped: Library, other: Library) -> None:
    answers = []
    for library, pipeline in ((shipped, PEOPLE), (other, renamed_pipeline(PEOPLE))):
        made = rewrite(pipeline, trained(pipeline, workspace, library).results, "realtime", library)
        scorer = Scorer.load(made.pipeline, library, workspace.sources(library))
        answers.append((scorer.score([ROW]), Signature.of(scorer.loaded)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("module", ["execute-python-script", "apply-sql-transformation", "create-python-model"])
def test_code_of_the_user_is_known_by_what_it_does(module: str, shipped: Library, other: Library) -> None:
    pipeline = Pipeline(nodes={"code": Node("code", module)})
    assert runs_code(pipeline, shipped)
    assert runs_code(renamed_pipeline(pipeline), other)


def test_every_module_with_a_field_for_code_says_that_it_runs_it(shipped: Library) -> None:
    specs = [module.spec() for module in shipped]
    with_field = {spec.id for spec in specs if any(p.editor == "code" for p in spec.parameters)}
    assert with_field == {spec.id for spec in specs if spec.abilities.runs_code}


def test_modules_choose_among_the_pictures_that_the_canvas_draws(shipped: Library) -> None:
    source = (DESIGNER / "ui" / "canvas" / "cards" / "icons.jsx").read_text(encoding="utf-8")
    drawn_there = source.split("ICONS = {")[1].split("};")[0]
    assert {name.strip('"') for name in re.findall(r'("[\w-]+"|\w+):', drawn_there)} == ICONS
    icons = {module.spec().id: module.spec().icon for module in shipped}
    assert set(icons.values()) - {""} <= ICONS
    assert (icons["split-data"], icons["execute-python-script"]) == ("split", "code")


def test_each_purpose_has_one_module(shipped: Library) -> None:
    purposes = [spec.abilities.purpose for module in shipped if (spec := module.spec()).abilities.purpose]
    assert len(purposes) == len(set(purposes)) == 13
