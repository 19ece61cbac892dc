"""JSON lines: what is refused, by row."""

from __future__ import annotations

import pytest

from designer.contract.errors import UnreadableFile
from designer.reading.json_lines import read_json_lines


def test_a_repeated_key_is_refused_by_row_and_name() -> None:
    with pytest.raises(UnreadableFile, match=r"row 2 has 'a' twice"):
        read_json_lines(b'{"a": 1, "b": 2}\n{"a": 1, "a": 2}\n')


def test_equal_keys_of_different_objects_are_no_repetition() -> None:
    assert read_json_lines(b'[{"a": 1}, {"a": 2}]')["a"].tolist() == [1, 2]
