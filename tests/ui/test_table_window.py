"""The window on a table stays within its bounds and always profiles one of its columns."""

from typing import Any

import pytest
import reflex as rx

from designer.ui.state.data.table_window import WINDOW, Table, TableWindow
from designer.ui.views.dataset.column_head import Head
from designer.ui.views.dataset.column_profile import ColumnProfile
from designer.ui.views.dataset.upload import Cell, Line

PAGE = 10


class SquareState(TableWindow, rx.State):
    """A table whose cells contain their own position."""

    _columns: int = 60
    _rows: int = 34

    def _table(self) -> Table | None:
        heads = [Head(f"c{number}", "Integer", "", "") for number in range(self._columns)]
        return Table(heads, self._rows, PAGE, lines)

    def _profile_of(self, column: str) -> ColumnProfile | None:
        return ColumnProfile(name=column)


def lines(names: list[str], offset: int, limit: int) -> list[Line]:
    return [Line(number + 1, [Cell(f"{name} {number}") for name in names]) for number in range(offset, offset + limit)]


@pytest.fixture
def state() -> Any:
    opened = SquareState(_reflex_internal_init=True)  # type: ignore[call-arg]
    opened._show_table(opened._table())
    return opened


def turn(state: Any, event: str, *arguments: Any) -> None:
    SquareState.event_handlers[event].fn(state, *arguments)


def test_it_begins_with_the_first_rows_columns_and_profile(state: Any) -> None:
    assert [line.number for line in state.lines] == list(range(1, PAGE + 1))
    assert len(state.lines[0].cells) == len(state.heads) == WINDOW
    assert (state.row_words, state.column_words) == ("Rows 1 to 10 of 34", "Columns 1 to 24 of 60")
    assert (state.chosen, state.profile.name) == ("c0", "c0")


def test_it_turns_to_the_last_rows_and_no_further(state: Any) -> None:
    for _ in range(9):
        turn(state, "turn_rows", 1)
    assert state.row_words == "Rows 31 to 34 of 34"
    assert not state.has_rows_after
    for _ in range(9):
        turn(state, "turn_rows", -1)
    assert state.row_words == "Rows 1 to 10 of 34"


def test_it_turns_to_the_last_columns_and_shows_their_cells(state: Any) -> None:
    for _ in range(9):
        turn(state, "turn_columns", 1)
    assert state.column_words == "Columns 49 to 60 of 60"
    assert not state.has_columns_after
    assert state.lines[0].cells[0] == Cell("c48 0")


def test_profiles_are_walked_round_over_columns_that_are_not_in_sight(state: Any) -> None:
    turn(state, "step_column", -1)
    assert state.chosen == "c59"
    turn(state, "step_column", 1)
    turn(state, "step_column", 1)
    assert state.profile.name == "c1"


def test_a_column_that_is_not_there_is_not_shown(state: Any) -> None:
    turn(state, "choose_column", "c60")
    assert state.chosen == "c0"


@pytest.mark.parametrize("step", [0, 2, -7, "1", None, 1e308])
def test_a_wrong_step_goes_nowhere(state: Any, step: Any) -> None:
    turn(state, "turn_rows", step)
    turn(state, "turn_columns", step)
    assert (state.offset, state.first_column) == (0, 0)


def test_it_stays_where_it_stands_as_far_as_a_shorter_table_reaches(state: Any) -> None:
    turn(state, "turn_rows", 1)
    turn(state, "turn_columns", 1)
    state._rows, state._columns = 7, 5
    state._show_table(state._table())
    assert state.row_words == "Rows 1 to 7 of 7"
    assert (state.column_words, len(state.heads)) == ("", 5)


def test_a_table_without_rows_says_so(state: Any) -> None:
    state._rows = 0
    state._show_table(state._table())
    assert (state.row_words, state.lines, state.has_rows_after) == ("No rows", [], False)
