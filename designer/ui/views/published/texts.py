"""Rows and texts of the pages of published pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from designer.contract.wording.counting import counted
from designer.store.records import Endpoint, EndpointVersion, Run
from designer.ui.views import figures
from designer.ui.views.legend import state_word
from designer.workbench.publishing import PublishedDataset


@dataclass(frozen=True)
class PublishedRow:
    """One line of the list."""

    name: str
    address: str
    state: str
    tone: str
    version: str
    parameters: str
    last_run: str
    last_state: str
    changed: str


@dataclass(frozen=True)
class VersionRow:
    """One version: `action` is the button that makes it the default."""

    number: int
    label: str
    state: str
    tone: str
    parameters: str
    made: str
    source: str
    source_address: str
    action: str


@dataclass(frozen=True)
class DatasetRow:
    """A dataset that the default version reads."""

    name: str
    version: str
    parameter: str


def published_row(row: Endpoint, default: EndpointVersion | None, last: Run | None, now: float) -> PublishedRow:
    """The line of a published pipeline."""
    state, tone = state_of(row)
    return PublishedRow(
        row.title, row.name, state, tone, version_text(default), parameters_text(default),
        figures.moment(last.created, now) if last else "Never", state_word(last.state) if last else "",
        figures.moment(row.changed, now),
    )  # fmt: skip


def version_rows(
    row: Endpoint, versions: Sequence[EndpointVersion], drafts: Mapping[str, str], now: float
) -> list[VersionRow]:
    """The versions; `drafts` are the names of saved pipelines by id."""
    return [_version_row(row, each, drafts, now) for each in versions]


def dataset_rows(datasets: Sequence[PublishedDataset]) -> list[DatasetRow]:
    """The datasets with their versions as published: the newest, or a number."""
    return [
        DatasetRow(each.name or "none", "newest version" if each.version is None else f"version {each.version}",
                   f"parameter {each.parameter}" if each.parameter else "")
        for each in datasets
    ]  # fmt: skip


def state_of(row: Endpoint) -> tuple[str, str]:
    """Whether it takes runs, in a word with its tone."""
    return ("Enabled", "ok") if row.state == "ready" else ("Disabled", "warn")


def version_text(version: EndpointVersion | None) -> str:
    """The number of a version, and its label."""
    if version is None:
        return "–"
    return f"{version.version} ({version.label})" if version.label else str(version.version)


def parameters_text(version: EndpointVersion | None) -> str:
    """The names of the parameters of a version."""
    names = list(version.parameters) if version is not None else []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more if names else "none"


def _version_row(row: Endpoint, version: EndpointVersion, drafts: Mapping[str, str], now: float) -> VersionRow:
    is_default = version.version == row.default_version
    draft = drafts.get(version.pipeline_id or "")
    source, place = ("", "")
    if version.run_id:
        source, place = f"run {version.run_id[:8]}", f"/runs/{version.run_id}"
    elif draft:
        source, place = draft, f"/pipelines/{version.pipeline_id}"
    return VersionRow(
        version.version, version.label, "Default" if is_default else "", "acc" if is_default else "",
        counted(len(version.parameters), "parameter"), figures.moment(version.created, now), source, place,
        "" if is_default else "Make default",
    )  # fmt: skip
