"""State of the page of schedules: the list, and one of them in detail."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.store.records import Run
from designer.ui.queued import queued_toast
from designer.ui.views import failure, figures
from designer.ui.views.prose import sentence
from designer.ui.views.schedules import ScheduleCard, ScheduleRow, schedule_card, schedule_row
from designer.ui.workbench import workbench

TICK_ID = "schedules-tick"
TICK_MILLISECONDS = 4000
_TICK = f"""
clearInterval(window.__schedulesTick);
window.__schedulesTick = setInterval(() => {{
  const tick = document.getElementById("{TICK_ID}");
  if (!tick) clearInterval(window.__schedulesTick);
  else if (!document.hidden) tick.click();
}}, {TICK_MILLISECONDS})
"""
"""Polls from the browser while the page is open and visible, so that a closed tab stops polling."""


class SchedulesState(rx.State):
    """The schedules of the workspace, and the shown one."""

    rows: rx.Field[list[ScheduleRow]] = rx.field(default_factory=list)
    card: ScheduleCard = ScheduleCard()
    has_published: bool = False
    is_loaded: bool = False
    idle: str = ""
    problem: str = ""
    asks_delete: bool = False

    @rx.event
    def load(self) -> Any:
        """Read the list, and show the first schedule unless one is shown; poll while the page is open."""
        self.problem, self.asks_delete = "", False
        self._read()
        return rx.call_script(_TICK)

    @rx.event
    def refresh(self) -> None:
        """Show what became of times since."""
        self._read()

    @rx.event
    def choose(self, name: str) -> None:
        """Show a schedule."""
        self.problem = ""
        self._show(str(name))

    @rx.event
    def toggle(self) -> None:
        """Disable the shown schedule, or enable it from now on."""
        schedules = workbench().schedules
        change = schedules.disable if self.card.is_enabled else schedules.enable
        self._do(lambda: change(self.card.name))

    @rx.event
    def fire(self) -> Any:
        """Queue a run of the shown schedule now."""
        runs: list[Run] = []
        self._do(lambda: runs.append(workbench().schedules.fire(self.card.name)))
        return queued_toast(runs[0]) if runs else None

    @rx.event
    def ask_delete(self, is_asked: bool) -> None:
        """Open or close the confirmation of the deletion."""
        self.asks_delete = bool(is_asked)

    @rx.event
    def delete(self) -> None:
        """Delete the shown schedule."""
        self.asks_delete = False
        self._do(lambda: workbench().schedules.delete(self.card.name))

    def _do(self, verb: Callable[[], Any]) -> None:
        """Carry out a verb and read everything again."""
        self.problem = failure.refusal(verb)
        self._read()

    def _read(self) -> None:
        bench, now = workbench(), time.time()
        titles = {row.name: row.title for row in bench.published.all()}
        schedules = bench.schedules.all()
        standings = [bench.schedules.standing(row.name, 1) for row in schedules]
        self.rows = [schedule_row(each, titles.get(each.schedule.endpoint, "gone"), now) for each in standings]
        self.has_published, self.is_loaded = bool(titles), True
        since = bench.schedules.idle_since()
        when = f" since {figures.moment(since, now)}" if since else ""
        self.idle = (
            f"No engine is running{when}, so no schedule runs. Start Designer again." if since is not None else ""
        )
        names = [row.name for row in self.rows]
        shown = self.card.name if self.card.name in names else next(iter(names), "")
        if shown:
            self._show(shown)
        else:
            self.card = ScheduleCard()

    def _show(self, name: str) -> None:
        bench = workbench()
        try:
            standing, times = bench.schedules.standing(name), bench.schedules.next_times(name)
        except DesignerError as error:
            self.problem = sentence(str(error))
            return
        titles = {row.name: row.title for row in bench.published.all()}
        title = titles.get(standing.schedule.endpoint, "gone")
        self.card = schedule_card(standing, title, times, time.time())
