"""Track which pipeline each open tab shows, so that changes in one reach the others. In memory of this process only."""

from collections.abc import Container
from functools import cache


class OpenTabs:
    """Tabs by the token that the browser gives each."""

    def __init__(self) -> None:
        self._pipelines: dict[str, str] = {}

    def show(self, tab: str, pipeline: str) -> None:
        """Record that a tab shows a pipeline, instead of any other."""
        self._pipelines[tab] = pipeline

    def all(self) -> list[str]:
        """The tabs that show a pipeline."""
        return list(self._pipelines)

    def others(self, tab: str, connected: Container[str], pipeline: str = "") -> list[str]:
        """The other tabs that show a pipeline, by default the one that `tab` shows. Forgets disconnected tabs."""
        self._pipelines = {other: shown for other, shown in self._pipelines.items() if other in connected}
        wanted = pipeline or self._pipelines.get(tab)
        return [other for other, shown in self._pipelines.items() if shown == wanted and other != tab]


@cache
def open_tabs() -> OpenTabs:
    """The tabs of this process."""
    return OpenTabs()
