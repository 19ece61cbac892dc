"""Two runs side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from designer.charts.metric_title import metric_title
from designer.contract.wording.counting import counted
from designer.sdk.display.tables import grid
from designer.workbench.runs import Comparison


class Compared:
    """What differs between two runs, the earlier first."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    @property
    def settings(self) -> pd.DataFrame:
        """The settings, steps and wires that differ: step, setting, first, second."""
        rows = [(d.step, d.setting, d.first, d.second) for d in self._comparison.settings]
        return pd.DataFrame(rows, columns=["step", "setting", "first", "second"])

    @property
    def metrics(self) -> pd.DataFrame:
        """The metrics of both: model, metric, first, second, difference."""
        rows = [(m.model, m.metric, m.first, m.second, m.difference) for m in self._comparison.metrics]
        return pd.DataFrame(rows, columns=["model", "metric", "first", "second", "difference"])

    def __repr__(self) -> str:
        return f"{self.settings.to_string(index=False)}\n\n{self.metrics.to_string(index=False)}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        settings = [[d.step, d.setting, d.first, d.second] for d in self._comparison.settings]
        metrics = [
            [m.model, metric_title(m.metric), *("" if v is None else f"{v:.6g}" for v in (m.first, m.second))]
            for m in self._comparison.metrics
        ]
        html = grid(["Step", "Setting", "First", "Second"], settings, counted(len(settings), "difference"))
        html += grid(["Model", "Metric", "First", "Second"], metrics, "Metrics")
        return {"text/plain": repr(self), "text/html": html}
