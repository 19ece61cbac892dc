"""A layout of any size is scaled to a picture of 302 by 116."""

from hypothesis import given
from hypothesis import strategies as st

from designer.ui.views.thumbnail import HEIGHT, WIDTH, Thumbnail, thumbnail

place = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))


@given(st.dictionaries(st.text(min_size=1, max_size=3), place, max_size=30))
def test_every_box_stays_inside_the_picture(places: dict[str, tuple[float, float]]) -> None:
    for box in thumbnail(places, {}, []).boxes:
        assert -0.1 <= box.x <= WIDTH - 52 + 0.1
        assert -0.1 <= box.y <= HEIGHT - 12 + 0.1


def test_a_single_node_stands_in_the_middle() -> None:
    (box,) = thumbnail({"a": (500.0, 900.0)}, {"a": "var(--cat-data)"}, []).boxes
    assert (box.x, box.y, box.colour) == (125.0, 52.0, "var(--cat-data)")


def test_a_wire_leaves_below_and_arrives_above() -> None:
    picture = thumbnail({"a": (0, 0), "b": (0, 108)}, {}, [("a", "b")])
    upper, lower = picture.boxes
    (wire,) = picture.wires
    assert wire.startswith(f"M{upper.x + 26} {upper.y + 12}C")
    assert wire.endswith(f"{lower.x + 26} {lower.y}")


def test_a_wire_of_a_node_without_a_place_is_left_out() -> None:
    assert thumbnail({"a": (0, 0)}, {}, [("a", "ghost")]).wires == []


def test_no_nodes_no_picture() -> None:
    assert thumbnail({}, {}, []) == Thumbnail()
