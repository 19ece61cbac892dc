"""Assemble the pages, routes and guard into the app that Reflex builds and serves."""

from functools import partial
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.event import EventSpec
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from designer import settings
from designer.api.application import Api
from designer.api.limits import Limits
from designer.store.sessions import Sessions
from designer.ui import late_edit
from designer.ui.http import datastore_file, exported_file, scored_file, upload
from designer.ui.http.guard import Guard
from designer.ui.http.left_tabs import forget_left_tabs
from designer.ui.http.policy import content_policy, inline_scripts
from designer.ui.http.warming import warm
from designer.ui.module_watch import watch_modules
from designer.ui.page import Page
from designer.ui.pages import (
    compare,
    components,
    computes,
    design,
    endpoint,
    endpoints,
    evaluate,
    experiments,
    home,
    missing,
    models,
    one_published,
    pipelines,
    published,
    run,
    runs,
    schedules,
)
from designer.ui.pages import help as help_pages
from designer.ui.pages.data import dataset, dataset_versions, datasets, datastores, new_dataset
from designer.ui.pages.settings import settings_page
from designer.ui.panels.finder import finder_shortcut
from designer.ui.panels.shell import shell
from designer.ui.state.arrival import ArrivalState
from designer.ui.stopping import stopping
from designer.ui.theme import STYLESHEETS
from designer.ui.views import failure
from designer.ui.workbench import current_workbench

PAGES: tuple[Page, ...] = (
    home.PAGE,
    pipelines.PAGE,
    datasets.PAGE,
    dataset.PAGE,
    dataset_versions.PAGE,
    new_dataset.PAGE,
    datastores.PAGE,
    runs.PAGE,
    compare.PAGE,
    run.PAGE,
    experiments.PAGE,
    evaluate.PAGE,
    endpoints.PAGE,
    endpoint.PAGE,
    published.PAGE,
    one_published.PAGE,
    schedules.PAGE,
    models.PAGE,
    components.PAGE,
    computes.PAGE,
    settings_page(settings.Limits().upload_bytes, settings.Limits().body_bytes),
    help_pages.PAGE,
    help_pages.MODULE_PAGE,
    design.PAGE,
    *design.LEADING_PAGES,
    missing.PAGE,
)
"""All pages. To add one, write a module in pages/ and list it here."""

ROUTES: tuple[BaseRoute, ...] = (
    late_edit.ROUTE, *upload.ROUTES, scored_file.ROUTE, exported_file.ROUTE, datastore_file.ROUTE
)  # fmt: skip
"""Plain HTTP routes (late edits, uploads, downloads). They precede Reflex's own and are behind the guard."""


BUILT = Path(".web") / "build" / "client"
"""The built pages, relative to the working folder, where Reflex puts them."""

_OVERLAY = (5, "Overlay")
"""Reflex's key for its own lost-connection overlay."""


def make_app() -> rx.App:
    """The Reflex app with every page registered."""
    made = rx.App(
        stylesheets=list(STYLESHEETS),
        head_components=[rx.el.link(rel="icon", href="/logo.svg", type="image/svg+xml"), finder_shortcut()],
        html_lang="en",
        backend_exception_handler=report_failure,
        api_transformer=[Starlette(routes=list(ROUTES)), with_api, guarded],
    )
    made.register_lifespan_task(warm)
    made.register_lifespan_task(forget_left_tabs, manager=made.state_manager, connected=_ConnectedTabs(made))
    made.register_lifespan_task(watch_modules)
    made.app_wraps[_OVERLAY] = lambda has_state: None  # the top bar shows it instead
    for page in PAGES:
        made.add_page(
            partial(shell, page),
            route=page.route,
            title=_tab_title(page),
            description="",
            image="/logo.svg",
            on_load=[ArrivalState.arrive, *page.on_load],
        )
    return made


class _ConnectedTabs:
    """The tokens of the tabs that are connected now."""

    def __init__(self, made: rx.App) -> None:
        self._app = made

    def __contains__(self, token: object) -> bool:
        return self._app.event_namespace is not None and token in self._app.event_namespace.token_to_sid


def _tab_title(page: Page) -> Any:
    plain = f"{page.title} · Designer"
    return plain if page.subject is None else rx.cond(page.subject != "", page.subject + f" · {plain}", plain)


def with_api(inner: ASGIApp) -> Api:
    """Answer requests of programs to the workspace."""
    return Api(
        inner,
        current_workbench,
        Limits(settings.Limits().upload_bytes),
        settings.installed_version(),
        stopping().is_set,
    )


def guarded(inner: ASGIApp) -> ASGIApp:
    """Put the guard in front of everything; port and workspace are those announced by the entry point."""
    limits = settings.Limits()
    sessions = Sessions(settings.default_workspace())
    policy = content_policy(inline_scripts(BUILT))
    return Guard(inner, sessions, settings.default_port(), limits.body_bytes, limits.upload_bytes, policy)


def report_failure(exception: Exception) -> EventSpec:
    """The message shown where a handler failed."""
    return rx.toast.error(failure.in_words(exception))


app = make_app()
