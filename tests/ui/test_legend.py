"""One table defines how states, ports and categories are drawn, on the canvas and on every other page."""

import re
from pathlib import Path
from typing import get_args

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.ports import PortType
from designer.store import records
from designer.ui import canvas
from designer.ui.parts.badge import state_badge
from designer.ui.views.legend import category_key, port_marks, shown_state, state_marks, state_word

CANVAS = Path(canvas.__file__).parent
TOKENS = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("state", sorted({*get_args(records.RunState), *get_args(records.NodeState), "not asked for"}))
def test_every_stored_state_has_a_word_and_an_icon(state: str) -> None:
    mark = state_marks()[shown_state(state)]
    assert state_word(state) == mark.word
    component = mark.icon.title().replace("-", "")
    assert component in {tag.tag for tags in state_badge(mark.word)._get_all_imports().values() for tag in tags}


def test_no_two_states_look_alike_but_those_that_wait() -> None:
    looks = [(mark.icon, mark.tone) for name, mark in state_marks().items() if name != "queued"]
    assert len(set(looks)) == len(looks)
    assert len({mark.word for mark in state_marks().values()}) == len(state_marks())


def test_what_is_stale_looks_unlike_what_was_reused() -> None:
    stale, reused = state_marks()["stale"], state_marks()["reused"]
    assert stale.icon != reused.icon
    assert stale.tone != reused.tone


def test_the_canvas_has_every_icon_and_colour_of_the_table() -> None:
    script = (CANVAS / "cards" / "node_state.jsx").read_text(encoding="utf-8")
    block = re.search(r"const ICONS = \{(.*?)\};", script, re.DOTALL)
    assert block is not None
    drawn = {line.strip().partition(":")[0].strip('"') for line in block[1].split(",\n") if line.strip()}
    assert drawn == {mark.icon for mark in state_marks().values()}
    colours = re.search(r"const COLOURS = \{(.*?)\};", (CANVAS / "cards" / "minimap.jsx").read_text(encoding="utf-8"))
    assert colours is not None
    assert set(re.findall(r"(\w+): \"", colours[1])) == {mark.tone for mark in state_marks().values()}


def test_the_canvas_has_no_second_table() -> None:
    words = {mark.word for mark in state_marks().values()}
    for script in CANVAS.rglob("*.js*"):
        if script.suffix != ".json":
            text = script.read_text(encoding="utf-8")
            assert not re.search(r'word: "', text), script.name
            assert sum(f'"{word}"' in text for word in words) < 3, script.name


def test_every_port_type_has_words_a_shape_and_a_colour() -> None:
    assert set(port_marks()) == set(PortType)
    for mark in port_marks().values():
        assert f"--port-{mark.colour}:" in TOKENS
        assert f"--wire-{mark.colour}:" in TOKENS
    looks = [(mark.shape, mark.colour, mark.hollow) for kind, mark in port_marks().items() if mark.colour != "any"]
    assert len(set(looks)) == len(looks)


def test_every_category_of_the_library_has_a_colour() -> None:
    for module in Library.scan():
        assert f"--cat-{category_key(module.spec().category)}-tint:" in TOKENS


@pytest.mark.parametrize(
    ("category", "key"),
    [
        ("Data Input and Output", "data"),
        ("Model Scoring & Evaluation", "score"),
        ("Of my own", "transform"),
        ("", "transform"),
    ],
)
def test_a_category_finds_its_colour(category: str, key: str) -> None:
    assert category_key(category) == key
