"""The findings about a table as sentences, each with the setting of Import Data that makes its change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from designer.contract.files.read_options import THOUSANDS_MARKS, ReadOptions
from designer.contract.wording.counting import counted
from designer.reading.examination import NO_ROWS, Choices, Finding, findings

_MOST = 100
_SAID = {"read as": ("date", "identifier", "marker"), "holds dates": ("identifier",)}
"""What a notice of the reader says about a column, and the findings that would repeat it."""


def advice(table: pd.DataFrame, options: ReadOptions, notices: Sequence[str], settings: Collection[str]) -> list[str]:
    """The findings about a table in words; dates and what the `notices` of the reader say are left out.

    `settings` are the labels of the settings that the format has.
    """
    chosen = Choices(options=options, decimal="comma" if options.decimal == "," else "point")
    candidates = findings(table, table, chosen, int(table.duplicated().sum()))
    sentences = [_sentence(each, options, settings) for each in candidates if not _is_known(each, notices)]
    more = len(sentences) - _MOST
    return sentences if more <= 0 else [*sentences[:_MOST], f"There are {counted(more, 'note')} more."]


def _is_known(finding: Finding, notices: Sequence[str]) -> bool:
    about = finding.id.split(" ")[0]
    if finding == NO_ROWS or about == "date":  # the kinds are listed
        return True
    starts = [f"“{finding.column}” {words}" for words, repeated in _SAID.items() if about in repeated]
    return any(text.startswith(start) for text in notices for start in starts)


def _sentence(finding: Finding, options: ReadOptions, settings: Collection[str]) -> str:
    advised = _remedy(finding, options)
    is_possible = advised is not None and advised[0] in settings and not set(finding.column) & set(",'")
    return " ".join([f"{finding.title}.", finding.text, *([advised[1]] if advised and is_possible else [])])


def _remedy(finding: Finding, options: ReadOptions) -> tuple[str, str] | None:
    """The label of a setting, and the sentence that sets it."""
    match finding.action:
        case "leave out":
            label = "Columns to include"
            return label, f"To leave it out, set {label} to 'all but {finding.column}'."
        case "read as missing":
            label, markers = "Missing values", ",".join((*filter(None, options.missing), finding.value))
            return label, f"If so, set {label} to '{markers}'."
        case "read as decimal":
            return "Decimal mark", "If so, set Decimal mark to Comma."
        case "read as thousands":
            mark = next(name for name, mark in THOUSANDS_MARKS.items() if mark == finding.value)
            other = " or set Decimal mark to Comma" if finding.value == "," and options.decimal == "." else ""
            return "Thousands mark", f"Set Thousands mark to {mark}{other}."
        case _:
            return None
