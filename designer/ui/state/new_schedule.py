"""State of the dialog that makes a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.engine.schedule import local_zone
from designer.pipeline.document import from_document
from designer.ui import address
from designer.ui.state.schedules import SchedulesState
from designer.ui.views.asked import Asked, asked_for, changed_values, reads_dataset, with_error
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.views.schedules import zoned
from designer.ui.workbench import workbench
from designer.workbench.schedules import When

PREFIX = "schedule-"
"""Before the names of the fields, which stand beside those of parameters."""


_TEXTS = ("name", "when", "into", "poll", "experiment")


@dataclass(frozen=True)
class Choice:
    """A published pipeline to choose."""

    address: str
    title: str


class NewScheduleState(rx.State):
    """The open dialog: what runs, and when."""

    is_open: bool = False
    kind: str = "cron"
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    chosen: str = ""
    datasets: rx.Field[list[str]] = rx.field(default_factory=list)
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    parameters: rx.Field[list[str]] = rx.field(default_factory=list)
    timezone: str = ""
    words: str = ""
    times: rx.Field[list[str]] = rx.field(default_factory=list)
    problem: str = ""

    @rx.event
    def begin(self, published: str = "") -> None:
        """Ask what runs and when."""
        bench = workbench()
        self.choices = [Choice(row.name, row.title) for row in bench.published.all()]
        self.datasets, self.timezone = bench.datasets.names(), local_zone()
        self.kind, self.problem, self.words, self.times = "cron", "", "", []
        addresses = [choice.address for choice in self.choices]
        self._choose(published if published in addresses else next(iter(addresses), ""))
        self.is_open = bool(addresses)

    @rx.event
    def close(self) -> None:
        """Close without making one."""
        self.is_open = False

    @rx.event
    def choose(self, published: str) -> None:
        """Choose what runs."""
        if str(published) in [choice.address for choice in self.choices]:
            self._choose(str(published))

    @rx.event
    def choose_kind(self, kind: str) -> None:
        """Choose what it waits for: cron, every, files or dataset."""
        self.kind, self.problem, self.words, self.times = str(kind), "", "", []

    @rx.event
    def preview(self, text: str) -> None:
        """Say a time in words with the next five."""
        self.words, self.times, self.problem = "", [], ""
        if not str(text).strip() or self.kind not in ("cron", "every"):
            return
        try:
            when = When(timezone=self.timezone, **{self.kind: str(text)[:200]})
            words, times = workbench().schedules.times_of(when)
        except DesignerError as error:
            self.problem = sentence(error.finding("parameter") + " " + error.remedy)
            return
        self.words, self.times = words, [zoned(time, self.timezone) for time in times]

    @rx.event
    def choose_timezone(self, name: str) -> None:
        """Choose the time zone of cron times."""
        self.timezone = str(name)[:80]

    @rx.event
    def add(self, form: dict[str, Any]) -> Any:
        """Make the schedule; what does not fit is said in the dialog."""
        self.asked, self.problem = with_error(self.asked, None), ""
        texts = {name: form_text(form, PREFIX + name).strip() for name in _TEXTS}
        try:
            workbench().schedules.add(
                texts["name"], self.chosen, self._when(texts), parameters=self._values(form, texts["into"]),
                experiment=texts["experiment"],
                catch_up=form_text(form, PREFIX + "catch_up") or "once",  # type: ignore[arg-type]
                overlap=form_text(form, PREFIX + "overlap") or "skip",  # type: ignore[arg-type]
            )  # fmt: skip
        except DesignerError as error:
            self.asked = with_error(self.asked, error)
            if not any(item.error for item in self.asked):
                self.problem = sentence(str(error))
            return None
        self.is_open = False
        if address.part(self.router.url, 0) != "schedules":
            return rx.redirect("/schedules")
        choose: Any = SchedulesState.choose
        return [choose(texts["name"]), SchedulesState.load]

    def _when(self, texts: dict[str, str]) -> When:
        kind = self.kind if self.kind in ("cron", "every", "files", "dataset") else "cron"
        zone = self.timezone if kind in ("cron", "every") else ""
        return When(timezone=zone, into=texts["into"], poll=texts["poll"] or "1m", **{kind: texts["when"]})

    def _values(self, form: dict[str, Any], into: str) -> dict[str, str]:
        return {name: value for name, value in changed_values(self.asked, form).items() if name != into}

    def _choose(self, published: str) -> None:
        self.chosen = published
        if not published:
            self.asked, self.parameters = [], []
            return
        version = workbench().published.version(published)
        parameters = list(from_document(version.document).parameters.values())
        self.asked = asked_for(parameters, self.datasets if reads_dataset(parameters) else [])
        self.parameters = [parameter.name for parameter in parameters]
