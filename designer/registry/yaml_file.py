"""Read YAML written by others: texts only, nothing executed, every problem with its field and line.

YAML 1.1 reads `version: 1.10` as the number 1.1 and `no` as false, so scalars stay texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from designer.contract.errors import DesignerError, FileMissing
from designer.contract.wording.closeness import closest

MOST_BYTES = 1 << 20


class InvalidYaml(DesignerError):
    """A YAML document that cannot be read, with the field and the line."""


@dataclass(frozen=True)
class Entry:
    """A part of a document: its value (a text, a list or a mapping of entries), its field and its line."""

    value: Any
    path: str
    line: int
    file: str

    @property
    def text(self) -> str:
        """The value as text. Raises InvalidYaml for a list or mapping."""
        if not isinstance(self.value, str):
            raise self.wrong("is not a text", "Write one value.")
        return self.value

    @property
    def flag(self) -> bool:
        """The value as a truth value. Raises InvalidYaml for other texts."""
        if self.text.lower() not in ("true", "false"):
            raise self.wrong(f"is '{self.text}'", "Write true or false.")
        return self.text.lower() == "true"

    def __contains__(self, name: str) -> bool:
        return isinstance(self.value, Mapping) and name in self.value

    def get(self, name: str) -> Entry:
        """A field of a mapping. Raises InvalidYaml if there is none."""
        if not isinstance(self.value, Mapping):
            raise self.wrong("is not a mapping", f"Write '{name}:' in it.")
        if name not in self.value:
            raise self.wrong(f"has no '{name}'", closest(name, list(self.value), "It has") or "Add it.")
        entry: Entry = self.value[name]
        return entry

    def text_of(self, name: str, default: str = "") -> str:
        """The text of a field; the default if there is none or it is null."""
        text = self.get(name).text if name in self else default
        return default if text in ("null", "~") else text

    def only(self, names: Iterable[str]) -> None:
        """Raise InvalidYaml at a field of a mapping that has another name than these, with the closest one."""
        known = list(names)
        for name, entry in self.fields():
            if name not in known:
                raise entry.wrong("is not known", closest(name, known, "Fields are") or "Leave it out.")

    def items(self) -> Iterator[Entry]:
        """The members of a list. Raises InvalidYaml for another value."""
        if not isinstance(self.value, list):
            raise self.wrong("is not a list", "Write its members below each other, each after '- '.")
        return iter(self.value)

    def fields(self) -> Iterator[tuple[str, Entry]]:
        """The fields of a mapping; none for an empty text."""
        if self.value in ("", "null"):
            return iter(())
        if not isinstance(self.value, Mapping):
            raise self.wrong("is not a mapping", "Write 'name: value' in it.")
        return iter(self.value.items())

    def wrong(self, problem: str, remedy: str) -> InvalidYaml:
        """The error that this part has a problem."""
        where = f"'{self.path}' {problem}" if self.path else f"the document {problem}"
        if not self.line:
            return InvalidYaml(where, remedy)
        return InvalidYaml(f"{where} (line {self.line})", remedy, file=self.file)


def read_yaml(file: Path) -> Entry:
    """Read a file. Raises FileMissing, or InvalidYaml for more than 1 MB, anchors, tags, repeated keys and no YAML."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FileMissing(f"the file cannot be read ({error.strerror})", "Check the path.", file=str(file)) from None
    return parse_yaml(content, file.name)


def parse_yaml(content: bytes, file: str) -> Entry:
    """Read a document, see `read_yaml`."""
    if len(content) > MOST_BYTES:
        raise InvalidYaml(f"it has {len(content) / 1e6:.1f} MB", "A component file has at most 1 MB.", file=file)
    try:
        text = content.decode("utf-8-sig")
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            _require_plain(event, file)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise _no_yaml(error, file) from None
    if node is None:
        raise InvalidYaml("it is empty", "Write a component.", file=file)
    return _entry(node, "", file)


def entry_of(value: Any, path: str) -> Entry:
    """A value of Python as a part of a document; its problems name no line of a file."""
    match value:
        case Mapping():
            return Entry({str(name): entry_of(each, f"{path}.{name}") for name, each in value.items()}, path, 0, "")
        case list() | tuple():
            return Entry([entry_of(each, f"{path}[{number}]") for number, each in enumerate(value)], path, 0, "")
        case _:
            return Entry("" if value is None else str(value), path, 0, "")


def _require_plain(event: yaml.Event, file: str) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise InvalidYaml(f"line {line} has an anchor or alias", "Write the value in each place.", file=file)
    if getattr(event, "tag", None):
        raise InvalidYaml(f"line {line} has the tag {event.tag}", "Write plain values.", file=file)


def _entry(node: yaml.Node, path: str, file: str) -> Entry:
    line = node.start_mark.line + 1
    match node:
        case yaml.ScalarNode():
            return Entry(node.value, path, line, file)
        case yaml.SequenceNode():
            members = [_entry(each, f"{path}[{number}]", file) for number, each in enumerate(node.value)]
            return Entry(members, path, line, file)
        case _:
            return Entry(_fields(node, path, file), path, line, file)


def _fields(node: yaml.Node, path: str, file: str) -> dict[str, Entry]:
    fields: dict[str, Entry] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise InvalidYaml(f"line {key.start_mark.line + 1} has a key that is no text", "Write a name.", file=file)
        if key.value in fields:
            line = key.start_mark.line + 1
            raise InvalidYaml(f"'{key.value}' is given twice (line {line})", "Leave one out.", file=file)
        fields[key.value] = _entry(value, f"{path}.{key.value}".lstrip("."), file)
    return fields


def _no_yaml(error: Exception, file: str) -> InvalidYaml:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark is not None else ""
    problem = getattr(error, "problem", None) or "its nesting or encoding cannot be read"
    return InvalidYaml(f"it is not YAML ({where}{problem})", "Correct it.", file=file)
