"""Which types a port accepts."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import pytest

from designer.contract.ports import PortType, input_ports, output_ports, port_type
from designer.contract.values import Table, TrainedModel, Transformation


class Two(NamedTuple):
    """Two outputs."""

    cleaned_dataset: Table
    how: Annotated[Transformation, "Cleaning transformation"]


def test_outputs_are_named_by_title_field_or_type() -> None:
    def named() -> Annotated[Table, "Results dataset"]: ...
    def plain() -> TrainedModel: ...
    def both() -> Two: ...
    def sink() -> None: ...

    assert [(p.name, p.title) for p in output_ports(named)] == [("results_dataset", "Results dataset")]
    assert [(p.name, p.type) for p in output_ports(plain)] == [("trained_model", PortType.TRAINED)]
    assert [(p.name, p.title) for p in output_ports(both)] == [
        ("cleaned_dataset", "Cleaned dataset"),
        ("how", "Cleaning transformation"),
    ]
    assert output_ports(sink) == ()


def test_inputs_are_optional_where_none_is_the_default() -> None:
    def run(self: object, first: Table, other: Annotated[Table, "Stop words"] | None = None) -> None: ...

    first, other = input_ports(run)
    assert not first.optional
    assert other.optional
    assert other.to_json() == {"name": "other", "title": "Stop words", "type": "data", "optional": True}


def test_types_accept_themselves_and_any() -> None:
    assert PortType.TABLE.accepts(PortType.TABLE)
    assert PortType.ANY.accepts(PortType.TRAINED)
    assert not PortType.TABLE.accepts(PortType.TRAINED)
    assert port_type(Any) is PortType.ANY
    with pytest.raises(TypeError, match="cannot be the output"):
        port_type(int)
