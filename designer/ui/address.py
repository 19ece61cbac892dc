"""Reading the address of a page: parts of the path and values of the query."""

from urllib.parse import unquote

from reflex.istate.data import ReflexURL


def part(url: ReflexURL, place: int) -> str:
    """The part of the path at a place, counted from 0; empty where the path is shorter."""
    parts = [unquote(text) for text in url.path.split("/") if text]
    return parts[place] if place < len(parts) else ""


def query(url: ReflexURL, name: str) -> str:
    """The value of the query parameter, empty where there is none."""
    return url.query_parameters.get(name, "")


def pipeline(id: str) -> str:
    """Where a pipeline is edited."""
    return f"/pipelines/{id}"
