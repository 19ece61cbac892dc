"""The page for an unknown address."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.buttons import link_button


def content() -> rx.Component:
    """A sentence and a link to Home."""
    return rx.el.div(
        rx.el.h1("There is nothing at this address"),
        rx.el.p(
            "It may have been deleted or renamed. Pipelines, datasets and runs are listed on their pages.",
            class_name="t2",
        ),
        rx.el.div(link_button("Go to Home", "/", kind="primary"), class_name="row"),
        class_name="padded col g3",
    )


PAGE = Page(route="404", title="Not found", content=content)
