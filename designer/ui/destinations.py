"""The main pages, as listed in the navigation rail and the finder."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Destination:
    """A page that is always reachable."""

    label: str
    route: str
    icon: str


UPPER = (
    Destination("Home", "/", "house"),
    Destination("Pipelines", "/pipelines", "workflow"),
    Destination("Datasets", "/datasets", "database"),
    Destination("Runs", "/runs", "history"),
    Destination("Models", "/models", "box"),
    Destination("Components", "/components", "blocks"),
    Destination("Endpoints", "/endpoints", "globe"),
    Destination("Published pipelines", "/published", "send"),
    Destination("Schedules", "/schedules", "calendar-clock"),
)
LOWER = (
    Destination("Computes", "/computes", "server"),
    Destination("Help", "/help", "circle-help"),
    Destination("Settings", "/settings", "sliders-horizontal"),
)
