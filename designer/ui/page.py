"""What a page is: an address, a title, something to draw and something to load."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx


@dataclass(frozen=True)
class Page:
    """One page of Designer; `designer/ui/app.py` registers those it lists."""

    route: str
    title: str
    content: Callable[[], rx.Component]
    section: str = ""
    """Which entry of the navigation rail is lit: Home, Pipelines, Datasets, Runs, Models or Endpoints."""

    bar: Callable[[], rx.Component] | None = None
    """What stands in the top bar right of the logo; the title where nothing is given."""

    subject: Any = None
    """What the page shows, a text of its state: the browser's tab is named after it once it is known."""

    on_load: Any = None
    """An event handler that reads what the page shows. It runs again at every reload and reconnect."""
