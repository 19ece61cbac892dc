"""Command lines with placeholders: `fit --data ${{inputs.data}} $[[--seed ${{inputs.seed}}]] --to ${{outputs.model}}`.

A value never becomes shell text: each placeholder is replaced by a shell variable that holds it, quoted as the place
where it stands needs. A group `$[[ ... ]]` is left out if an optional input in it is not set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from designer.contract.component import PLACEHOLDER
from designer.contract.errors import DesignerError

_GROUP = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_VARIABLE = "DESIGNER_{}_{}"


class UnsafePlaceholder(DesignerError):
    """A placeholder stands where bash would execute its value."""


def shell_line(line: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The line for bash, and the variables it needs.

    `inputs` holds the values of ports and parameters that are set, `outputs` the paths. Raises UnsafePlaceholder.
    """
    whole = _GROUP.sub(lambda group: group[1] if _is_set(group[1], inputs) else "", line)
    values = {"inputs": inputs, "outputs": outputs}
    text: list[str] = []
    variables: dict[str, str] = {}
    position, quoting = 0, _Quoting()
    for placeholder in PLACEHOLDER.finditer(whole):
        before = whole[position : placeholder.start()]
        quoting.read(before)
        kind, name = placeholder[1], placeholder[2]
        variable = _VARIABLE.format(kind[:-1].upper(), name)
        variables[variable] = values[kind].get(name, "")
        text += [before, quoting.reference(variable)]
        position = placeholder.end()
    return "".join([*text, whole[position:]]), variables


def _is_set(group: str, inputs: Mapping[str, str]) -> bool:
    return all(kind == "outputs" or name in inputs for kind, name in PLACEHOLDER.findall(group))


class _Quoting:
    """Follows how bash would read a text: which quotes and substitutions are open at its end."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def reference(self, variable: str) -> str:
        """The text that stands for a variable here."""
        match self._open[-1] if self._open else "":
            case "'":
                return f"'\"${{{variable}}}\"'"
            case '"':
                return f"${{{variable}}}"
            case "((":
                problem = "a placeholder inside $(( )) would be executed by bash"
                raise UnsafePlaceholder(problem, "Compute in a program, or assign it to a variable first.")
            case _:
                return f'"${{{variable}}}"'

    def read(self, text: str) -> None:
        """Go on with the next part of the line."""
        position = 0
        while position < len(text):
            position += self._step(text, position)

    def _step(self, text: str, position: int) -> int:
        """Read what stands at a position; returns its length."""
        here, top = text[position], self._open[-1] if self._open else ""
        if top == "'":
            if here == "'":
                self._open.pop()
            return 1
        if here == "\\":
            return 2
        for opening, name in (("$((", "(("), ("$(", "("), ("`", "`")):
            if text.startswith(opening, position) and not (opening == "`" and "`" in self._open):
                self._open.append(name)
                return len(opening)
        if here == '"':
            self._open.pop() if top == '"' else self._open.append('"')
        elif here == "'" and top != '"':
            self._open.append("'")
        elif here == "(" and top in ("(", "(("):
            self._open.append("(")
        elif (here == ")" and top == "(") or (here == "`" and top == "`"):
            self._open.pop()
        elif top == "((" and text.startswith("))", position):
            self._open.pop()
            return 2
        return 1
