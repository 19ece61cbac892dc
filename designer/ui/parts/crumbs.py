"""Breadcrumbs: links to the parent pages, then the current page."""

from typing import Any

import reflex as rx


def crumbs(*above: tuple[Any, Any], here: Any) -> rx.Component:
    """The breadcrumbs of the top bar; `above` are pairs of name and address."""
    steps = [step for name, address in above for step in (_link(name, address), rx.el.span("/", class_name="t3"))]
    return rx.el.div(*steps, rx.el.span(here, class_name="b ell", title=here), class_name="row g2 crumbs")


def _link(name: Any, address: Any) -> rx.Component:
    return rx.link(name, href=address, class_name="crumb", underline="none")
