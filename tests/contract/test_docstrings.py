"""Docstrings of fields, read from the source."""

from __future__ import annotations

from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.wording.docstrings import field_docstrings


class Plain(Module, category="Toys"):
    """A module."""

    first: int = param(1)
    """The first
    of two."""

    second: int = param(2)
    "The second."

    third: int = param(3)

    def run(self) -> None:
        """Not the help of `third`."""


class Derived(Plain, category="Toys"):
    """Another module."""

    second: int = param(20)
    """Told anew."""

    third: int = param(30)
    """Told at last."""


def test_the_string_below_a_field_is_its_help() -> None:
    assert {p.name: p.help for p in Plain.spec().parameters} == {
        "first": "The first of two.", "second": "The second.", "third": "",
    }  # fmt: skip


def test_a_subclass_has_the_help_of_its_parents_and_its_own() -> None:
    assert {p.name: p.help for p in Derived.spec().parameters} == {
        "first": "The first of two.", "second": "Told anew.", "third": "Told at last.",
    }  # fmt: skip


def test_a_class_inside_a_function_has_help_too() -> None:
    class Inside(Module, category="Toys"):
        """A module."""

        if True:

            class Deeper:
                inner: int = 1
                """Deep down."""

        depth: int = param(1)
        """How deep."""

    assert field_docstrings(Inside, Module) == {"depth": "How deep."}
    assert field_docstrings(Inside.Deeper, object) == {"inner": "Deep down."}


def test_a_class_without_a_source_has_none() -> None:
    made = type("Made", (), {"__module__": "nowhere", "__annotations__": {"a": int}})
    assert field_docstrings(made, object) == {}
