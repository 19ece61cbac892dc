"""State of the comparison of two versions of a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import reflex as rx

from designer.charts.difference import TableDifference
from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted, table_size
from designer.store.records import Dataset
from designer.ui import address, file_child
from designer.ui.apart import apart
from designer.ui.views import failure, figures
from designer.ui.views.dataset.difference import ColumnChangeRow, Tile, change_row, row_tiles
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

MOST_ROWS = 200


@dataclass(frozen=True)
class VersionChoice:
    """A version in a list of choices."""

    number: str
    words: str


def version_choices(versions: list[Dataset]) -> list[VersionChoice]:
    """The versions of a dataset, newest first, with time and size."""
    return [
        VersionChoice(
            str(row.version),
            f"Version {row.version}, {figures.moment(row.created)}, {table_size(row.rows, row.columns)}",
        )
        for row in versions
    ]


class DatasetVersionsState(rx.State):
    """Two versions of a dataset, by default the newest and the one before."""

    name: str = ""
    address: str = ""
    choices: rx.Field[list[VersionChoice]] = rx.field(default_factory=list)
    before: str = ""
    after: str = ""
    missing_name: str = ""
    problem: str = ""
    is_busy: bool = False
    is_shown: bool = False
    is_same: bool = False
    tiles: rx.Field[list[Tile]] = rx.field(default_factory=list)
    added: str = ""
    removed: str = ""
    is_reordered: bool = False
    rows: rx.Field[list[ColumnChangeRow]] = rx.field(default_factory=list)
    left_out: str = ""

    @rx.event
    def load(self) -> Any:
        """Compare the versions that the address names."""
        self.is_shown, self.is_busy, self.problem, self.missing_name = False, False, "", ""
        self.name, self.before, self.after, self.choices = "", "", "", []
        wanted = address.query(self.router.url, "name")
        try:
            versions = workbench().datasets.versions(wanted)
        except DesignerError:
            self.missing_name = wanted
            return None
        self.name, self.address, self.choices = wanted, quote(wanted, safe=""), version_choices(versions)
        numbers = [choice.number for choice in self.choices]
        if len(numbers) < 2:
            self.problem = "This dataset has one version. Upload a file under the same name to make the next."
            return None
        after, before = (address.query(self.router.url, place) for place in ("after", "before"))
        self.after = after if after in numbers else numbers[0]
        earlier = numbers[min(numbers.index(self.after) + 1, len(numbers) - 1)]
        self.before = before if before in numbers else earlier
        self.is_busy = True
        return DatasetVersionsState.compare

    @rx.event
    def choose(self, place: str, number: str) -> Any:
        """Compare another version; `place` is before or after."""
        numbers = {"before": self.before, "after": self.after}
        if place not in list(numbers) or number not in [choice.number for choice in self.choices]:
            return None
        numbers[place] = number
        query = f"name={self.address}&before={numbers['before']}&after={numbers['after']}"
        return rx.redirect(f"/datasets/compare?{query}")

    @rx.event(background=True)
    async def compare(self) -> None:
        """Compare both versions in a child process."""
        async with self:
            name, before, after = self.name, int(self.before), int(self.after)
        changes, problem = None, ""
        try:
            await apart(file_child.compare, str(workspace_folder()), name, before, after)
            datasets = workbench().datasets
            changes = datasets.stored_difference(datasets.get(name, before), datasets.get(name, after))
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            if (name, str(before), str(after)) == (self.name, self.before, self.after):
                self.is_busy, self.problem = False, problem
                if changes is not None:
                    self._show(changes)

    def _show(self, changes: TableDifference) -> None:
        self.is_shown, self.is_same, self.is_reordered = True, changes.is_none, changes.is_reordered
        self.tiles = row_tiles(changes.rows)
        self.added, self.removed = ", ".join(changes.added), ", ".join(changes.removed)
        columns = changes.by_change()
        self.rows = [change_row(change) for change in columns[:MOST_ROWS]]
        rest = len(columns) - len(self.rows)
        self.left_out = f"{counted(rest, 'column')} that changed less are not listed." if rest else ""
