"""Docstrings are shown without their markup characters, and nothing in them becomes HTML."""

import pytest

from designer.contract.catalogue.library import Library
from designer.ui.views.prose import Paragraph, Piece, inline, paragraphs, plain


def test_marks_become_looks() -> None:
    assert inline("*Head* takes the first `n` rows, **always**.") == [
        Piece("Head", "em"), Piece(" takes the first "), Piece("n", "code"), Piece(" rows, "),
        Piece("always", "strong"), Piece("."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["y * 2**x and 3 * 4", "snake_case __init__", "a lone ` or *", "<b>bold</b> & <script>", ""]
)
def test_what_is_no_mark_stays_as_it_is(text: str) -> None:
    assert inline(text) == ([Piece(text)] if text else [])


def test_code_may_hold_stars_and_backquotes() -> None:
    assert inline("`a * b * c` and ``a ` b``") == [Piece("a * b * c", "code"), Piece(" and "), Piece("a ` b", "code")]


def test_an_empty_line_parts_paragraphs_and_a_dash_makes_an_item() -> None:
    parts = paragraphs("One\nand two.\n\nThen:\n- first\n  goes on\n- *second*\n\nEnd.")
    assert [(plain_of(part), part.is_item) for part in parts] == [
        ("One and two.", False), ("Then:", False), ("first goes on", True), ("second", True), ("End.", False)
    ]  # fmt: skip


def test_a_docstring_of_every_module_is_shown_without_marks() -> None:
    for module in Library.scan():
        spec = module.spec()
        for text in (spec.description, spec.documentation, *(parameter.help for parameter in spec.parameters)):
            left = "".join(piece.text for piece in inline(text) if piece.look != "code")
            assert "`" not in left, (spec.id, left)


def test_plain_text_has_no_marks() -> None:
    assert plain("It defines `azureml_main(a, b)`.\nSee *Help*.") == "It defines azureml_main(a, b). See Help."


def plain_of(paragraph: Paragraph) -> str:
    return "".join(piece.text for piece in paragraph.pieces)
