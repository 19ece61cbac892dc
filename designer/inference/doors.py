"""The entry and exit points of an inference pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from designer.contract.abilities import Purpose
from designer.contract.catalogue.library import Library
from designer.contract.ports import PortType
from designer.inference.outline import module_of
from designer.inference.path import NotRewritable, entry_of, scoring_steps
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.walk import Outlet, title_of

INPUT_NAME, OUTPUT_NAME = "WebServiceInput0", "WebServiceOutput0"


@dataclass(frozen=True)
class Doors:
    """The outputs where rows enter and where answers leave, with their names in requests."""

    entry: Outlet
    exit: Outlet
    input_name: str = INPUT_NAME
    output_name: str = OUTPUT_NAME


def enabled_nodes(pipeline: Pipeline, purpose: Purpose, library: Library) -> list[Node]:
    """The enabled nodes whose module serves a purpose."""
    nodes = (node for node in pipeline.nodes.values() if not node.disabled)
    return [node for node in nodes if library.purpose_of(node.module) == purpose]


def doors_of(pipeline: Pipeline, library: Library) -> Doors:
    """Find the entry and the exit: the web service nodes, or in a batch pipeline the dataset and the scoring step.

    Raises NotRewritable if there are several web service nodes of a kind, if the Web Service Output is not wired, or if
    the pipeline does not score rows.
    """
    inputs = enabled_nodes(pipeline, "takes requests", library)
    outputs = enabled_nodes(pipeline, "answers requests", library)
    if len(inputs) > 1 or len(outputs) > 1:
        extra = (inputs if len(inputs) > 1 else outputs)[1]
        raise NotRewritable(
            "an endpoint has one Web Service Input and one Web Service Output", "Remove the others."
        ).at(node=extra.id, module=title_of(extra, library))
    steps = scoring_steps(pipeline, library)
    if not (inputs and outputs) and not steps:
        raise NotRewritable("this pipeline does not score rows", "Create an inference pipeline first.")
    entry = (inputs[0].id, _only_output(pipeline, inputs[0].id, library)) if inputs else entry_of(
        pipeline, steps[0], library
    )  # fmt: skip
    leaving = pipeline.incoming(outputs[0].id) if outputs else []
    if outputs and not leaving:
        raise NotRewritable("nothing is wired to it", "Wire the scored rows to it.").at(node=outputs[0].id)
    exit = (leaving[0].source, leaving[0].output) if leaving else (steps[0].id, steps[0].output)
    names = [node[0].parameters.get("name") if node else None for node in (inputs, outputs)]
    return Doors(entry, exit, names[0] or INPUT_NAME, names[1] or OUTPUT_NAME)


def _only_output(pipeline: Pipeline, id: str, library: Library) -> str:
    ports = module_of(pipeline.nodes[id], library).spec().outputs
    return next(port.name for port in ports if port.type is PortType.TABLE)
