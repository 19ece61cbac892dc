"""Replace Text: find and replace in text, also by regular expression."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import pandas as pd

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from ..columns.chosen import chosen
from .words import composed

REGULAR, PLAIN, WHOLE = "Regular expression", "Plain text", "Whole cell"


def replace_text(
    dataset: pd.DataFrame, columns: list[str], mode: str, find: str, replacement: str, ignore_case: bool
) -> pd.DataFrame:
    """Replace matches in the columns; missing cells stay missing."""
    flags = re.IGNORECASE if ignore_case else 0
    find = composed(find)
    pattern = re.compile(find if mode == "Regular expression" else re.escape(find), flags)
    with_what: Any = replacement if mode == "Regular expression" else lambda match: replacement
    changed = {}
    for name in columns:
        series = dataset[name]
        if mode == "Whole cell":
            hits = series.map(lambda cell: pattern.fullmatch(composed(cell)) is not None, na_action="ignore").fillna(
                False
            )
            changed[name] = series.mask(hits.astype("bool"), replacement)
        else:
            codes, texts = pd.factorize(series)
            new = pd.Series([*(substituted(text, pattern, with_what) for text in texts), None], dtype="str")
            changed[name] = new.take(codes % len(new)).set_axis(series.index)
    return dataset.assign(**changed)


def substituted(text: str, pattern: re.Pattern[str], with_what: Any) -> str:
    """Replace matches in the composed form (NFC) of the text; unchanged without a match."""
    whole = composed(text)
    return pattern.sub(with_what, whole) if pattern.search(whole) else text


class ReplaceText(
    Module,
    category="Text Analytics",
    icon="replace",
    by_column=True,
    no_onnx="ONNX has no text replacement",
    synonyms=("regex", "regular expression", "substitute", "find and replace", "clean text", "strip", "remove"),
):
    """Find and replace in text columns.

    A *regular expression* has Python syntax: refer to groups by `\\1` or `\\g<name>` in the replacement, and an empty
    replacement deletes matches. *Plain text* replaces every literal occurrence, *Whole cell* only cells equal to it.
    Accented letters match in composed and decomposed Unicode form. Missing cells stay missing. Categories are not
    changed; see Group Categorical Values.

    Errors: 0011 for a selection that matches nothing, 0008 for an invalid expression or replacement, 0017 for a
    non-text column.

    Example: finding `(\\d+) km` and replacing by `\\1000 m`, written `\\g<1>000 m`, turns `5 km` into `5000 m`.
    """

    columns: Columns = param(Columns.of_kind("String"), label="Text columns")
    """The text columns to search."""

    mode: Literal["Regular expression", "Plain text", "Whole cell"] = param(REGULAR, label="Find")
    """The type of the search text."""

    find: str = param("", label="Text to find")
    """The expression or the text to find."""

    replacement: str = param("", label="Replacement text", required=False)
    """The replacement; empty deletes matches."""

    ignore_case: bool = param(False, label="Ignore case")
    """Ignore case."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        settings = self._settings(Schema.of(dataset))
        return replace_text(dataset, **settings)

    def infer(self, dataset: Schema) -> Schema:
        return dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(replace_text, dataset, **self._settings(dataset.schema), result="replaced"),)

    def summary(self) -> str:
        return f"{self.find} → {self.replacement}" if self.find else ""

    def _settings(self, schema: Schema) -> dict[str, Any]:
        columns = chosen(self.columns, schema, (Kind.STRING,), "Text columns")
        if not self.find:
            raise InvalidParameter("no text to find is given", "Enter the text to find.", parameter="Text to find")
        if self.mode == REGULAR:
            self._compile()
        return {"columns": columns, "mode": self.mode, "find": self.find, "replacement": self.replacement,
                "ignore_case": self.ignore_case}  # fmt: skip

    def _compile(self) -> None:
        try:
            pattern = re.compile(self.find)
        except (re.error, OverflowError, RecursionError) as error:
            raise InvalidParameter(
                f"'{self.find}' is not a regular expression ({error})", "Correct it.", parameter="Text to find"
            ) from error
        try:
            # Check group references of the replacement with an expression that has the same groups and matches all.
            names = [f"(?P<{name}>)" for name in pattern.groupindex]
            re.sub("".join([*names, *["()"] * (pattern.groups - len(names))]), self.replacement, "")
        except (re.error, IndexError) as error:
            raise InvalidParameter(
                f"'{self.replacement}' is not a replacement ({error})",
                "Refer to groups that the expression has, and double other backslashes.",
                parameter="Replacement text",
            ) from error
