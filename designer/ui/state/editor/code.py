"""One node as plain Python, as in the exported script."""

from __future__ import annotations

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.wording.counting import counted
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import previewed
from designer.pipeline.propagate import Propagation


def code_of(pipeline: Pipeline, library: Library, known: Propagation, id: str) -> tuple[str, str]:
    """The code of a node and, where it has none, the reason. `known` holds the columns known before a run."""
    node = previewed(pipeline).nodes[id]
    module = library.get(node.module)
    if module is None:
        return "", f"The module '{node.module}' is not installed."
    spec = module.spec()
    if "to_python" not in spec.readings:
        return "", f"{spec.title} cannot be written as a plain script."
    script = Script()
    try:
        instance = library.read(node.module, node.version, node.parameters)
        inputs = {
            port.name: Variable(script.variable(port.name), known.into(pipeline, id, port.name))
            for port in spec.inputs
            if pipeline.into(id, port.name) is not None or not port.optional
        }
        instance.to_python(script, **inputs)
    except DesignerError as error:
        return "", str(error.at(module=spec.title))
    except Exception as error:  # columns known only after a run fail in many ways
        return "", f"The code can be written once the columns are known ({type(error).__name__})."
    takes = ", ".join(_said(variable) for variable in inputs.values())
    return (f"# takes {takes}\n\n" if takes else "") + str(script), ""


def _said(variable: Variable) -> str:
    if isinstance(variable.known, Schema) and variable.known.complete:
        return f"{variable.name}, {counted(len(variable.known), 'column')}"
    return variable.name
