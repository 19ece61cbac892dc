"""Find the learner above a port; models are named after their learner."""

from __future__ import annotations

from designer.contract.catalogue.library import Library
from designer.contract.ports import PortType
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.walk import title_of


def learner_title(pipeline: Pipeline, library: Library, id: str, input: str) -> str:
    """The title of the nearest learner or saved model above an input port; empty if there is none."""
    edge = pipeline.into(id, input)
    level, visited = [edge.source] if edge else [], set[str]()
    while level:
        for above in level:
            if _makes_model(pipeline.nodes[above], library):
                return title_of(pipeline.nodes[above], library)
        visited |= set(level)
        level = [e.source for each in level for e in pipeline.incoming(each) if e.source not in visited]
    return ""


def trainer(pipeline: Pipeline, library: Library, id: str, input: str) -> str:
    """The id of the nearest node above an input port that outputs a trained model; empty if there is none."""
    edge = pipeline.into(id, input)
    level, visited = [edge.source] if edge else [], set[str]()
    while level:
        for above in level:
            module = library.get(pipeline.nodes[above].module)
            if module is not None and PortType.TRAINED in {port.type for port in module.spec().outputs}:
                return above
        visited |= set(level)
        level = [e.source for each in level for e in pipeline.incoming(each) if e.source not in visited]
    return ""


def _makes_model(node: Node, library: Library) -> bool:
    module = library.get(node.module)
    if module is None:
        return False
    spec = module.spec()
    makes = {port.type for port in spec.outputs}
    return PortType.UNTRAINED in makes or (PortType.TRAINED in makes and not spec.inputs)
