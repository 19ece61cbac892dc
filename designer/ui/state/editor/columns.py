"""The dialog that selects columns, by name or with rules, among the columns known before the run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from designer.contract.module import Spec
from designer.contract.parameters import Parameter
from designer.contract.schema import Schema
from designer.contract.selection import Columns, Rule
from designer.pipeline.parameters import previewed
from designer.ui.library import library
from designer.ui.state.editor.fields import chosen_text, columns_for, read_columns
from designer.ui.state.editor.pipeline import EditorState, ask
from designer.ui.views import prose
from designer.ui.views.payload import form_text
from designer.ui.views.ranking import ranked

BY_NAME, WITH_RULES = "By name", "With rules"
KINDS = ("Numeric", "Integer", "Decimal", "String", "Boolean", "Categorical", "DateTime")
ROLES = ("Feature", "Label", "Score", "None")
WAYS = {
    "names": "column names",
    "kinds": "column types",
    "roles": "column roles",
    "indices": "positions",
    "all": "all columns",
}
RULE_LIMIT = 50


@dataclass(frozen=True)
class ColumnChoice:
    """One column with its checkbox."""

    name: str
    kind: str
    role: str
    is_chosen: bool
    is_missing: bool = False


@dataclass(frozen=True)
class RuleLine:
    """One rule being edited; `indices` is the text of its field."""

    number: int
    action: str = "include"
    by: str = "names"
    names: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    indices: str = ""


class ColumnsState(EditorState):
    """State of the dialog."""

    is_open: bool = False
    node: str = ""
    name: str = ""
    label: str = ""
    help: str = ""
    tab: str = BY_NAME
    query: str = ""
    typed: str = ""
    is_known: bool = True
    choices: rx.Field[list[ColumnChoice]] = rx.field(default_factory=list)
    chosen_count: int = 0
    column_count: int = 0
    start: str = "none"
    rules: rx.Field[list[RuleLine]] = rx.field(default_factory=list)
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    preview: str = ""
    ordered: bool = False
    _chosen: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    def open(self, node: str, name: str) -> None:
        """Open the dialog for one parameter of a node."""
        owner = self._parameter(str(node), str(name))
        if owner is None:
            return
        spec, parameter = owner
        self.node, self.name, self.label, self.help = node, name, parameter.label, prose.plain(parameter.help)
        schema = self._schema(spec, parameter)
        columns = read_columns(previewed(self._pipeline.value).nodes[node].parameters.get(name, parameter.default))
        self.ordered = columns.ordered
        plain = names_of(columns, schema)
        self.tab = BY_NAME if plain is not None else WITH_RULES
        self._chosen = plain if plain is not None else []
        self.start, self.rules = columns.start, [_line(i, rule) for i, rule in enumerate(columns.rules)]
        self.query, self.typed, self.is_open = "", "", True
        self._list()

    def refresh(self) -> None:
        """List the columns again: a dialog opened right after an edit is open before they are known."""
        if self.is_open:
            self._list()

    @rx.event
    def close(self) -> None:
        """Close without saving."""
        self.is_open = False

    @rx.event
    def save(self) -> Any:
        """Save the selection as an edit."""
        self.is_open = False
        value = self._selection().model_dump(mode="json", exclude_defaults=True)
        return ask("edit", [{"op": "set", "id": self.node, "parameters": {self.name: value}}])

    @rx.event
    def show_tab(self, tab: str) -> None:
        """Switch between names and rules; the selection is carried over where possible."""
        if tab == WITH_RULES and self.tab == BY_NAME:
            columns = self._selection()
            self.start, self.rules = columns.start, [_line(i, rule) for i, rule in enumerate(columns.rules)]
        elif tab == BY_NAME and self.tab == WITH_RULES:
            self._chosen = self._selection().of(Schema(self._open_schema().columns, complete=False), allow_empty=True)
        self.tab = BY_NAME if tab == BY_NAME else WITH_RULES
        self._list()

    @rx.event
    def search(self, query: str) -> None:
        """Show only columns whose name contains these words, best match first."""
        self.query = str(query)[:100]
        self._list()

    @rx.event
    def tick(self, name: str) -> None:
        """Select or deselect a column."""
        self._chosen = [n for n in self._chosen if n != name] if name in self._chosen else [*self._chosen, str(name)]
        self._list()

    @rx.event
    def tick_all(self, chosen: bool) -> None:
        """Select or deselect all columns in view."""
        shown = [choice.name for choice in self.choices]
        kept = [name for name in self._chosen if name not in shown]
        self._chosen = kept + (shown if chosen else [])
        self._list()

    @rx.event
    def add_typed(self, form: dict[str, Any]) -> None:
        """Select a column by a typed name, which may exist only after a run."""
        name = form_text(form, "name").strip()
        if name and name not in self._chosen:
            self._chosen = [*self._chosen, name]
        self._list()

    @rx.event
    def start_with(self, start: str) -> None:
        """Start from all columns or from none."""
        self.start = "all" if start == "all" else "none"
        self._list()

    @rx.event
    def add_rule(self) -> None:
        """Add a rule."""
        if len(self.rules) < RULE_LIMIT:
            action = "exclude" if self.start == "all" else "include"
            self.rules = [*self.rules, RuleLine(len(self.rules), action=action)]
        self._list()

    @rx.event
    def remove_rule(self, number: int) -> None:
        """Remove a rule."""
        kept = [rule for rule in self.rules if rule.number != number]
        self.rules = [replace(rule, number=i) for i, rule in enumerate(kept)]
        self._list()

    @rx.event
    def change_rule(self, number: int, part: str, value: str) -> None:
        """Change the action, the criterion or the positions of a rule."""
        if part in ("action", "by", "indices"):
            self._change(number, **{part: str(value)[:500]})

    @rx.event
    def toggle_in_rule(self, number: int, part: str, value: str) -> None:
        """Add a name, kind or role to a rule, or remove it."""
        rule = next((rule for rule in self.rules if rule.number == number), None)
        if rule is None or part not in ("names", "kinds", "roles") or not value:
            return
        present: list[str] = getattr(rule, part)
        self._change(number, **{part: [v for v in present if v != value] if value in present else [*present, value]})

    def _change(self, number: int, **fields: Any) -> None:
        self.rules = [replace(rule, **fields) if rule.number == number else rule for rule in self.rules]
        self._list()

    def _list(self) -> None:
        """Update the listed columns, the counts and the preview from the selection."""
        schema = self._open_schema()
        self.names, self.is_known = schema.names, schema.complete and len(schema) > 0
        if self.tab == WITH_RULES:
            self._chosen = []
        missing = [ColumnChoice(n, "not in the table", "", is_chosen=True, is_missing=True)
                   for n in self._chosen if n not in schema]  # fmt: skip
        known = [ColumnChoice(c.name, str(c.kind), str(c.role), c.name in self._chosen) for c in schema.columns]
        self.choices = ranked((*missing, *known), self.query, lambda choice: (choice.name, (), ""))
        self.chosen_count, self.column_count = len(self._chosen), len(schema)
        try:
            self.preview = chosen_text(self._selection(), schema) or "No column is chosen."
        except ValueError as error:
            self.preview = str(error)

    def _selection(self) -> Columns:
        if self.tab == BY_NAME:
            order = {name: i for i, name in enumerate(self.names)}
            names = self._chosen if self.ordered else sorted(self._chosen, key=lambda n: order.get(n, len(order)))
            return replace_ordered(Columns.named(*names) if names else Columns(), self.ordered)
        rules = tuple(rule for line in self.rules if (rule := _rule(line)) is not None)
        start = "all" if self.start == "all" else "none"
        return Columns(start="all" if start == "all" else "none", rules=rules, ordered=self.ordered)

    def _parameter(self, node: str, name: str) -> tuple[Spec, Parameter] | None:
        present = self._pipeline.value.nodes.get(node)
        module = library().get(present.module) if present else None
        parameter = module.spec().parameter(name) if module else None
        return (module.spec(), parameter) if module and parameter and parameter.editor == "columns" else None

    def _schema(self, spec: Spec, parameter: Parameter) -> Schema:
        known = {p.name: self._known.value.into(self._pipeline.value, self.node, p.name) for p in spec.inputs}
        schemas = {name: value if isinstance(value, Schema) else None for name, value in known.items()}
        return columns_for(parameter, spec, schemas) or Schema.unknown()

    def _open_schema(self) -> Schema:
        owner = self._parameter(self.node, self.name)
        return self._schema(*owner) if owner else Schema.unknown()


def names_of(columns: Columns, schema: Schema) -> list[str] | None:
    """The names of a selection made of names only; None where it needs rules."""
    if columns.start == "all":
        return schema.names if not columns.rules and schema.complete else None
    if all(rule.action == "include" and rule.by == "names" for rule in columns.rules):
        return list(dict.fromkeys(name for rule in columns.rules for name in rule.names))
    return None


def replace_ordered(columns: Columns, ordered: bool) -> Columns:
    """A copy with `ordered` set."""
    return columns.model_copy(update={"ordered": ordered})


def _line(number: int, rule: Rule) -> RuleLine:
    return RuleLine(number, rule.action, rule.by, list(rule.names), list(rule.kinds), list(rule.roles), rule.indices)


def _rule(line: RuleLine) -> Rule | None:
    """The rule of a line; None while the line is empty."""
    values = {"names": line.names, "kinds": line.kinds, "roles": line.roles, "indices": line.indices}
    if line.by != "all" and not values.get(line.by):
        return None
    part = {} if line.by == "all" else {line.by: values[line.by]}
    return Rule.model_validate({"action": line.action, "by": line.by, **part})
