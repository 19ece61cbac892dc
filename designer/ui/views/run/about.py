"""What a run remembers of its submission, as shown on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from designer.contract.wording.counting import counted
from designer.registry.git import CHANGED, CHANGED_COUNT
from designer.store.records import Run

_PLACES: Mapping[str, str] = {
    "canvas": "on the canvas", "sdk": "from Python", "cli": "on the command line", "rest": "over REST",
    "schedule": "by a schedule", "import": "as a data import",
}  # fmt: skip


@dataclass(frozen=True)
class Tag:
    """A tag of a run."""

    name: str
    value: str


@dataclass(frozen=True)
class About:
    """The submission of a run in words; empty where nothing was recorded."""

    experiment: str = ""
    number: str = ""
    description: str = ""
    tags: list[Tag] = field(default_factory=list)
    submitted: str = ""
    commit: str = ""
    full_commit: str = ""
    branch: str = ""
    repository: str = ""
    changes: str = ""
    changed: str = ""
    """The names of the changed files, one a line."""


def about_run(run: Run) -> About:
    """The submission of a run."""
    git = {name.removeprefix("azureml.git."): str(value) for name, value in run.source.items()}
    changed, count = run.source.get(CHANGED, []), run.source.get(CHANGED_COUNT, 0)
    more = [f"and {count - len(changed):,} more"] if count > len(changed) else []
    return About(
        experiment=run.experiment,
        number=f"#{run.number}" if run.number is not None else "",
        description=run.description,
        tags=[Tag(name, str(value)) for name, value in sorted(run.tags.items())],
        submitted=_submitted(run),
        commit=git.get("commit", "")[:10],
        full_commit=git.get("commit", ""),
        branch=git.get("branch", ""),
        repository=git.get("repository_uri", ""),
        changes=counted(count, "changed file") if count else "",
        changed="\n".join([*changed, *more]),
    )


def experiment_label(run: Run) -> str:
    """The experiment and the run's number in it: `churn #3`."""
    return f"{run.experiment} #{run.number}" if run.number is not None else ""


def _submitted(run: Run) -> str:
    kind = str(run.trigger.get("kind", ""))
    words = [_PLACES.get(kind, kind), f"by {run.submitted_by}" if run.submitted_by else ""]
    of = f", {run.published}, version {run.trigger.get('version')}" if run.published else ""
    return " ".join(word for word in words if word) + of
