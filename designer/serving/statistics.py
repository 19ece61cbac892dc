"""What an endpoint did, minute by minute: bounded however many requests come."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace

MINUTES = 60
SAMPLES = 1_000


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
        if seconds > self.slowest:
            self.slowest = seconds
        if self.requests <= SAMPLES:
            self.seconds_of.append(seconds)
        elif (place := int(random.random() * self.requests)) < SAMPLES:  # noqa: S311
            self.seconds_of[place] = seconds

    def since(self, before: Minute) -> Minute:
        """What was added to these counts since."""
        return Minute(self.requests - before.requests, self.errors - before.errors, self.rows - before.rows,
                      self.seconds - before.seconds, self.slowest)  # fmt: skip

    def quantile(self, share: float) -> float:
        """The time that this share of the requests stayed below."""
        ordered = sorted(self.seconds_of)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


class Statistics:
    """The last hour of every endpoint and version, and what of it has not been written to the store yet."""

    def __init__(self) -> None:
        self._minutes: dict[tuple[str, int, int], Minute] = {}
        """By endpoint, version and minute."""
        self._written: dict[tuple[str, int, int], Minute] = {}
        self.used_keys: dict[tuple[str, str], float] = {}
        """When each key (endpoint, slot) was last used."""

    def add(self, name: str, version: int, seconds: float, rows: int, is_error: bool) -> None:
        """Count a request of an endpoint."""
        key = (name, version, int(time.time() // 60))
        found = self._minutes.get(key)
        if found is None:
            found = self._minutes[key] = Minute()
            self._forget(key[2] - MINUTES)
        found.add(seconds, rows, is_error)

    def take_pending(self) -> dict[tuple[str, int, int], Minute]:
        """The counts since the last call, by endpoint, version and minute."""
        pending = {}
        for key, found in list(self._minutes.items()):
            new = found.since(self._written.get(key, Minute()))
            if new.requests:
                pending[key] = new
                self._written[key] = replace(found, seconds_of=[])
        return pending

    def take_used_keys(self) -> dict[tuple[str, str], float]:
        """When keys were used since the last call."""
        used, self.used_keys = self.used_keys, {}
        return used

    def hour(self, name: str) -> list[dict[str, float]]:
        """The last hour of an endpoint: counts, and milliseconds that half and 95 % of the requests stayed below."""
        found: dict[int, list[Minute]] = {}
        for (owner, _, minute), counts in sorted(self._minutes.items()):
            if owner == name:
                found.setdefault(minute, []).append(counts)
        return [_summed(minute, parts) for minute, parts in sorted(found.items())]

    def names(self) -> list[str]:
        """The endpoints that answered in the last hour."""
        return sorted({name for name, _, _ in self._minutes})

    def _forget(self, before: int) -> None:
        for key in [key for key in self._minutes if key[2] < before]:
            del self._minutes[key]
            self._written.pop(key, None)


def _summed(minute: int, parts: list[Minute]) -> dict[str, float]:
    every = Minute(seconds_of=[seconds for part in parts for seconds in part.seconds_of])
    return {
        "minute": minute,
        "requests": sum(part.requests for part in parts),
        "errors": sum(part.errors for part in parts),
        "rows": sum(part.rows for part in parts),
        "p50": round(every.quantile(0.5) * 1000, 3),
        "p95": round(every.quantile(0.95) * 1000, 3),
    }
