"""Parameters, read from annotated fields."""

from __future__ import annotations

import json

from tests.contract.toy import SubtractMean, ToyRidge, TwoWayToy


def test_bounds_choices_and_editors_follow_the_annotation() -> None:
    by_name = {p.name: p for p in TwoWayToy.spec().parameters}
    assert by_name["mode"].choices == ("Fast", "Slow")
    assert {name: p.editor for name, p in by_name.items()} == {
        "mode": "choice",
        "speed": "number",
        "boost": "number",
        "key": "column",
        "seed": "number",
        "secret": "text",
    }
    speed = by_name["speed"]
    assert (speed.minimum, speed.exclusive_minimum, speed.maximum, speed.exclusive_maximum) == (0, True, 1, False)
    assert by_name["boost"].integer
    assert by_name["boost"].when == (("speed", (0.5, 1.0)),)
    assert by_name["seed"].optional
    assert not by_name["seed"].required
    assert by_name["secret"].hidden
    assert by_name["mode"].label == "Mode of play"
    assert by_name["speed"].label == "Speed"
    assert by_name["speed"].help == "How fast."
    assert SubtractMean.spec().parameters[0].editor == "columns"


def test_a_parameter_is_a_json_document() -> None:
    for module in (TwoWayToy, SubtractMean, ToyRidge):
        for parameter in module.spec().parameters:
            document = json.loads(json.dumps(parameter.to_json()))
            assert document["name"] == parameter.name
