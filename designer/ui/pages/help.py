"""Help: one page per module, generated from its declaration, and a search over all of them."""

import reflex as rx

from designer.ui.canvas.canvas import module_tile
from designer.ui.page import Page
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import link_button
from designer.ui.parts.card import card, empty
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.prose import prose
from designer.ui.parts.search_field import search_field
from designer.ui.parts.table import Column, table
from designer.ui.state.help import HelpGroup, HelpState
from designer.ui.views.module_help import HelpEntry, ParameterHelp, PortHelp, ReadingHelp
from designer.ui.views.prose import Paragraph

_PARAMETERS = (Column("Setting", "200px"), Column("What it does"), Column("Takes", "220px"), Column("Default", "120px"))


def content() -> rx.Component:
    """The list of modules on the left, one module on the right."""
    return rx.el.div(
        rx.el.aside(_search(), rx.el.div(rx.foreach(HelpState.groups, _group), class_name="scroll"), class_name="list"),
        rx.el.div(
            rx.cond(HelpState.page.id != "", _module(), _nothing_chosen()),
            class_name="page",
        ),
        class_name="help-page",
    )


def bar() -> rx.Component:
    """Breadcrumbs."""
    return rx.cond(
        HelpState.page.id != "",
        crumbs(("Help", "/help"), here=HelpState.page.title),
        rx.el.span("Help", class_name="b"),
    )


def _search() -> rx.Component:
    return rx.el.div(search_field("Search modules", HelpState.search_text, HelpState.search), class_name="search")


def _group(group: HelpGroup) -> rx.Component:
    return rx.el.section(
        rx.el.h2(group.title, rx.el.span(group.count, class_name="t3"), class_name="gh"),
        rx.foreach(group.modules, _entry),
    )


def _entry(item: HelpEntry) -> rx.Component:
    return rx.link(
        module_tile(icon=item.icon, category=item.category, small=True),
        rx.el.span(item.title, class_name="ell"),
        href="/help/" + item.id,
        class_name=rx.cond(HelpState.page.id == item.id, "item on", "item"),
        underline="none",
    )


def _nothing_chosen() -> rx.Component:
    return rx.cond(
        HelpState.unknown != "",
        card(empty("There is no module “" + HelpState.unknown + "” here.", link_button("All modules", "/help"))),
        rx.cond(
            HelpState.is_loaded,
            rx.el.div(
                rx.el.h1("Help"),
                rx.cond(
                    HelpState.count > 0,
                    rx.el.p(
                        HelpState.count, " modules. Choose one at the left, or search by what it does.", class_name="t2"
                    ),
                    card(empty("No modules are installed.")),
                ),
                _keys(),
                _ways_to_run(),
            ),
        ),
    )


_KEYS = (
    ("Add a module", "Tab, or double-click empty canvas"),
    ("Run all, run to here, cancel", "Ctrl Enter, Ctrl Shift Enter, Ctrl Alt Enter"),
    ("Undo, redo", "Ctrl Z, Ctrl Shift Z"),
    ("Copy, cut, paste, duplicate", "Ctrl C, X, V, D"),
    ("Delete; delete and heal the wires", "Delete; Ctrl Delete"),
    ("Fit, 100 %, in, out", "1, 0, +, -"),
    ("Disable a module", "D"),
    ("Rename", "F2"),
    ("Note", "N"),
    ("Group; collapse or expand it", "Ctrl G; Shift G"),
    ("Lay out anew; let data flow the other way", "Shift L; Shift R"),
    ("Find a module on the canvas", "Ctrl F"),
    ("Commands and modules; on other pages, anything by its name", "Ctrl K"),
    ("All shortcuts", "?"),
)


def _keys() -> rx.Component:
    rows = [rx.el.tr(rx.el.td(what), rx.el.td(keys, class_name="t2")) for what, keys in _KEYS]
    return card(
        table((Column("On the canvas"), Column("Keys", "320px")), rx.fragment(*rows), label="Keys"),
        style={"margin_top": "16px"},
    )


