"""HTTP, file scoring and Score Model agree on every row with both engines: same answers, same refusals."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.values import Archive
from designer.inference.convert import convert
from designer.inference.rewrite import rewrite
from designer.inference.scorer import load
from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.serving import keys
from designer.serving.address import free_port
from designer.serving.batch.scoring import score_file
from designer.serving.live import MODEL_FILE
from designer.serving.signature import Signature
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace, open_workspace
from tests.serving.conftest import Served, ended, started
from tests.trained import Trained, people, people_pipeline, trained, wire

ENGINES = ("onnxruntime", "scikit-learn")
LEARNERS = {
    "two-class-logistic-regression": "income",
    "two-class-decision-forest": "income",
    "poisson-regression": "wage",
}
Answer = tuple[Any, ...] | None
"""The scores of a row; None if it cannot be scored."""


@dataclass(frozen=True, repr=False)
class Trial:
    """A model behind two endpoints, one per engine, and the outputs of its training run."""

    served: Served
    learner: str
    outputs: Mapping[tuple[str, str], Stored]

    def modules(self, row: Mapping[str, Any]) -> Answer:
        """The scores of a row by the modules of the training run, one after the other."""
        library, workspace = self.served.library, self.served.workspace
        try:
            table = as_table(row)
            for step, port in (("clean", "cleaning_transformation"), ("scale", "transformation_function")):
                value = workspace.value(self.outputs[step, port], library)
                table = library["apply-transformation"].read({}).run(transformation=value, dataset=table)
            model = workspace.value(self.outputs["train", "trained_model"], library)
            scored = library["score-model"].read({}).run(trained_model=model, dataset=table)
        except (DesignerError, ValueError, TypeError, OverflowError):
            return None
        return answer_of(scored.iloc[0].to_dict())

    def http(self, engine: str, rows: Sequence[Mapping[str, Any]]) -> tuple[int, Any]:
        """Status and document of a request."""
        body = json.dumps({"Inputs": {"WebServiceInput0": rows}, "GlobalParameters": {}}).encode()
        return self.served.post(f"{self.learner}-{engine}", body)

    def file(self, engine: str, rows: Sequence[Mapping[str, Any]], folder: Path) -> list[tuple[str, Answer]]:
        """The outcome of each row of a file (scored, unscored or refused) and its scores."""
        source, target = folder / "rows.csv", folder / "scored.csv"
        with source.open("w", newline="") as written:
            writer = csv.DictWriter(written, ["row", *rows[0]])
            writer.writeheader()
            writer.writerows({"row": i, **{k: cell_text(v) for k, v in row.items()}} for i, row in enumerate(rows))
        try:
            score_file(self.served.workspace, self.served.library, f"{self.learner}-{engine}", source, target)
        except DesignerError as error:
            if "every row is refused" not in str(error):
                raise
            return [("refused", None)] * len(rows)
        answers = {int(row["row"]): answer_of(row) for row in pd.read_csv(target).to_dict("records")}
        return [("unscored" if answers[i] is None else "scored", answers[i]) if i in answers else ("refused", None)
                for i in range(len(rows))]  # fmt: skip


def cell_text(cell: Any) -> str:
    """A cell as text for a CSV file."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell) if isinstance(cell, str) else repr(cell)


def as_table(row: Mapping[str, Any]) -> pd.DataFrame:
    """A row as a table of the documented types; raises if a cell does not fit its type."""
    kinds = {"age": "Int64", "hours": "float64", "work": "str", "member": "boolean"}
    return pd.DataFrame({name: pd.Series([row[name]], dtype=kind) for name, kind in kinds.items()})


def answer_of(row: Mapping[Any, Any]) -> Answer:
    """The cells of a row that are scores."""
    scores = tuple(row[name] for name in sorted(map(str, row)) if name.startswith("Scored "))
    return None if any(pd.isna(score) for score in scores) else scores


def scaled(learner: str, label: str) -> Pipeline:
    """A pipeline that cleans, normalizes the hours and trains; normalizing may overflow."""
    pipeline = people_pipeline(learner, label)
    scale = Node("scale", "normalize-data", parameters={"columns": ["hours"], "method": "ZScore"})
    old = wire("clean.cleaned_dataset > split.dataset")
    edges = [edge for edge in pipeline.edges if edge != old]
    edges += [wire("clean.cleaned_dataset > scale.dataset"), wire("scale.transformed_dataset > split.dataset")]
    return replace(pipeline, nodes={**pipeline.nodes, "scale": scale}, edges=tuple(edges))


