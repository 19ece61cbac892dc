"""Documents that become pipelines: too large, from other programs, imported twice at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from designer.contract.errors import DesignerError
from designer.pipeline.check import check
from designer.pipeline.document import loads
from designer.workbench.pipelines import Pipelines
from tests.hardening.conftest import Laboratory


def document(**parts: Any) -> bytes:
    return json.dumps({"format": 1, "name": "imported", "nodes": {}, "edges": [], **parts}).encode()


def node(module: str = "enter-data-manually", **parameters: Any) -> dict[str, Any]:
    return {"module": module, "version": 1, "parameters": parameters}


WIRE = {"source": "a", "output": "dataset", "target": "b", "input": "dataset"}
LARGE: dict[str, tuple[Callable[[], bytes], str]] = {
    "I03": (lambda: document(description="x" * 50_000_000), "larger than a pipeline document can be"),
    "I03 text": (lambda: document(description="x" * 1_000_000), "damaged at 'description'"),
    "I16": (lambda: document(nodes={f"n{n}": node() for n in range(100_000)}), "damaged at 'nodes'"),
    "I16 wires": (
        lambda: document(nodes={"a": node(), "b": node()}, edges=[WIRE] * 1_000_000),
        "damaged at 'edges'",
    ),
}


def imported(laboratory: Laboratory, content: bytes) -> str:
    try:
        Pipelines(laboratory.workspace).import_document(content)
    except DesignerError as error:
        return f"refused: {error}"
    return "accepted"


def read(content: bytes) -> str:
    try:
        loads(content)
    except DesignerError as error:
        return f"refused: {error}"
    return "accepted"


@pytest.mark.parametrize("row", LARGE)
def test_a_document_without_measure_is_refused_soon(laboratory: Laboratory, row: str) -> None:
    build, right = LARGE[row]
    content = build()
    began = time.monotonic()
    answer = laboratory.try_row(lambda: read(content) if row.startswith("I16") else imported(laboratory, content))
    assert right in answer, answer[:500]
    assert len(answer) < 500
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("row", ["I19"])
def test_a_dataset_of_elsewhere_is_missing_and_nothing_is_told_of_the_machine(laboratory: Laboratory, row: str) -> None:
    for module, parameters in {
        "dataset": {"name": "bystander of another workspace"},
        "import-data": {"path": "/etc/shadow.csv"},
    }.items():
        pipeline = loads(document(nodes={"a": node(module, **parameters)}))
        assert isinstance(check(pipeline, laboratory.library), list)
        answer = laboratory.try_row(lambda pipeline=pipeline: laboratory.answer_of(pipeline, "a"))  # type: ignore[misc]
        assert answer.startswith("failed: "), answer
        assert "no " in answer, answer


@pytest.mark.parametrize("row", ["I23"])
def test_a_document_imported_many_times_at_once_becomes_as_many_pipelines(laboratory: Laboratory, row: str) -> None:
    content = document(nodes={"a": node()})
    before = {draft.id for draft in laboratory.workspace.drafts.all()}

    def all_at_once() -> str:
        with ThreadPoolExecutor(8) as pool:
            return " ".join(pool.map(lambda _: imported(laboratory, content), range(8)))

    assert laboratory.try_row(all_at_once) == " ".join(["accepted"] * 8)
    made = [draft for draft in laboratory.workspace.drafts.all() if draft.id not in before]
    assert len({draft.id for draft in made}) == 8