_WAYS = (
    ("On the canvas", "Run, or a command: designer run submit"),
    ("With other values", "Make pipeline parameter in the menu of a field; Run asks for the values"),
    ("From other programs", "Publish, beside Run or on the page of a run: address, keys and clients are on its page"),
    ("At times, or when files or a dataset change", "Schedules; designer service install keeps Designer running"),
    ("From Python", "Workspace().submit(pipeline), Workspace().published[name].submit(values)"),
    ("All of it by code, step by step", "docs/ten-minutes.md, beside the README: from a dataset to a schedule"),
)


def _ways_to_run() -> rx.Component:
    rows = [rx.el.tr(rx.el.td(what), rx.el.td(how, class_name="t2")) for what, how in _WAYS]
    return card(
        table((Column("A pipeline runs", "320px"), Column("How")), rx.fragment(*rows), label="Ways to run"),
        style={"margin_top": "16px"},
    )


def _module() -> rx.Component:
    page = HelpState.page
    return rx.el.article(
        rx.el.div(
            module_tile(icon=page.icon, category=page.category),
            rx.el.div(rx.el.h1(page.title), rx.el.div(page.category, class_name="s t2"), class_name="grow"),
            class_name="row g3",
        ),
        rx.el.p(prose(page.description), class_name="lead"),
        rx.foreach(page.documentation, _paragraph),
        rx.cond(page.package != "", rx.el.p("From the package ", page.package, ".", class_name="s t3")),
        rx.cond(page.synonyms != "", rx.el.p("Also found as: ", page.synonyms, class_name="s t3")),
        rx.el.div(
            _ports("Inputs", page.inputs, "No inputs."),
            _ports("Outputs", page.outputs, "No outputs."),
            class_name="two",
        ),
        rx.el.div(
            card(
                rx.cond(
                    page.parameters,
                    table(_PARAMETERS, rx.foreach(page.parameters, _parameter), label="Settings"),
                    empty("No settings."),
                ),
                heading="Settings",
            ),
            class_name="wrap",
        ),
        card(
            rx.el.div(rx.foreach(page.readings, _reading), class_name="readings"),
            rx.el.p(page.at_inference, class_name="s t2 foot"),
            heading="Where it works",
        ),
    )


def _paragraph(paragraph: Paragraph) -> rx.Component:
    return rx.el.p(prose(paragraph.pieces), class_name=rx.cond(paragraph.is_item, "t2 bullet", "t2"))


def _ports(title: str, ports: list[PortHelp], none: str) -> rx.Component:
    return card(
        rx.cond(ports, rx.el.div(rx.foreach(ports, _port), class_name="bd"), empty(none)),
        heading=title,
    )


def _port(port: PortHelp) -> rx.Component:
    return rx.el.div(
        rx.el.span(port.title, class_name="m grow"),
        rx.cond(port.note != "", chip(port.note)),
        rx.el.span(port.type, class_name="s t2"),
        class_name="row g2 pr",
    )


def _parameter(parameter: ParameterHelp) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.span(parameter.label, class_name="m")),
        rx.el.td(
            prose(parameter.help),
            rx.cond(parameter.shown_when != "", rx.el.div("Shown when ", parameter.shown_when, ".", class_name="t3")),
        ),
        rx.el.td(
            parameter.kind,
            rx.cond(parameter.takes != "", rx.el.div(parameter.takes, class_name="t2")),
        ),
        rx.el.td(parameter.default, class_name="mono"),
    )


def _reading(reading: ReadingHelp) -> rx.Component:
    return rx.el.div(
        rx.cond(
            reading.is_there,
            rx.icon("circle-check", size=14, stroke_width=2, class_name="ok", aria_hidden="true"),
            rx.icon("circle-minus", size=14, stroke_width=2, class_name="t3", aria_hidden="true"),
        ),
        rx.el.div(rx.el.div(reading.title, class_name="m"), rx.el.div(reading.text, class_name="s t2")),
        class_name="reading",
    )


PAGE = Page(route="/help", title="Help", section="Help", content=content, bar=bar, on_load=(HelpState.load,))
MODULE_PAGE = Page(
    route="/help/[module_id]",
    title="Help",
    section="Help",
    content=content,
    bar=bar,
    subject=HelpState.page.title,
    on_load=(HelpState.load,),
)