def deployed_twice(workspace: Workspace, library: Library, made: Trained, learner: str) -> dict[str, str]:
    """Create two endpoints of a trained pipeline, one per engine; return their keys."""
    pipeline = rewrite(made.pipeline, made.results, "realtime", library).pipeline
    graph = convert(pipeline, library, workspace.sources(library))
    stored = workspace.put(Archive({MODEL_FILE: graph.model}))
    scores = [column.name for column in graph.outputs if column.is_score]
    signature = Signature.of(load(pipeline, library, workspace.sources(library))).to_json()
    facts = {"scores": scores, "ignored": [], "merges": True, "onnx": stored.digest, "signature": signature}
    opened = {}
    for engine in ENGINES:
        name = f"{learner}-{engine}"
        workspace.endpoints.create(name)
        workspace.endpoints.add_version(name, to_document(pipeline), engine=engine, artifacts=facts, state="ready")
        opened[name] = keys.first_keys(workspace, name)["primary"]
    return opened


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Trial]]:
    folder, library = tmp_path_factory.mktemp("same"), Library.scan()
    with open_workspace(folder) as workspace:
        workspace.datasets.register("people", people().assign(hours=lambda table: table["hours"] * 1e-5))
        opened: dict[str, str] = {}
        values = {}
        for learner, label in LEARNERS.items():
            made = trained(scaled(learner, label), workspace, library)
            values[learner] = made.outputs
            opened |= deployed_twice(workspace, library, made, learner)
        port = free_port()
        process = started(folder, port)
        try:
            served = Served(workspace, library, port, opened, {})
            yield {learner: Trial(served, learner, outputs) for learner, outputs in values.items()}
        finally:
            assert ended(process) == 0


HOURS = st.one_of(
    st.floats(0, 1e-3), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([None, 0.0, 5e-324, 1e30, 3.5e38, 1e300, 1e304, -1e308, 1.7e308, "many"]),
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "age": st.one_of(st.integers(17, 80), st.integers(-(2**63), 2**63 - 1), st.sampled_from([None, 2**63, "old"])),
        "hours": HOURS,
        "work": st.sampled_from(["State", "Private", "state", "NA", "Astronaut", "Ünïcode 🎈", " State", None]),
        "member": st.sampled_from([True, False, None, "perhaps"]),
    }
)
FINE = {"age": 40, "hours": 4e-4, "work": "State", "member": True}


@pytest.mark.parametrize("learner", LEARNERS)
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
@example(rows=[FINE, {**FINE, "hours": 1.7e308}, {**FINE, "hours": 1e30}])
@example(rows=[{**FINE, "hours": 1.7e308}])
@settings(max_examples=12, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
def test_a_row_has_one_answer_on_every_way(
    learner: str, rows: list[dict[str, Any]], trials: dict[str, Trial], tmp_path: Path
) -> None:
    trial = trials[learner]
    expected = [trial.modules(row) for row in rows]
    files = [trial.file(engine, rows, tmp_path) for engine in ENGINES]
    assert [state for state, _ in files[0]] == [state for state, _ in files[1]]
    for row, answer, *in_files in zip(rows, expected, *files, strict=True):
        replies = [trial.http(engine, [row]) for engine in ENGINES]
        assert [status for status, _ in replies] == [200 if answer else 422] * 2, (row, answer, replies)
        if answer is None:
            codes = {reply["error"]["code"] for _, reply in replies}
            assert len(codes) == 1, (row, codes)
            assert [scores for _, scores in in_files] == [None, None], row
            assert (in_files[0][0] == "refused") == (codes <= {"score.type", "score.value"}), (row, codes)
        else:
            answers = [answer_of(reply["Results"]["WebServiceOutput0"][0]) for _, reply in replies]
            for other in (*answers, *(scores for _, scores in in_files)):
                assert other is not None
                assert agree(other, answer), (row, answer, other)


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_request_with_a_row_that_cannot_be_scored_names_it(learner: str, trials: dict[str, Trial]) -> None:
    trial = trials[learner]
    bad = [{**FINE, "hours": 1.7e308}, {**FINE, "age": None}, {**FINE, "member": "perhaps"}]
    refused = [row for row in bad if trial.modules(row) is None]
    assert len(refused) >= 2  # a forest accepts missing numbers
    for row in refused:
        for engine in ENGINES:
            status, reply = trial.http(engine, [FINE, FINE, row, FINE])
            assert (status, reply["error"]["where"].get("row")) == (422, 3), reply


def agree(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether labels are equal and numbers agree to 1e-9, relative above 1."""
    return all(
        a == b if isinstance(a, str) else abs(a - b) <= 1e-9 * max(1.0, abs(b)) for a, b in zip(one, other, strict=True)
    )
