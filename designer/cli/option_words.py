"""Rephrase the advice of file readers for commands: settings of Import Data as `--set` options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from designer.contract.parameters import Parameter

_BETWEEN = r"(?:, | or )"


def in_options(text: str, parameters: Sequence[Parameter]) -> str:
    """Replace `Set Rows to skip to 2` with `Add --set skip_rows=2`; a switch is set to true, or off to false."""
    by_label = {parameter.label: parameter for parameter in parameters}
    label = "|".join(re.escape(each) for each in sorted(by_label, key=len, reverse=True))
    choices = sorted({str(each) for one in parameters for each in one.choices}, key=len, reverse=True)
    value = "|".join([*map(re.escape, choices), r"\d+", "'[^']*'", "off"])
    setting = rf"(?:{label})(?: to (?:{value})(?:{_BETWEEN}(?:{value}))*)?"
    single = re.compile(rf"({label})(?: to ((?:{value})(?:{_BETWEEN}(?:{value}))*))?")

    def option(match: re.Match[str]) -> str:
        parameter = by_label[match[1]]
        if match[2] is None:
            return f"--set {parameter.name}={'true' if parameter.editor == 'switch' else '…'}"
        if match[2] == "off":
            return f"--set {parameter.name}=false"
        return re.sub(value, lambda one: f"--set {parameter.name}={shlex.quote(one[0].strip(chr(39)))}", match[2])

    def options(match: re.Match[str]) -> str:
        return f"{'Add' if match[1] == 'S' else 'add'} {single.sub(option, match[2]).replace(' and ', ' ')}"

    return re.sub(rf"\b([Ss])et ({setting}(?: and {setting})*)", options, text)
