"""States hold pipelines without Reflex's proxies: one around every step made walking a large pipeline take a minute."""

import dataclasses
from typing import Any

from designer.pipeline.graph import Node, Pipeline
from designer.ui.state.editor.held import Held
from designer.ui.state.editor.pipeline import EditorState


def test_what_an_editor_reads_often_is_no_proxy() -> None:
    state: Any = EditorState()
    pipeline = Pipeline(nodes={"a": Node("a", "sort")})
    state._pipeline = Held(pipeline)
    assert state._pipeline.value is pipeline
    assert type(state._pipeline.value.nodes["a"]) is Node


def test_values_of_the_pipeline_are_held_wherever_the_editor_keeps_one() -> None:
    frozen = [
        name
        for kind in (EditorState, *EditorState.__subclasses__())
        for name, field in kind.__fields__.items()
        if dataclasses.is_dataclass(field.default_value()) and type(field.default_value()).__module__.startswith(
            ("designer.pipeline", "designer.contract", "designer.store")
        )
    ]  # fmt: skip
    assert frozen == []


def test_equal_values_are_held_alike() -> None:
    assert Held(Pipeline()) == Held(Pipeline())
    assert Held(Pipeline()) != Held(Pipeline(name="Other"))
