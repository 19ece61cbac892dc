"""Select columns by name, position, kind or role, with rules applied in order."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, PrivateAttr, model_validator
from pydantic_core import CoreSchema, core_schema

from designer.contract.errors import ColumnNotFound, DuplicateColumns, EmptySelection, InvalidParameter
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.wording.counting import counted

KindName = Literal["Numeric", "Integer", "Decimal", "String", "Boolean", "Categorical", "DateTime"]
RoleName = Literal["Feature", "Label", "Score", "None"]


class Rule(BaseModel):
    """One line of a selection: include or exclude some columns.

    `by` names the criterion: `names`, `kinds` and `roles` list values, `indices` is text like `1-4,8`, counted
    from 1, `all` selects every column.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["include", "exclude"] = "include"
    by: Literal["names", "indices", "kinds", "roles", "all"] = "names"
    names: tuple[str, ...] = ()
    indices: str = ""
    kinds: tuple[KindName, ...] = ()
    roles: tuple[RoleName, ...] = ()

    def matches(self, schema: Schema, parameter: str | None, strict: bool) -> list[str]:
        """The names that the rule matches. Raises ColumnNotFound for a missing name if `strict`."""
        match self.by:
            case "names":
                return [n for n in self.names if _exists(n, schema, parameter, strict)]
            case "indices":
                return [schema.names[i] for i in _positions(self.indices, len(schema), parameter, strict)]
            case "kinds":
                return [c.name for c in schema if _is_of(c, self.kinds)]
            case "roles":
                return [c.name for c in schema if str(c.role) in self.roles]
            case "all":
                return schema.names

    def __str__(self) -> str:
        text = {
            "names": ", ".join(self.names),
            "indices": f"columns {self.indices}",
            "kinds": ", ".join(f"all {kind.lower()}" for kind in self.kinds),
            "roles": ", ".join(f"all {role.lower()}s" for role in self.roles),
            "all": "all columns",
        }[self.by]
        return text if self.action == "include" else f"all but {text}"


class Columns(BaseModel):
    """A selection of columns; a plain list of names is accepted, too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Literal["all", "none"] = "none"
    rules: tuple[Rule, ...] = ()
    ordered: bool = False
    """Keep the order of the rules and allow a column twice, instead of the table's order."""
    _parameter: str | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _from_names(cls, value: Any) -> Any:
        if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
            return {"rules": [{"names": list(value)}]} if value else {}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        names = {"type": "array", "items": {"type": "string"}}
        return {"if": {"type": "array"}, "then": names, "else": handler.resolve_ref_schema(handler(schema))}

    @classmethod
    def all(cls) -> Columns:
        """Every column."""
        return cls(start="all")

    @classmethod
    def named(cls, *names: str) -> Columns:
        """These columns."""
        return cls(rules=(Rule(names=names),))

    @classmethod
    def of_kind(cls, *kinds: KindName) -> Columns:
        """Every column of these kinds; `Numeric` stands for Integer and Decimal."""
        return cls(rules=(Rule(by="kinds", kinds=kinds),))

    @classmethod
    def features(cls) -> Columns:
        """Every column whose role is feature."""
        return cls(rules=(Rule(by="roles", roles=("Feature",)),))

    def excluding(self, *names: str) -> Columns:
        """A copy that excludes these names."""
        return self.model_copy(update={"rules": (*self.rules, Rule(action="exclude", names=names))})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected yet."""
        return self.start == "none" and not self.rules

    @property
    def mentioned(self) -> list[str]:
        """All names in the rules."""
        return [name for rule in self.rules for name in rule.names]

    def of(self, table: pd.DataFrame | Schema, *, allow_empty: bool = False) -> list[str]:
        """The names selected from a frame or a schema.

        Raises DuplicateColumns for repeated column names, InvalidParameter for invalid positions, ColumnNotFound for a
        missing included name and EmptySelection if nothing is selected. An incomplete schema raises neither of the
        last two, since the run may add columns.
        """
        schema = table if isinstance(table, Schema) else Schema.of(table)
        _unique(schema, self._parameter)
        chosen = self._choose(schema)
        if not chosen and not allow_empty and schema.complete:
            raise EmptySelection(
                f"the selection matches none of the {counted(len(schema), 'column')}",
                "Choose at least one column.",
                parameter=self._parameter,
                code="0003" if self.is_empty else None,
            )
        return chosen

    def _choose(self, schema: Schema) -> list[str]:
        chosen: list[str] = schema.names if self.start == "all" else []
        for rule in self.rules:
            matches = rule.matches(schema, self._parameter, strict=schema.complete and rule.action == "include")
            if rule.action == "exclude":
                excluded = set(matches)
                chosen = [name for name in chosen if name not in excluded]
            elif self.ordered:
                chosen = chosen + matches
            else:
                included = set(chosen)
                chosen = chosen + [name for name in matches if name not in included]
        if self.ordered:
            return chosen
        wanted = set(chosen)
        return [name for name in schema.names if name in wanted]

    def __str__(self) -> str:
        if self.is_empty:
            return "No columns"
        parts = (["All columns"] if self.start == "all" else []) + [str(rule) for rule in self.rules]
        text = ", ".join(parts)
        return text[:1].upper() + text[1:] if self.rules and self.rules[0].by != "names" else text


class ColumnName(str):
    """The name of one column; empty if none is selected."""

    parameter: str | None = None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())

    def of(self, table: pd.DataFrame | Schema) -> str:
        """The name, checked against the table.

        Raises InvalidParameter if no column is selected, and ColumnNotFound if the table does not have it.
        """
        schema = table if isinstance(table, Schema) else Schema.of(table)
        if not self:
            raise InvalidParameter("no column is chosen", "Choose one column.", parameter=self.parameter, code="0003")
        _unique(schema, self.parameter)
        if schema.complete or self in schema:
            _exists(self, schema, self.parameter, strict=True)
        return str(self)


def _exists(name: str, schema: Schema, parameter: str | None, strict: bool) -> bool:
    if name in schema:
        return True
    if strict:
        raise ColumnNotFound.named(name, schema.names, parameter)
    return False


def _unique(schema: Schema, parameter: str | None) -> None:
    if len(set(schema.names)) < len(schema):
        repeated = next(name for name in schema.names if schema.names.count(name) > 1)
        problem = f"two columns are named '{repeated}'"
        raise DuplicateColumns(problem, "Rename one of them first.", parameter=parameter, column=repeated)


def _is_of(column: Column, kinds: tuple[KindName, ...]) -> bool:
    return str(column.kind) in kinds or ("Numeric" in kinds and column.kind.is_numeric)


def _positions(text: str, count: int, parameter: str | None, strict: bool) -> list[int]:
    positions: list[int] = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        first, dash, last = part.partition("-")
        if not first.strip().isdecimal() or (dash and not last.strip().isdecimal()):
            remedy = "Write positions like 8,1-4,6."
            raise InvalidParameter(f"'{part}' is not a position", remedy, parameter=parameter, code="0059")
        low, high = int(first), int(last or first)
        if low < 1 or high < low or (strict and high > count):
            problem = f"positions '{part}' do not exist ({counted(count, 'column')})"
            raise InvalidParameter(problem, f"Use 1 to {count}.", parameter=parameter, code="0060")
        positions += [i - 1 for i in range(low, min(high, count) + 1)]
    if len(set(positions)) < len(positions):
        problem = f"positions '{text}' name a column twice"
        raise InvalidParameter(problem, "Name each once.", parameter=parameter, code="0059")
    return positions


__all__ = ["ColumnName", "Columns", "Kind", "Role", "Rule"]
