"""Replace Text against Python's regular expressions."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import EmptySelection, InvalidParameter
from modules.text.replace_text import ReplaceText
from tests.modules.readings import run, same_as_script

TABLE = pd.DataFrame({"a": pd.Series(["5 km to A.B", None, "ünïcödé 🙂", ""], dtype="str"), "n": [1, 2, 3, 4]})


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"find": r"(\d+) km", "replacement": r"\g<1>000 m"}, ["5000 m to A.B", None, "ünïcödé 🙂", ""]),
        ({"find": r"(?P<last>\w)$", "replacement": r"<\g<last>>"}, ["5 km to A.<B>", None, "ünïcödé 🙂", ""]),
        ({"find": ".", "mode": "Plain text", "replacement": r"\1"}, [r"5 km to A\1B", None, "ünïcödé 🙂", ""]),
        ({"find": "ÜNÏ", "mode": "Plain text", "ignore_case": True}, ["5 km to A.B", None, "cödé 🙂", ""]),
        ({"find": "5 KM to a.b", "mode": "Whole cell", "ignore_case": True}, ["", None, "ünïcödé 🙂", ""]),
        ({"find": "^$", "replacement": "empty"}, ["5 km to A.B", None, "ünïcödé 🙂", "empty"]),
    ],
)  # fmt: skip
def test_what_is_found_is_replaced(settings: dict[str, object], expected: list[str | None]) -> None:
    module = ReplaceText.read(settings)
    replaced = run(module, TABLE)["a"]
    assert replaced.astype(object).where(replaced.notna(), None).tolist() == expected
    same_as_script(module, TABLE)


def test_errors_name_the_expression_and_the_replacement() -> None:
    with pytest.raises(InvalidParameter, match="is not a regular expression"):
        run(ReplaceText.read({"find": "("}), TABLE)
    with pytest.raises(InvalidParameter, match="is not a replacement"):
        run(ReplaceText.read({"find": "a", "replacement": r"\1"}), TABLE)
    with pytest.raises(InvalidParameter, match="no text to find"):
        run(ReplaceText(), TABLE)
    with pytest.raises(EmptySelection):
        run(ReplaceText.read({"find": "a"}), TABLE[["n"]])
