"""State of the dialog that makes a schedule, or changes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.engine.schedules.schedule import in_words, local_zone
from designer.pipeline.document import from_document
from designer.pipeline.graph import PipelineParameter
from designer.store.records import Schedule
from designer.ui import address
from designer.ui.parts.wrong import show_first_wrong
from designer.ui.state.schedules import SchedulesState
from designer.ui.views.asked import Asked, asked_for, changed_values, filled, reads_dataset, with_error
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.views.schedules import local_text, zoned
from designer.ui.workbench import workbench
from designer.workbench.schedules import POLL, When, moment_of, takers_of

PREFIX = "schedule-"
"""Before the names of the fields, which stand beside those of parameters."""

FORM = "schedule-form"
TEXTS = ("name", "when", "timezone", "into", "poll", "catch_up", "overlap", "starts", "ends", "experiment")
_KINDS = ("cron", "every", "files", "dataset")
_EMPTY = dict.fromkeys(TEXTS, "") | {"poll": POLL, "catch_up": "once", "overlap": "skip"}


@dataclass(frozen=True)
class Choice:
    """A published pipeline, or a version of one, to choose."""

    address: str
    title: str


class NewScheduleState(rx.State):
    """The open dialog: what runs, and when. `edited` is the name of the schedule that it changes."""

    is_open: bool = False
    edited: str = ""
    kind: str = "cron"
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    chosen: str = ""
    versions: rx.Field[list[Choice]] = rx.field(default_factory=list)
    version: str = ""
    datasets: rx.Field[list[str]] = rx.field(default_factory=list)
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    takers: rx.Field[list[str]] = rx.field(default_factory=list)
    texts: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict(_EMPTY))
    _typed: str = ""
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict.fromkeys(TEXTS, ""))
    words: str = ""
    times: rx.Field[list[str]] = rx.field(default_factory=list)
    problem: str = ""
    _given: dict[str, Any]

    @rx.event
    def begin(self, published: str = "") -> None:
        """Ask what runs and when."""
        self._open({**_EMPTY, "timezone": local_zone()}, "cron", {})
        addresses = [choice.address for choice in self.choices]
        self.edited = ""
        self._choose(published if published in addresses else next(iter(addresses), ""), "")
        self.is_open = bool(addresses)

    @rx.event
    def edit(self, name: str) -> Any:
        """Show a schedule, to change it."""
        try:
            schedule = workbench().schedules.get(str(name))
            self._open(_texts_of(schedule), _kind_of(schedule), schedule.parameters)
            self._choose(schedule.endpoint, str(schedule.version or ""))
        except DesignerError as error:
            return rx.toast.error(sentence(str(error)))
        self.edited, self.is_open = schedule.name, True
        self._say_times(self.texts["when"])
        return None

    @rx.event
    def close(self) -> None:
        """Close without making one."""
        self.is_open = False

    @rx.event
    def choose(self, published: str) -> None:
        """Choose what runs."""
        if str(published) in [choice.address for choice in self.choices]:
            self._choose(str(published), "")

    @rx.event
    def choose_version(self, version: str) -> None:
        """Choose a version; empty for the default one at each time."""
        if str(version) in ["", *(choice.address for choice in self.versions)]:
            self._choose(self.chosen, str(version))

    @rx.event
    def choose_kind(self, kind: str) -> None:
        """Choose what it waits for: cron, every, files or dataset."""
        if kind not in _KINDS:
            return
        self.kind = str(kind)
        self._forget_errors()
        self._choose(self.chosen, self.version)

    @rx.event
    def typed(self, text: str) -> None:
        """Say a time in words with the next five while it is typed; what is not one yet is no error."""
        self._say_times(str(text))
        self.errors = {**self.errors, "when": ""}

    @rx.event
    def preview(self, text: str) -> None:
        """Say a time in words with the next five, or why it is none."""
        error = self._say_times(str(text))
        self.errors = {**self.errors, "when": _in_words(error) if error else ""}

    @rx.event
    def choose_timezone(self, name: str) -> None:
        """Choose the time zone of the times, and say them in it."""
        self.texts = {**self.texts, "timezone": str(name)[:80]}
        self._say_times(self._typed)

    @rx.event
    def add(self, form: dict[str, Any]) -> Any:
        """Make or change the schedule; what does not fit is said at its field."""
        self._forget_errors()
        texts = {name: form_text(form, PREFIX + name).strip() for name in TEXTS}
        name = self.edited or texts["name"]
        try:
            workbench().schedules.add(
                name, self.chosen, self._when(texts), version=int(self.version) if self.version else None,
                parameters=self._values(form, texts["into"]), experiment=texts["experiment"],
                catch_up=texts["catch_up"] or "once", overlap=texts["overlap"] or "skip",  # type: ignore[arg-type]
                starts=moment_of(texts["starts"], texts["timezone"], "starts"),
                ends=moment_of(texts["ends"], texts["timezone"], "ends"), replaces=self.edited != "",
            )  # fmt: skip
        except DesignerError as error:
            self._say(error)
            return show_first_wrong(FORM)
        self.is_open = False
        if address.part(self.router.url, 0) != "schedules":
            return rx.redirect("/schedules")
        choose: Any = SchedulesState.choose
        return [choose(name), SchedulesState.load]

    def _open(self, texts: dict[str, str], kind: str, values: dict[str, Any]) -> None:
        bench = workbench()
        self.choices = [Choice(row.name, row.title) for row in bench.published.all()]
        self.datasets = bench.datasets.names()
        self.texts, self.kind, self._given = texts, kind, dict(values)
        self.words, self.times, self._typed = "", [], ""
        self._forget_errors()

    def _forget_errors(self) -> None:
        self.asked, self.problem = with_error(self.asked, None), ""
        self.errors = dict.fromkeys(TEXTS, "")

    def _say(self, error: DesignerError) -> None:
        """Show an error at its field; one that names none stands at the end."""
        place = error.place.parameter or ""
        field = "when" if place in _KINDS else place
        if field in TEXTS:
            self.errors = {**self.errors, field: _in_words(error)}
            return
        self.asked = with_error(self.asked, error)
        if not any(item.error for item in self.asked):
            self.problem = sentence(str(error))

    def _say_times(self, text: str) -> DesignerError | None:
        """Show the next times; returns what is wrong with the text, if anything is."""
        self.words, self.times, self._typed = "", [], text[:200]
        if not text.strip() or self.kind not in ("cron", "every"):
            return None
        try:
            when = When(timezone=self.texts["timezone"], **{self.kind: self._typed})
            words, zone, times = workbench().schedules.times_of(when)
        except DesignerError as error:
            return error
        self.words, self.times = words, [zoned(time, zone) for time in times]
        return None

    def _when(self, texts: dict[str, str]) -> When:
        return When(timezone=texts["timezone"], into=texts["into"], poll=texts["poll"] or POLL,
                    **{self.kind: texts["when"]})  # fmt: skip

    def _values(self, form: dict[str, Any], into: str) -> dict[str, str]:
        defaults = self._asked(self._parameters())
        values = changed_values(defaults, form, kept=self._given)
        return {name: value for name, value in values.items() if name != into}

    def _choose(self, published: str, version: str) -> None:
        self.chosen, self.version = published, version
        self.asked, self.takers, self.versions = [], [], []
        if not published:
            return
        versions = workbench().published.versions(published)
        self.versions = [Choice(str(each.version), each.label or str(each.version)) for each in versions]
        parameters = self._parameters()
        self.asked = filled(self._asked(parameters), self._given)
        if self.kind in ("files", "dataset"):
            self.takers = takers_of(self.kind, {parameter.name: parameter for parameter in parameters})

    def _parameters(self) -> list[PipelineParameter]:
        version = workbench().published.version(self.chosen, int(self.version) if self.version else None)
        return list(from_document(version.document).parameters.values())

    def _asked(self, parameters: list[PipelineParameter]) -> list[Asked]:
        return asked_for(parameters, self.datasets if reads_dataset(parameters) else [])


def _in_words(error: DesignerError) -> str:
    return sentence(error.in_full("parameter"))


def _kind_of(schedule: Schedule) -> str:
    if schedule.watch:
        return str(schedule.watch["kind"])
    return "cron" if schedule.cron else "every"


def _texts_of(schedule: Schedule) -> dict[str, str]:
    """The texts of the fields for a schedule."""
    watch, zone = schedule.watch, schedule.timezone
    when = schedule.cron or (in_words(schedule.every) if schedule.every else "")
    if watch:
        is_dataset = watch["kind"] == "dataset"
        when = watch["name"] if is_dataset else f"{watch['folder'].rstrip('/')}/{watch['pattern']}".removesuffix("/**")
    return {
        "name": schedule.name, "when": when, "timezone": zone, "into": watch.get("into", ""),
        "poll": in_words(watch["poll"]) if watch else POLL, "catch_up": schedule.catch_up, "overlap": schedule.overlap,
        "starts": local_text(schedule.starts, zone), "ends": local_text(schedule.ends, zone),
        "experiment": schedule.experiment,
    }  # fmt: skip
