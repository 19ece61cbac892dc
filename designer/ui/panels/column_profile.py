"""The profile panel beside a table: histogram, statistics, label shares, frequent values."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import icon_button
from designer.ui.views.dataset.column_profile import Bar, Share, Stat

_TYPE_ICONS = {
    "Integer": "hash",
    "Decimal": "hash",
    "String": "type",
    "Categorical": "tag",
    "Boolean": "toggle-left",
    "DateTime": "calendar",
}


def type_icon(kind: Any, size: int = 12) -> rx.Component:
    """The icon of a column kind."""
    return rx.match(
        kind,
        *(
            (name, rx.icon(icon, size=size, stroke_width=1.75, aria_hidden="true"))
            for name, icon in _TYPE_ICONS.items()
        ),
        rx.icon("circle-help", size=size, stroke_width=1.75, aria_hidden="true"),
    )


def profile_panel(profile: Any, on_previous: Any, on_next: Any) -> rx.Component:
    """The profile of one column, with buttons for the previous and next column."""
    return rx.el.aside(
        rx.el.div(
            rx.el.span(type_icon(profile.kind, 16), class_name="tile k-data"),
            rx.el.div(
                rx.el.div(profile.name, class_name="b ell", title=profile.name),
                rx.el.div(profile.subtitle, class_name="s t2"),
                class_name="grow",
            ),
            icon_button("Previous column", "chevron-left", small=True, on_click=on_previous),
            icon_button("Next column", "chevron-right", small=True, on_click=on_next),
            class_name="row g2 ph",
        ),
        _distribution(profile.histogram),
        rx.el.div(rx.foreach(profile.stats, _stat), class_name="prs"),
        rx.el.div(_by_label(profile), _frequent(profile), class_name="pf"),
        class_name="rp",
        aria_label="Column",
    )


def _distribution(histogram: Any) -> rx.Component:
    return rx.cond(
        histogram.bars,
        rx.el.div(
            rx.el.div(
                rx.el.span("Distribution", class_name="b grow"),
                rx.el.span(histogram.width, class_name="t3"),
                class_name="row s",
            ),
            rx.el.div(rx.foreach(histogram.bars, _bar), class_name="bars", role="img", aria_label="Histogram"),
            rx.cond(histogram.marks, _box(histogram.marks)),
            rx.el.div(
                rx.el.span(histogram.low, class_name="ell"),
                rx.el.span(histogram.middle, class_name="ell"),
                rx.el.span(histogram.high, class_name="ell"),
                class_name="ends xs t3",
            ),
            class_name="dist",
        ),
        rx.el.div("No values.", class_name="dist t3"),
    )


def _bar(bar: Bar) -> rx.Component:
    return rx.el.i(style={"height": f"max(1px, calc({bar.height} * 100%))"}, title=bar.label)


def _box(marks: Any) -> rx.Component:
    """A box plot: quartiles as a box, the median as a line, the 5th and 95th percentiles as ticks."""
    left, first, middle, third, right = (marks[i] for i in range(5))
    return rx.el.div(
        rx.el.i(class_name="tick", style={"left": f"{left}%"}),
        rx.el.i(class_name="box", style={"left": f"{first}%", "right": f"calc(100% - {third}%)"}),
        rx.el.i(class_name="med", style={"left": f"{middle}%"}),
        rx.el.i(class_name="tick", style={"left": f"{right}%"}),
        class_name="boxplot",
        aria_hidden="true",
    )


def _stat(stat: Stat) -> rx.Component:
    return rx.el.div(
        rx.el.span(stat.label, class_name="t2 ell"),
        rx.el.span(stat.value, class_name="m " + stat.tone),
        class_name="pr",
    )


def _by_label(profile: Any) -> rx.Component:
    return rx.cond(
        profile.share_title != "",
        rx.el.div(
            rx.el.div(profile.share_title, class_name="b s"),
            rx.foreach(profile.label_shares, _share),
            class_name="shares",
        ),
    )


def _share(share: Share) -> rx.Component:
    return rx.el.div(
        rx.el.span(share.label, class_name="t2 ell name", title=share.label),
        rx.el.span(rx.el.i(style={"width": f"{share.width}%"}), class_name="grow"),
        rx.el.span(share.value, class_name="m num"),
        class_name="row g2 s share",
    )


def _frequent(profile: Any) -> rx.Component:
    return rx.cond(
        profile.frequent,
        rx.el.div(
            rx.el.div("Most frequent values", class_name="b s"),
            rx.foreach(profile.frequent, _stat),
        ),
    )
