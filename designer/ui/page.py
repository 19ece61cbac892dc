"""The declaration of a page: route, title, content, and what to load."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx


@dataclass(frozen=True)
class Page:
    """One page of Designer; `designer/ui/app.py` registers it."""

    route: str
    title: str
    content: Callable[[], rx.Component]
    section: str = ""
    """The highlighted entry of the navigation rail: Home, Pipelines, Datasets, Runs, Models or Endpoints."""

    bar: Callable[[], rx.Component] | None = None
    """Content of the top bar to the right of the logo; the title by default."""

    subject: Any = None
    """What the page shows, a state variable; becomes part of the browser tab's title once known."""

    on_load: tuple[Any, ...] = ()
    """The event handler that loads the page's data. Runs again on every reload and reconnect."""
