"""What is wrong with a field, beneath it."""

from typing import Any

import reflex as rx


def wrong(text: Any) -> rx.Component:
    """A line with what is wrong; nothing for an empty text."""
    return rx.cond(text != "", rx.el.div(text, class_name="wrong", role="alert"))


def field_class(error: Any) -> Any:
    """The classes of a field with this error, which is empty if there is none."""
    return rx.cond(error != "", "field bad-field", "field")


def show_first_wrong(form: str) -> Any:
    """An event that scrolls the first wrong field of a form into view once it is drawn."""
    first = f"document.querySelector('#{form} .wrong')"
    scroll = f"{first}?.closest('.fd, form').querySelector('.bad-field, .wrong').scrollIntoView({{block: 'center'}})"
    return rx.call_script(f"setTimeout(() => {scroll}, 100)")
