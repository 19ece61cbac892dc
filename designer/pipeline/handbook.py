"""Generate the documentation of a library in Markdown, for `docs/modules.md` and the help pages."""

from __future__ import annotations

from designer.contract.catalogue.library import Library
from designer.contract.module import Spec
from designer.contract.parameters import Parameter, Rule
from designer.contract.selection import Columns

_READINGS = {"run": "runs", "infer": "columns known before the run", "to_onnx": "ONNX", "to_python": "plain Python"}


def handbook(library: Library) -> str:
    """The pages of all modules by category, with ports, parameters and readings."""
    specs = [module.spec() for module in library]
    categories = dict.fromkeys(sorted(spec.category for spec in specs))
    lines = [
        "# Modules",
        "",
        f"{len(specs)} modules. Generated from their classes; `designer modules --json` has the same.",
    ]
    for category in categories:
        lines += ["", f"## {category}"]
        for spec in specs:
            if spec.category == category:
                lines += ["", *page(spec)]
    return "\n".join(lines) + "\n"


def page(spec: Spec) -> list[str]:
    """The page of one module, as Markdown lines."""
    lines = [f"### {spec.title}", "", f"`{spec.id}`, version {spec.version}. {spec.description}"]
    if spec.package:
        lines += ["", f"From the package {spec.package}."]
    if spec.documentation:
        lines += ["", spec.documentation]
    for heading, ports in (("In", spec.inputs), ("Out", spec.outputs)):
        listed = ", ".join(f"{port.title} ({port.type}{', optional' if port.optional else ''})" for port in ports)
        lines += ["", f"**{heading}:** {listed or 'none'}"]
    shown = [parameter for parameter in spec.parameters if not parameter.hidden]
    if shown:
        lines += ["", "| Parameter | Default | Values | Shown when | Meaning |", "|---|---|---|---|---|"]
        lines += [f"| {parameter.label} | {_default(parameter)} | {values(parameter)} | {_when(spec, parameter)} "
                  f"| {_cell(parameter.help)} |" for parameter in shown]  # fmt: skip
    lines += ["", f"**Readings:** {', '.join(_READINGS[reading] for reading in spec.readings)}."]
    return lines


def values(parameter: Parameter) -> str:
    """The values that a parameter accepts, in words."""
    if parameter.choices:
        return _cell(", ".join(map(str, parameter.choices)))
    if parameter.editor != "number":
        return {"switch": "on, off", "columns": "columns", "column": "one column"}.get(parameter.editor, "text")
    low = (
        ""
        if parameter.minimum is None
        else f"{'>' if parameter.exclusive_minimum else '≥'} {_number(parameter.minimum)}"
    )
    high = (
        ""
        if parameter.maximum is None
        else f"{'<' if parameter.exclusive_maximum else '≤'} {_number(parameter.maximum)}"
    )
    kind = "whole number" if parameter.integer else "number"
    return " ".join(filter(None, (kind, low, high)))


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


def _default(parameter: Parameter) -> str:
    value = parameter.default
    if isinstance(value, Columns):
        return _cell(str(value))
    if value is None or value == "":
        return ""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else _literal(str(value))


def _when(spec: Spec, parameter: Parameter) -> str:
    return _cell("; or ".join(_rule(spec, rule) for rule in parameter.rules if rule))


def _rule(spec: Spec, rule: Rule) -> str:
    parts = []
    for name, allowed in rule:
        other = spec.parameter(name)
        shown = " or ".join(
            {True: "on", False: "off"}.get(a, str(a)) if isinstance(a, bool) else str(a) for a in allowed
        )
        parts.append(f"{other.label if other else name} is {shown}")
    return " and ".join(parts)


def _literal(text: str) -> str:
    """A literal value; formatted as code if Markdown would interpret one of its characters."""
    cell = _cell(text).strip()
    is_marked = any(mark in cell for mark in ("`", "*", "__", "<", "[", "~", "\\"))
    fence = "``" if "`" in cell else "`"
    return f"{fence}{cell}{fence}" if is_marked else cell


def _cell(text: str) -> str:
    shortened = text if len(text) <= 400 else f"{text[:397]}..."
    return shortened.replace("|", "\\|").replace("\n", " ")
