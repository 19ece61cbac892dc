"""The parity certificate of a version: issued at deployment, reissued on demand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.inference.convert import Converted
from designer.inference.evidence import Evidence, evidence
from designer.inference.parity import Certificate, Compared, Rows, Scores, compare, edge_rows, is_answer, one_by_one
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document
from designer.serving.client import (
    START_SECONDS,
    Client,
    NoScoringProcess,
    is_open,
    scoring_process,
    wait_until_loaded,
)
from designer.serving.keys import CHECKING
from designer.serving.live import stored_onnx
from designer.serving.workers.session import OnnxScorer
from designer.store.records import EndpointVersion
from designer.store.workspace import Workspace

Report = Callable[[float, str], None]


def certify(
    workspace: Workspace, library: Library, name: str, version: int | None = None, *, report: Report | None = None
) -> Certificate:
    """Check a deployed version again and store the certificate; the default version unless one is given.

    Sends the rows of the first check through the same paths, with the model file now deployed. The default version
    stays as it is, whatever the result. Runs the pipeline's steps in this process: pages call
    `designer.serving.deploying.certify_apart` instead. Raises DesignerError where the version cannot be loaded.
    """
    progress = report or (lambda fraction, text: None)
    deployed = workspace.endpoints.version(name, version)
    progress(0.05, "Loading the pipeline")
    pipeline = from_document(deployed.document)
    scorer = Scorer.load(pipeline, library, workspace.sources(library))
    held_out = evidence(workspace, pipeline, scorer.schema, library, deployed.run_id)
    graph = stored_onnx(workspace, deployed) if deployed.engine == "onnxruntime" else None
    progress(0.2, f"Scoring {counted(len(held_out.rows), 'held-out row')}")
    check = Check(scorer, graph, held_out)
    progress(0.6, f"Sending {counted(len(check.sent), 'row')} over HTTP")
    with key_for_checks(workspace, name) as key, _reachable(workspace, deployed):
        certificate = check.over_http(workspace, name, deployed.version, deployed.engine, key)
    workspace.endpoints.change_version(name, deployed.version, certificate=certificate.to_json(), state="ready")
    progress(1.0, certificate.sentence)
    return certificate


@contextmanager
def key_for_checks(workspace: Workspace, name: str) -> Iterator[str]:
    """A temporary key of an endpoint, for checking a version over HTTP."""
    try:
        yield workspace.endpoints.new_key(name, CHECKING)
    finally:
        workspace.endpoints.revoke_key(name, CHECKING)


@contextmanager
def _reachable(workspace: Workspace, version: EndpointVersion) -> Iterator[None]:
    """Stage a version that is not the default while it is checked, so that the scoring process loads it."""
    if workspace.endpoints.get(version.endpoint).default_version == version.version:
        yield
        return
    workspace.endpoints.change_version(version.endpoint, version.version, state="staged")
    try:
        yield
    finally:
        workspace.endpoints.change_version(version.endpoint, version.version, state=version.state)


class Check:
    """The comparisons of one version, in the order in which they become possible."""

    def __init__(self, scorer: Scorer, graph: Converted | None, held_out: Evidence) -> None:
        self.held_out = held_out
        self.answers = scorer.score(held_out.rows) if held_out.rows else []
        self.scores = scorer.loaded.scores_among(self.answers[0] if self.answers else scorer.loaded.output.names)
        self.reference: Rows = held_out.scored if held_out.scored is not None else self.answers
        self.against = "training run" if held_out.scored is not None else "pipeline steps"
        self.edges = edge_rows(scorer.schema, held_out.rows)
        self.edge_answers = one_by_one(scorer.score, self.edges, self.scores)
        self.paths: list[Compared] = []
        if held_out.scored is not None:
            self.paths.append(compare("pipeline steps", "training run", self.reference, self.answers, self.scores))
        self.onnx_holds = False
        if graph is not None:
            self._onnx(OnnxScorer(graph))

    @property
    def worst(self) -> str:
        """The path with the most differences, in words."""
        path = max(self.paths, key=lambda path: path.differences, default=None)
        return (
            f"different in {path.differences:,} of {counted(path.rows, 'row')}"
            if path and path.differences
            else "not converted"
        )

    def over_http(self, workspace: Workspace, name: str, version: int, engine: str, key: str) -> Certificate:
        """Score all rows over HTTP with the version and return its certificate.

        Raises NoScoringProcess where the version cannot be loaded.
        """
        with scoring_process(workspace.path) as port:
            wait_until_loaded(port, name, version)
            address = f"/endpoints/{name}/versions/{version}"
            _wait_until_open(port, address, key)
            with closing(Client(port, f"{address}/score", key)) as client:
                paths = self._compared("HTTP", self._scored_rows(client.score), client.score, self.sent)
        served = [path for path in self.paths if engine == "onnxruntime" or not path.path.startswith("ONNX")]
        return Certificate(
            engine, len(self.held_out.rows), len(self.edges), (*served, *paths), self.held_out.reason,
            available=self.held_out.available, sent=len(self.sent),
        )  # fmt: skip

    def _onnx(self, session: OnnxScorer) -> None:
        try:
            answers = session.score(self.held_out.rows) if self.held_out.rows else []
        except DesignerError:
            answers = one_by_one(session.score, self.held_out.rows, self.scores)
        paths = self._compared("ONNX", answers, session.score)
        self.onnx_holds = all(path.holds for path in paths)
        self.paths += paths

    def _compared(self, path: str, answers: Rows, score: Scores, places: Sequence[int] | None = None) -> list[Compared]:
        edges = one_by_one(score, self.edges, self.scores)
        return [
            compare(path, self.against, self.reference, answers, self.scores, places),
            compare(f"{path}, edge rows", "pipeline steps", self.edge_answers, edges, self.scores),
        ]

    def _scored_rows(self, score: Scores) -> list[dict[str, Any]]:
        """Scores over HTTP. Rows that training left unscored are not sent: the endpoint refuses them."""
        sent = self.sent
        answers: list[dict[str, Any]] = [{} for _ in self.reference]
        for place, answer in zip(sent, score([self.held_out.rows[i] for i in sent]) if sent else [], strict=True):
            answers[place] = answer
        return answers

    @cached_property
    def sent(self) -> list[int]:
        """The positions of the rows that have a score; the others are refused over HTTP."""
        return [i for i, row in enumerate(self.reference) if all(is_answer(row.get(name)) for name in self.scores)]


def _wait_until_open(port: int, address: str, key: str) -> None:
    """Wait until the scoring process accepts a new key; raises NoScoringProcess after START_SECONDS."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if is_open(port, address, key):
            return
        time.sleep(0.05)
    raise NoScoringProcess("the scoring process does not pick up changes of the workspace", "Start it again.")
