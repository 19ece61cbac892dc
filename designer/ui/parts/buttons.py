"""Buttons and links that look like buttons. One primary button per page or dialog."""

from typing import Any, Literal

import reflex as rx

Kind = Literal["primary", "second", "quiet", "danger"]
_CLASSES: dict[Kind, str] = {"primary": "btn p", "second": "btn", "quiet": "btn g", "danger": "btn danger"}


def button(
    label: Any, kind: Kind = "second", icon: str | None = None, small: bool = False, **props: Any
) -> rx.Component:
    """A button with a label, and an icon before it if one is named."""
    return rx.el.button(*_content(label, icon), class_name=_classes(kind, small), type="button", **props)


def link_button(label: Any, href: Any, kind: Kind = "second", icon: str | None = None, **props: Any) -> rx.Component:
    """A link to another page that looks like a button."""
    props.setdefault("class_name", _classes(kind))
    return rx.link(*_content(label, icon), href=href, underline="none", **props)


def icon_button(label: str, icon: str, small: bool = False, **props: Any) -> rx.Component:
    """A button with an icon only; the label is its tooltip and accessible name."""
    return rx.el.button(
        rx.icon(icon, size=16, stroke_width=1.75, aria_hidden="true"),
        class_name=_classes("quiet", small) + " i",
        type="button",
        title=label,
        aria_label=label,
        **props,
    )


def _content(label: Any, icon: str | None) -> list[Any]:
    drawn = [] if icon is None else [rx.icon(icon, size=14, stroke_width=1.75, aria_hidden="true")]
    return [*drawn, label]


def _classes(kind: Kind, small: bool = False) -> str:
    return _CLASSES[kind] + (" sm" if small else "")
