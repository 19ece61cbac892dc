"""Endpoints of a workspace: versions, keys, checks, scoring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.inference.parity import Certificate
from designer.serving import endpoints as serving
from designer.serving.batch.scoring import Scored, score_file
from designer.serving.certifying import Report, certify
from designer.serving.deploying import certify_apart
from designer.serving.keys import revealed_key
from designer.store.endpoints import slot_named
from designer.store.records import Endpoint, EndpointKey, EndpointVersion
from designer.store.workspace import Workspace


@dataclass(frozen=True)
class Endpoints:
    """The endpoints of a workspace."""

    workspace: Workspace
    modules: Callable[[], Library]

    def all(self) -> list[Endpoint]:
        """All endpoints by name."""
        return self.workspace.endpoints.all()

    def get(self, name: str) -> Endpoint:
        """An endpoint; raises FileMissing."""
        return self.workspace.endpoints.get(name)

    def versions(self, name: str) -> list[EndpointVersion]:
        """The deployed versions, newest first; raises FileMissing."""
        self.get(name)
        return self.workspace.endpoints.versions(name)

    def answering(self) -> dict[str, EndpointVersion]:
        """The default version of each endpoint that has one, by endpoint."""
        return self.workspace.endpoints.answering()

    def requests_since(self, minute: int) -> dict[str, int]:
        """How many requests each endpoint received since a minute, counted from the epoch, by endpoint."""
        return self.workspace.endpoints.requests_since(minute)

    def of_pipeline(self, pipeline: str) -> Endpoint | None:
        """The endpoint that a pipeline, its parent or one of its children was last deployed to; None without one."""
        drafts = self.workspace.drafts
        alike = {pipeline, drafts.get(pipeline).parent, *(draft.id for draft in drafts.all(parent=pipeline))}
        versions = [
            version
            for endpoint in self.all()
            for version in self.workspace.endpoints.versions(endpoint.name)
            if version.pipeline_id and version.pipeline_id in alike
        ]
        newest = max(versions, key=lambda version: version.created, default=None)
        return self.get(newest.endpoint) if newest else None

    def next_version(self, name: str) -> int:
        """The version number of the next deployment under a name; 1 for a new endpoint."""
        return max((each.version for each in self.workspace.endpoints.versions(name)), default=0) + 1

    def keys(self, name: str) -> list[EndpointKey]:
        """The keys of an endpoint; raises FileMissing."""
        self.get(name)
        return self.workspace.endpoints.keys(name)

    def reveal(self, name: str, slot: str) -> str | None:
        """A key in full; None where only its digest is stored."""
        return revealed_key(self.workspace, name, slot_named(slot))

    def rotate(self, name: str, slot: str) -> str:
        """Create a new key in a slot and return it; revokes the old one and keeps the other slot's key."""
        self.get(name)
        return serving.rotate_key(self.workspace, name, slot_named(slot))

    def pause(self, name: str) -> None:
        """Pause an endpoint: it answers 503 until resumed."""
        serving.pause(self.workspace, name)

    def resume(self, name: str) -> None:
        """Resume a paused endpoint."""
        serving.resume(self.workspace, name)

    def promote(self, name: str, version: int) -> None:
        """Make another version the default, newer or older."""
        serving.make_default(self.workspace, name, version)

    def roll_back(self, name: str) -> int:
        """Make the newest usable version before the default one the default; returns its number.

        Raises InvalidParameter where there is none.
        """
        present = self.get(name).default_version or 0
        usable = [each.version for each in self.versions(name) if each.version < present and each.state != "failed"]
        if not usable:
            problem = f"there is no version before {present} that could answer"
            raise InvalidParameter(problem, "Versions are listed by: designer endpoint show NAME.", parameter="version")
        self.promote(name, max(usable))
        return max(usable)

    def certify(self, name: str, version: int | None = None, *, report: Report | None = None) -> Certificate:
        """Check a deployed version again against its training run; the default version unless one is given.

        Runs the pipeline's steps in this process.
        """
        return certify(self.workspace, self.modules(), name, version, report=report)

    def certify_apart(self, name: str, *, report: Report | None = None) -> None:
        """Run `certify` in a child process; the certificate is stored with the version."""
        certify_apart(self.workspace.path, name, report=report)

    def score_file(self, name: str, source: Path, target: Path, *, report: Report | None = None) -> Scored:
        """Score a file in any dataset format into another file. Refused rows are written to a file next to it."""
        return score_file(self.workspace, self.modules(), name, source, target, report=report)

    def delete(self, name: str) -> None:
        """Delete an endpoint with its versions and keys."""
        serving.delete(self.workspace, name)
