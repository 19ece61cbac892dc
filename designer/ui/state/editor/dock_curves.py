"""The metrics of the selected node in the dock, while the run goes on and afterwards."""

from __future__ import annotations

import asyncio

import reflex as rx

from designer.ui.state.editor.dock import METRICS, DockState
from designer.ui.state.logged_curves import LoggedCurves
from designer.ui.workbench import workbench


class DockCurvesState(LoggedCurves, DockState):
    """What the selected node logged in the run that is shown."""

    @rx.event(background=True)
    async def read(self) -> None:
        """Read the values and draw them, while their tab is open."""
        async with self:
            run, node = self._run_id, self.selected
            if self.tab != METRICS:
                return
        series = await asyncio.to_thread(workbench().runs.series, run, node) if run and node else []
        async with self:
            if (run, node) == (self._run_id, self.selected):
                self._draw(run, node, series)
