"""What an endpoint did, minute by minute: bounded however many requests come."""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from dataclasses import dataclass, field

MINUTES = 60
SAMPLES = 1_000
Key = tuple[str, int]
"""An endpoint and the version that answered."""


@dataclass
class Minute:
    """The requests of one minute; `seconds_of` is a random sample of how long they took."""

    requests: int = 0
    errors: int = 0
    rows: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    seconds_of: list[float] = field(default_factory=list)

    def add(self, seconds: float, rows: int, is_error: bool) -> None:
        """Count a request."""
        self.requests += 1
        self.errors += is_error
        self.rows += rows
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)
        if len(self.seconds_of) < SAMPLES:
            self.seconds_of.append(seconds)
        elif (place := random.randrange(self.requests)) < SAMPLES:  # noqa: S311
            self.seconds_of[place] = seconds

    def quantile(self, share: float) -> float:
        """The time that this share of the requests stayed below."""
        ordered = sorted(self.seconds_of)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


class Statistics:
    """The last hour of every endpoint, and what has not been written to the store yet."""

    def __init__(self) -> None:
        self._minutes: dict[str, OrderedDict[int, Minute]] = {}
        self._pending: dict[tuple[str, int, int], Minute] = {}
        self.used_keys: dict[tuple[str, str], float] = {}
        """When each key (endpoint, slot) was last used."""

    def add(self, key: Key, seconds: float, rows: int, is_error: bool) -> None:
        """Count a request of an endpoint."""
        name, version = key
        minute = int(time.time() // 60)
        hour = self._minutes.setdefault(name, OrderedDict())
        if minute not in hour:
            hour[minute] = Minute()
            while len(hour) > MINUTES:
                hour.popitem(last=False)
        hour[minute].add(seconds, rows, is_error)
        self._pending.setdefault((name, version, minute), Minute()).add(seconds, rows, is_error)

    def take_pending(self) -> dict[tuple[str, int, int], Minute]:
        """The counts since the last call, by endpoint, version and minute."""
        pending, self._pending = self._pending, {}
        return pending

    def take_used_keys(self) -> dict[tuple[str, str], float]:
        """When keys were used since the last call."""
        used, self.used_keys = self.used_keys, {}
        return used

    def hour(self, name: str) -> list[dict[str, float]]:
        """The last hour of an endpoint: counts, and milliseconds that half and 95 % of the requests stayed below."""
        return [
            {
                "minute": minute,
                "requests": found.requests,
                "errors": found.errors,
                "rows": found.rows,
                "p50": round(found.quantile(0.5) * 1000, 3),
                "p95": round(found.quantile(0.95) * 1000, 3),
            }
            for minute, found in self._minutes.get(name, {}).items()
        ]

    def names(self) -> list[str]:
        """The endpoints that answered in the last hour."""
        return sorted(self._minutes)
