"""Whether this web process is about to stop: requests that wait for something are answered then."""

from functools import cache
from threading import Event


@cache
def stopping() -> Event:
    """Set once the process was told to stop."""
    return Event()
