"""The places of Designer, as the navigation rail and the finder name them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Destination:
    """A page that can always be reached."""

    label: str
    route: str
    icon: str


UPPER = (
    Destination("Home", "/", "house"),
    Destination("Pipelines", "/pipelines", "workflow"),
    Destination("Datasets", "/datasets", "database"),
    Destination("Runs", "/runs", "history"),
    Destination("Models", "/models", "box"),
    Destination("Endpoints", "/endpoints", "globe"),
)
LOWER = (
    Destination("Help", "/help", "circle-help"),
    Destination("Settings", "/settings", "sliders-horizontal"),
)
