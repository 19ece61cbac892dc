"""Miniature drawings of pipelines in the dialog."""

import itertools

import pytest

from designer.contract.catalogue.library import Library
from designer.samples.templates import templates
from designer.ui.views.small_graph import CARD_HEIGHT, CARD_WIDTH, small_graph


@pytest.mark.parametrize("id", [template.id for template in templates()])
def test_cards_never_overlap_and_wires_begin_and_end_at_ports(id: str) -> None:
    pipeline = next(template.pipeline for template in templates() if template.id == id)
    graph = small_graph(pipeline, Library.scan())
    for one, other in itertools.combinations(graph.cards, 2):
        apart = abs(one.left - other.left) >= CARD_WIDTH or abs(one.top - other.top) >= CARD_HEIGHT
        assert apart, f"{one.title} over {other.title}"
    assert all(card.left >= 0 for card in graph.cards)
    assert len(graph.wires) == len(pipeline.edges)
    assert len(graph.marks) == 2 * len(pipeline.edges)
