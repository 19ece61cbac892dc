"""A pipeline document as Python that makes an equal pipeline with `designer.sdk`.

Everything in the document is kept but the order of its wires, which has no meaning. What the SDK supplies by itself is
left out: ids that it would choose, and the automatic layout.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentModule
from designer.contract.module import Module, Spec
from designer.contract.reference import referenced
from designer.export.literals import Source, call, keywords, literal
from designer.pipeline.assembly import (
    arranged,
    automatic_ids,
    function_name,
    inferred_type,
    invalid_value,
    wires_in_order,
    with_defaults,
)
from designer.pipeline.graph import Edge, Group, Node, Note, ParameterType, Pipeline, PipelineParameter
from designer.pipeline.parameters import uses
from designer.pipeline.promotion import type_of

CLASSES = ("Group", "Note", "Parameter", "Pipeline", "Step")
_OWN_NAMES = {*CLASSES, "m", "pipeline", *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}
_SUBMITTING = """
# Run it in the workspace of this folder; name another folder or an address in Workspace(...):
# from designer.sdk import Workspace
# run = Workspace().submit(pipeline).wait()
"""
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{2,}(-?\d{1,3})?")


def to_code(pipeline: Pipeline, library: Library) -> str:
    """Python whose variable `pipeline` is this pipeline."""
    outline = _outlined(pipeline, library)
    values = [_parameter_statement(outline, name, library) for name in pipeline.parameters]
    steps = [_statement(outline, id, library) for id in outline.order]
    parts = [part for each in (values, steps) if each for part in (*each, "")]
    text = "\n".join([*parts, f"pipeline = {_pipeline_call(pipeline, outline)}"])
    classes = [name for name in CLASSES if name == "Pipeline" or re.search(rf"\b{name}\(", text)]
    functions = ["modules as m"] if outline.called else []
    return f"from designer.sdk import {', '.join([*classes, *functions])}\n\n{text}\n{_SUBMITTING}"


@dataclass(frozen=True)
class _Outline:
    """How a pipeline is written: `pipeline` is it in the order of the code, without the wires of cycles, `extra`.

    `ends` are the steps to name in the end, `called` those written as functions of modules, `ids` the ids to write.
    `variables` are the names of steps by id, `names` those of parameters.
    """

    pipeline: Pipeline
    extra: tuple[Edge, ...]
    order: list[str]
    ends: list[str]
    called: frozenset[str]
    variables: Mapping[str, str]
    names: Mapping[str, str]
    ids: frozenset[str]


def _outlined(pipeline: Pipeline, library: Library) -> _Outline:
    def spec(id: str) -> Spec | None:
        module = library.get(pipeline.nodes[id].module)
        return module.spec() if module else None

    cyclic = pipeline.on_cycles
    extra = tuple(edge for edge in pipeline.edges if {edge.source, edge.target} <= cyclic)
    plain = replace(pipeline, edges=tuple(edge for edge in pipeline.edges if edge not in extra))
    order = plain.order()
    written = replace(plain, nodes={id: plain.nodes[id] for id in order}, edges=wires_in_order(plain, order, spec))
    return _Outline(
        written,
        extra,
        order,
        [id for id in order if not plain.outgoing(id)],
        frozenset(id for id in order if _is_callable(written, id, library)),
        *_variables(list(pipeline.parameters), [written.nodes[id] for id in order]),
        _ids([written.nodes[id] for id in order]),
    )


def _is_callable(pipeline: Pipeline, id: str, library: Library) -> bool:
    """Whether the function of the module makes this step: it knows every name, and accepts every value and wire.

    There is none for a component: those of a workspace are no modules to code that has not opened it.
    """
    node = pipeline.nodes[id]
    module = library.get(node.module)
    if (
        module is None
        or issubclass(module, ComponentModule)
        or module.spec().id != node.module
        or node.version != module.spec().version
    ):
        return False
    spec = module.spec()
    names = [parameter.name for parameter in spec.parameters]
    return (
        all(name in names and name.isidentifier() and not keyword.iskeyword(name) for name in node.parameters)
        and invalid_value(module, with_defaults(node.parameters, _defaults(pipeline, node))) is None
        and all(_is_declared(pipeline, value) for value in node.parameters.values())
        and all(spec.output(edge.output) for edge in pipeline.outgoing(id))
        and all(_fits(pipeline, edge, module, library) for edge in pipeline.incoming(id))
    )


def _defaults(pipeline: Pipeline, node: Node) -> dict[str, Any]:
    """The defaults of the pipeline parameters that fill fields of a node."""
    names = {field: referenced(value) or "" for field, value in node.parameters.items()}
    return {field: pipeline.parameters[name].default for field, name in names.items() if name in pipeline.parameters}


def _is_declared(pipeline: Pipeline, value: Any) -> bool:
    """Whether a value is none that refers to a parameter that is not there."""
    return referenced(value) in (None, *pipeline.parameters)


def _fits(pipeline: Pipeline, edge: Edge, target: type[Module], library: Library) -> bool:
    port = target.spec().input(edge.input)
    if port is None or not port.name.isidentifier() or keyword.iskeyword(port.name):
        return False
    source = library.get(pipeline.nodes[edge.source].module)
    output = source.spec().output(edge.output) if source else None
    return output is None or port.type.accepts(output.type)


def _statement(outline: _Outline, id: str, library: Library) -> str:
    node = outline.pipeline.nodes[id]
    made = _function_call(outline, node, library) if id in outline.called else _step_call(outline, node, library)
    texts = {"title": node.title, "comment": node.comment, "disabled": node.disabled}
    named = [*([literal(id)] if id in outline.ids else []), *keywords({n: v for n, v in texts.items() if v})]
    suffix = call(".named", named) if named else ""
    suffix += call(".on", [literal(node.compute)]) if node.compute else ""
    return f"{outline.variables[id]} = {made}{suffix}"


def _function_call(outline: _Outline, node: Node, library: Library) -> str:
    wires = {edge.input: _source(outline, edge, library) for edge in outline.pipeline.incoming(node.id)}
    ports = [port.name for port in library[node.module].spec().inputs]
    last = max((number for number, port in enumerate(ports) if port in wires and port in node.parameters), default=-1)
    positional: list[str] = []
    for number, port in enumerate(ports):
        if port not in wires and number >= last:
            break
        positional.append(wires.pop(port, "None"))
    named = [f"{port}={source}" for port, source in wires.items()]
    return call(f"m.{function_name(node.module)}", [*positional, *named, *keywords(_values(outline, node))])


def _step_call(outline: _Outline, node: Node, library: Library) -> str:
    wires = {edge.input: _source(outline, edge, library, is_open=True) for edge in outline.pipeline.incoming(node.id)}
    inputs = f"{{{', '.join(f'{literal(port)}: {source}' for port, source in wires.items())}}}"
    values: dict[str, Any] = {} if node.version == 1 else {"version": node.version}
    values |= {"parameters": _values(outline, node)} if node.parameters else {}
    return call("Step", [literal(node.module), *keywords(values), *([f"inputs={inputs}"] if wires else [])])


def _values(outline: _Outline, node: Node) -> dict[str, Any]:
    """The values of a step, with variables in the place of references to parameters."""
    names = {field: referenced(value) or "" for field, value in node.parameters.items()}
    variables = {field: outline.names[name] for field, name in names.items() if name in outline.names}
    return {f: Source(variables[f]) if f in variables else value for f, value in node.parameters.items()}


def _parameter_statement(outline: _Outline, name: str, library: Library) -> str:
    parameter = outline.pipeline.parameters[name]
    fields: list[ParameterType | None] = []
    for use in uses(outline.pipeline, name):
        node = outline.pipeline.nodes[use.node]
        setting = library[node.module].spec().parameter(use.field) if use.node in outline.called else None
        fields.append(type_of(setting) if setting is not None else None)
    values = {"type": parameter.type} if parameter.type != inferred_type(parameter.default, fields) else {}
    plain = PipelineParameter(name, parameter.type)
    others = ("minimum", "maximum", "choices", "title", "description")
    values |= {each: getattr(parameter, each) for each in others if getattr(parameter, each) != getattr(plain, each)}
    default = [literal(parameter.default)] if parameter.default is not None else []
    return f"{outline.names[name]} = {call('Parameter', [literal(name), *default, *keywords(values)])}"


def _source(outline: _Outline, edge: Edge, library: Library, *, is_open: bool = False) -> str:
    """The output at the start of a wire: the step alone if it has no other."""
    variable = outline.variables[edge.source]
    if edge.source not in outline.called:
        return f"{variable}[{literal(edge.output)}]"
    outputs = library[outline.pipeline.nodes[edge.source].module].spec().outputs
    if len(outputs) == 1 and not is_open:
        return variable
    is_attribute = edge.output.isidentifier() and not keyword.iskeyword(edge.output) and edge.output not in RESERVED
    return f"{variable}.{edge.output}" if is_attribute else f"{variable}[{literal(edge.output)}]"


RESERVED = frozenset(
    ("comment", "compute", "disabled", "id", "inputs", "label", "module", "named", "number", "on", "outputs",
     "parameters", "ports", "title", "uses", "version")
)  # fmt: skip
"""The attributes of a step in code, which are no names of outputs there."""


def _pipeline_call(pipeline: Pipeline, outline: _Outline) -> str:
    automatic = arranged(replace(outline.pipeline, edges=(*outline.pipeline.edges, *outline.extra)))
    defaults = Pipeline()
    plain = ("name", "description", "kind", "direction", "compute")
    values = {name: getattr(pipeline, name) for name in plain if getattr(pipeline, name) != getattr(defaults, name)}
    arguments = [*(outline.variables[id] for id in outline.ends), *keywords(values)]
    if pipeline.layout != automatic.layout:
        points = {id: (_short(x), _short(y)) for id, (x, y) in pipeline.layout.items()}
        arguments += keywords({"layout": points})
    arguments += _listed("notes", pipeline.notes) + _listed("groups", pipeline.groups)
    used = {use.parameter for use in uses(pipeline)}
    unused = [Source(variable) for name, variable in outline.names.items() if name not in used]
    arguments += keywords({"parameters": unused}) if unused else []
    if outline.extra:
        arguments += keywords({"wires": [(e.source, e.output, e.target, e.input) for e in outline.extra]})
    return call("Pipeline", arguments)


def _listed(name: str, values: Sequence[Note | Group]) -> list[str]:
    items = "".join(f"        {_made(value)},\n" for value in values)
    return [f"{name}=[\n{items}    ]"] if values else []


def _made(value: Note | Group) -> str:
    given = {
        field.name: _short(item) if isinstance(item := getattr(value, field.name), float) else item
        for field in fields(value)
        if getattr(value, field.name) != field.default
    }
    return call(type(value).__name__, keywords(given, " " * 8), " " * 8)


def _short(number: float) -> float:
    return int(number) if float(number).is_integer() else float(number)


def _variables(parameters: Sequence[str], nodes: Sequence[Node]) -> tuple[dict[str, str], dict[str, str]]:
    """A name for each step, its id where that is a word, else its module; and one for each parameter."""
    taken = set(_OWN_NAMES)
    names = _named({name: name for name in parameters}, taken)
    words = {node.id: node.id if _WORD.fullmatch(node.id) else node.module for node in nodes}
    return _named(words, taken), names


def _named(words: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for key, word in words.items():
        name = re.sub(r"[^0-9a-z]+", "_", word.lower()).strip("_")
        name = name if name and not name[0].isdigit() else f"step_{name}".rstrip("_")
        number = 1
        while (candidate := name if number == 1 else f"{name}_{number}") in taken:
            number += 1
        taken.add(candidate)
        variables[key] = candidate
    return variables


def _ids(nodes: Sequence[Node]) -> frozenset[str]:
    """The ids that have to be written: those that the SDK would not choose."""
    written: set[str] = set()
    while True:
        chosen = automatic_ids([(node.module, node.id if node.id in written else "") for node in nodes])
        others = {node.id for node, id in zip(nodes, chosen, strict=True) if node.id != id}
        if not others:
            return frozenset(written)
        written |= others
