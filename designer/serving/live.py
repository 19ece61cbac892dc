"""Live versions: loaded from the store, checked against stored answers, swapped as a whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.values import Archive
from designer.inference.convert import Converted, read_converted
from designer.inference.rows import Cells, RefusedRequest, RowReader
from designer.serving.signature import Signature, reading_of
from designer.serving.workers.batching import Batcher, Rows
from designer.serving.workers.pool import ModelProcess
from designer.serving.workers.session import OnnxScorer
from designer.store.records import Endpoint, EndpointKey, EndpointVersion
from designer.store.workspace import Workspace

MODEL_FILE = "model.onnx"
IN_FLIGHT = {"onnxruntime": 256, "scikit-learn": 16}
"""Most requests in flight or waiting per endpoint; further ones are refused with 429."""
TOLERANCE = 1e-9


class IntegrityLost(DesignerError):
    """A version cannot be loaded, or answers differently than at deployment."""


@dataclass
class Live:
    """A loaded version of an endpoint."""

    endpoint: str
    version: int
    engine: str
    input_name: str
    output_name: str
    reader: RowReader
    schema: Schema
    scores: frozenset[str]
    positive: str = ""
    echoes: bool = False
    """Whether an answer is the row as sent with its scores appended."""
    batcher: Batcher | None = None
    process: ModelProcess | None = None
    in_flight: int = 0

    async def score(self, rows: Any) -> Rows:
        """Score rows, one answer each; raises DesignerError naming the row and column to blame."""
        self.reader.require_rows(rows)
        if self.batcher is not None:
            return await self.batcher.score(rows)
        assert self.process is not None
        self.reader.cells(rows)
        names = self.schema.names
        plain = self.reader.plain([{name: row[name] for name in names} for row in rows])
        return self.answers(rows, *await self.process.score(plain))

    def score_at_once(self, scorer: OnnxScorer, rows: Rows) -> Rows:
        """Score the rows of one or several requests with an ONNX model."""
        return self.answers(rows, scorer.names, scorer.score_cells(self.reader.cells(rows)))

    def answers(self, rows: Rows, names: Sequence[str], columns: Sequence[Cells]) -> Rows:
        """Answer columns as rows; raises RefusedRequest for a row without a score."""
        for name, cells in zip(names, columns, strict=True):
            if None in cells and name in self.scores:
                raise _unscored(rows[cells.index(None)], cells.index(None) + 1, self.schema.names)
        if not self.echoes:
            return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        scored = {name: cells for name, cells in zip(names, columns, strict=True) if name in self.scores}
        scores = zip(*scored.values(), strict=True)
        return [{**row, **dict(zip(scored, cells, strict=True))} for row, cells in zip(rows, scores, strict=True)]

    @property
    def limit(self) -> int:
        """Most requests in flight."""
        return IN_FLIGHT[self.engine]


@dataclass(frozen=True)
class Route:
    """The route of an address: an endpoint's state and keys, and its live version, if any."""

    name: str
    description: str
    is_paused: bool
    requires_key: bool
    live: Live | None
    keys: Mapping[str, str]
    """The slot of each key, by the key's SHA-256 digest."""
    problem: str = ""
    is_checked: bool = False
    """Whether the route is for a version under check: not counted, open while the endpoint is paused."""

    @classmethod
    def to(
        cls, endpoint: Endpoint, live: Live | None, keys: Mapping[str, str], problem: str, is_checked: bool = False
    ) -> Route:
        """The route of an endpoint."""
        paused, needs_key = endpoint.state == "paused" and not is_checked, endpoint.requires_key
        return cls(endpoint.name, endpoint.description, paused, needs_key, live, keys, problem, is_checked)


@dataclass(frozen=True)
class Wanted:
    """The stored state that the scoring process should serve."""

    endpoints: Mapping[str, Endpoint]
    versions: Mapping[tuple[str, int], EndpointVersion]
    keys: Mapping[str, Sequence[EndpointKey]]


def wanted(workspace: Workspace) -> Wanted:
    """The endpoints, their default and staged versions, and their keys."""
    endpoints = {endpoint.name: endpoint for endpoint in workspace.endpoints.all()}
    versions = {
        (name, version.version): version
        for name, endpoint in endpoints.items()
        for version in workspace.endpoints.versions(name)
        if version.version == endpoint.default_version or version.state == "staged"
    }
    return Wanted(endpoints, versions, {name: workspace.endpoints.keys(name) for name in endpoints})


async def load(workspace: Workspace, version: EndpointVersion, seconds: float) -> Live:
    """Load a version and check that it answers as at deployment; raises IntegrityLost."""
    try:
        live = _assembled(workspace, version, seconds)
        if live.process is not None:
            await live.process.start()
        await _check(live, version.example)
    except DesignerError as error:
        raise IntegrityLost(f"version {version.version} cannot answer: {error}") from error
    except Exception as error:  # a stored file may be damaged in any way
        raise IntegrityLost(f"version {version.version} cannot be loaded ({type(error).__name__})") from error
    return live


def stored_onnx(workspace: Workspace, version: EndpointVersion) -> Converted:
    """The ONNX model of a version, verified by digest. Raises IntegrityLost or DesignerError."""
    archive = workspace.value(version.artifacts["onnx"])
    if not isinstance(archive, Archive):
        raise IntegrityLost("the stored model is something else")
    return read_converted(archive.files[MODEL_FILE])


def _assembled(workspace: Workspace, version: EndpointVersion, seconds: float) -> Live:
    facts, signature = version.artifacts, Signature.read(version.artifacts)
    schema = signature.schema
    live = Live(
        endpoint=version.endpoint,
        version=version.version,
        engine=version.engine,
        input_name=signature.input_name,
        output_name=signature.output_name,
        reader=RowReader(schema, frozenset(facts.get("ignored", ())), reading=reading_of(facts)),
        schema=schema,
        scores=frozenset(facts.get("scores", ())),
        positive=signature.positive,
        echoes=bool(facts.get("echoes")),
    )
    if version.engine == "onnxruntime":
        live.batcher = Batcher(partial(live.score_at_once, OnnxScorer(stored_onnx(workspace, version))))
    else:
        live.process = ModelProcess(workspace.path, version.document, seconds, merges=bool(facts.get("merges")))
    return live


async def _check(live: Live, example: Mapping[str, Any]) -> None:
    """Score the stored rows and compare with the stored answers."""
    rows, answers = example.get("rows") or [], example.get("answers") or []
    if not answers:
        return
    scores = await live.score(rows)
    for number, (score, stored) in enumerate(zip(scores, answers, strict=True), 1):
        if any(not _same(score.get(name), stored.get(name)) for name in live.scores):
            raise IntegrityLost(f"row {number} of the stored rows is scored otherwise than when it was deployed")


def _unscored(row: Mapping[str, Any], number: int, names: Sequence[str]) -> RefusedRequest:
    empty = [name for name in names if row[name] is None]
    if not empty:
        return RefusedRequest("score.no_answer", "the row cannot be scored: the model's answer is not a number",
                              "Send values nearer to those of training.", row=number)  # fmt: skip
    problem = f"null in {', '.join(map(repr, empty[:5]))}"
    return RefusedRequest("score.missing_value", f"the row cannot be scored: {problem}",
                          "Send a value; this model cannot work without it.", row=number,
                          column=empty[0])  # fmt: skip


def _same(score: Any, stored: Any) -> bool:
    if isinstance(score, float) and isinstance(stored, int | float):
        return math.isclose(score, stored, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(score == stored)
