"""Read the address of a page: path segments and query values."""

from urllib.parse import unquote

from reflex.istate.data import ReflexURL


def part(url: ReflexURL, place: int) -> str:
    """A path segment by its position from 0; empty where the path is shorter."""
    parts = [unquote(text) for text in url.path.split("/") if text]
    return parts[place] if place < len(parts) else ""


def query(url: ReflexURL, name: str) -> str:
    """The value of a query parameter; empty without it."""
    return url.query_parameters.get(name, "")


def pipeline(id: str) -> str:
    """The path of a pipeline's editor."""
    return f"/pipelines/{id}"
