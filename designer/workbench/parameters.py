"""Parameters of a pipeline: list them, and make, change, detach and remove them by edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.contract.catalogue.library import Library
from designer.contract.reference import referenced
from designer.pipeline import promotion
from designer.pipeline.assignments import UnknownParameter
from designer.pipeline.graph import Pipeline, PipelineParameter
from designer.pipeline.parameters import Use, uses
from designer.pipeline.promotion import Operations
from designer.pipeline.walk import title_of


@dataclass(frozen=True)
class Filled:
    """A field that a parameter fills, with the titles of its node and of itself."""

    node: str
    field: str
    title: str
    label: str


@dataclass(frozen=True)
class Listed:
    """A parameter and the fields that it fills."""

    parameter: PipelineParameter
    fills: list[Filled]


@dataclass(frozen=True)
class Parameters:
    """Parameters of pipelines. What changes one returns operations, to be saved by `Editing.save` and undone there."""

    library: Library

    def listed(self, pipeline: Pipeline) -> list[Listed]:
        """The parameters of a pipeline in their order, with the fields that each fills."""
        return [
            Listed(parameter, [self._filled(pipeline, use) for use in uses(pipeline, name)])
            for name, parameter in pipeline.parameters.items()
        ]

    def shareable(self, pipeline: Pipeline, node: str, field: str) -> list[str] | None:
        """The parameters that may fill a field too, by type; None where the field cannot be a parameter."""
        present = pipeline.nodes.get(node)
        module = self.library.get(present.module) if present else None
        declared = module.spec().parameter(field) if module else None
        type = promotion.type_within(present, declared) if present and declared else None
        if type is None:
            return None
        return [name for name, parameter in pipeline.parameters.items() if parameter.type == type]

    def promote(self, pipeline: Pipeline, node: str, field: str, name: str = "") -> Operations:
        """Make a field a parameter: of a name, or of one suggested by the field. See `pipeline.promotion`."""
        present = pipeline.nodes.get(node)
        wanted = name or (promotion.suggested_name(pipeline, present, field, self.library) if present else field)
        return promotion.promotion(pipeline, node, field, wanted, self.library)

    def demote(self, pipeline: Pipeline, node: str, field: str) -> Operations:
        """Detach a field from its parameter, which goes with its last field; the field gets the default."""
        return promotion.demotion(pipeline, node, field)

    def change(self, pipeline: Pipeline, name: str, texts: Mapping[str, str]) -> Operations:
        """Change a parameter by typed texts: name, default, title, description, minimum, maximum, choices.

        Raises UnknownParameter, InvalidParameter for texts that do not fit, RefusedEdit for a name that is taken.
        """
        if name not in pipeline.parameters:
            raise UnknownParameter.named(name, pipeline.parameters)
        return promotion.revision(pipeline, name, promotion.changes_of(pipeline.parameters[name], texts))

    def remove(self, pipeline: Pipeline, name: str) -> Operations:
        """Remove a parameter; the fields that it fills get its default."""
        return promotion.removal(pipeline, name)

    def _filled(self, pipeline: Pipeline, use: Use) -> Filled:
        node = pipeline.nodes[use.node]
        module = self.library.get(node.module)
        declared = module.spec().parameter(use.field) if module else None
        return Filled(use.node, use.field, title_of(node, self.library), declared.label if declared else use.field)


def parameter_of(pipeline: Pipeline, node: str, field: str) -> str:
    """The name of the parameter that fills a field; empty where none does."""
    present = pipeline.nodes.get(node)
    return (referenced(present.parameters.get(field)) if present else None) or ""
