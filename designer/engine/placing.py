"""Where a node runs: by its own choice, that of its pipeline, or the default. Never a part of its key."""

from __future__ import annotations

from dataclasses import dataclass

from designer.store.computes import LOCAL

READS_HERE = "runs on this computer: it reads its files"
READING = ("reads files", "reads datasets", "queries a database")
"""The purposes of modules that read the workspace or what it has the secrets of."""


@dataclass(frozen=True)
class Placement:
    """The compute of a node, empty for this computer, and the reason where its choice does not say it."""

    compute: str = ""
    reason: str = ""

    def beside(self, reason: str) -> str:
        """The reason why a node runs, with that why it runs there."""
        return "; ".join(each for each in (reason, self.reason) if each)


@dataclass(frozen=True)
class Placing:
    """What a run knows of where its nodes go: its own choice, its pipeline's, and the default of the workspace."""

    run: str = ""
    pipeline: str = ""
    default: str = ""

    def of(self, node: str, *, reads_here: bool) -> Placement:
        """Where a node goes that has chosen `node`; what it reads of this computer outweighs every choice."""
        chosen = node or self.run or self.pipeline or self.default
        if chosen in ("", LOCAL):
            return Placement()
        return Placement("", READS_HERE) if reads_here else Placement(chosen, f"runs on {chosen}")
