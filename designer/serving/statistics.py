"""Request statistics of endpoints per minute: bounded in memory, kept across restarts."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

MINUTES = 60
SAMPLES = 1_000
KEPT_SAMPLES = 100
"""Latency samples per minute that survive a restart: enough for the median and the 95th percentile."""

NO_VERSION = 0
"""The version of requests refused before one was chosen: a wrong key, a paused endpoint."""


@dataclass
class Minute:
    """The requests of one minute; `seconds_of` is a random sample of the latencies of those that reached a version."""

    requests: int = 0
    errors: int = 0
    rows: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    seconds_of: list[float] = field(default_factory=list)

    def add(self, seconds: float, rows: int, is_error: bool) -> None:
        """Count a request that a version answered or refused."""
        self.requests += 1
        self.errors += is_error
        self.rows += rows
        self.seconds += seconds
        if seconds > self.slowest:
            self.slowest = seconds
        if len(self.seconds_of) < SAMPLES:
            self.seconds_of.append(seconds)
        elif (place := int(random.random() * self.requests)) < SAMPLES:  # noqa: S311
            self.seconds_of[place] = seconds

    def refuse(self) -> None:
        """Count a request that reached no version; its latency would tell nothing about answers and is left out."""
        self.requests += 1
        self.errors += 1

    def since(self, before: Minute) -> Minute:
        """The difference from earlier counts of the same minute."""
        return Minute(self.requests - before.requests, self.errors - before.errors, self.rows - before.rows,
                      self.seconds - before.seconds, self.slowest)  # fmt: skip

    def quantile(self, share: float) -> float | None:
        """The latency quantile for a share from 0 to 1, in seconds; None without samples."""
        ordered = sorted(self.seconds_of)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None


class Statistics:
    """The last hour of every endpoint and version, and which counts the store does not have yet."""

    def __init__(self) -> None:
        self._minutes: dict[tuple[str, int, int], Minute] = {}
        """By endpoint, version and minute."""
        self._written: dict[tuple[str, int, int], Minute] = {}
        self.used_keys: dict[tuple[str, str], float] = {}
        """When each key (endpoint, slot) was last used."""

    def add(self, name: str, version: int, seconds: float, rows: int, is_error: bool) -> None:
        """Count a request to an endpoint."""
        self._minute(name, version).add(seconds, rows, is_error)

    def refuse(self, name: str) -> None:
        """Count a request to an endpoint that reached none of its versions."""
        self._minute(name, NO_VERSION).refuse()

    def take_pending(self) -> dict[tuple[str, int, int], Minute]:
        """The counts since the last call, by endpoint, version and minute."""
        pending = {}
        for key, counts in list(self._minutes.items()):
            new = counts.since(self._written.get(key, Minute()))
            if new.requests:
                pending[key] = new
                self._written[key] = replace(counts, seconds_of=[])
        return pending

    def note_key(self, name: str, slot: str) -> None:
        """Note that a key was used now."""
        self.used_keys[name, slot] = time.time()

    def take_used_keys(self) -> dict[tuple[str, str], float]:
        """The last use of each key used since the last call."""
        used, self.used_keys = self.used_keys, {}
        return used

    def to_json(self) -> list[dict[str, Any]]:
        """The last hour of every endpoint, with fewer latency samples."""
        return [
            {"endpoint": name, "version": version, "minute": minute,
             **asdict(replace(counts, seconds_of=_thinned(counts.seconds_of)))}
            for (name, version, minute), counts in list(self._minutes.items())
        ]  # fmt: skip

    def restore(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Load what an earlier process kept of the last hour; all of it is already in the store."""
        oldest = int(time.time() // 60) - MINUTES
        for document in documents:
            values = dict(document)
            key = (values.pop("endpoint"), values.pop("version"), values.pop("minute"))
            if key[2] >= oldest:
                self._minutes[key] = Minute(**values)
                self._written[key] = replace(self._minutes[key], seconds_of=[])

    def hour(self, name: str) -> list[dict[str, float | None]]:
        """The last hour of an endpoint by minute: counts, and median and 95th percentile latency in milliseconds."""
        minutes: dict[int, list[Minute]] = {}
        for minute, counts in self._of_last_hour(name):
            minutes.setdefault(minute, []).append(counts)
        return [_summed(minute, parts) for minute, parts in sorted(minutes.items())]

    def last_hour(self, name: str) -> dict[str, float | None]:
        """The same for the whole last hour."""
        now = int(time.time() // 60)
        return _summed(now, [counts for _, counts in self._of_last_hour(name)])

    def _of_last_hour(self, name: str) -> list[tuple[int, Minute]]:
        """The minutes of an endpoint, oldest first. Filters by age: expired ones are dropped only with a new minute."""
        oldest = int(time.time() // 60) - MINUTES
        ordered = sorted(self._minutes.items(), key=lambda item: item[0])
        return [(minute, counts) for (owner, _, minute), counts in ordered if owner == name and minute > oldest]

    def names(self) -> list[str]:
        """The endpoints with requests in the last hour."""
        return sorted({name for name, _, _ in list(self._minutes) if self._of_last_hour(name)})

    def _minute(self, name: str, version: int) -> Minute:
        key = (name, version, int(time.time() // 60))
        current = self._minutes.get(key)
        if current is None:
            current = self._minutes[key] = Minute()
            self._forget(key[2] - MINUTES)
        return current

    def _forget(self, before: int) -> None:
        for key in [key for key in self._minutes if key[2] < before]:
            del self._minutes[key]
            self._written.pop(key, None)


def _thinned(seconds: list[float]) -> list[float]:
    """At most KEPT_SAMPLES latencies, evenly spaced in rank, rounded to a microsecond."""
    ordered = [round(each, 6) for each in sorted(seconds)]
    count = len(ordered)
    if count <= KEPT_SAMPLES:
        return ordered
    return [ordered[int((place + 0.5) * count / KEPT_SAMPLES)] for place in range(KEPT_SAMPLES)]


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)


def _summed(minute: int, parts: list[Minute]) -> dict[str, float | None]:
    every = Minute(seconds_of=[seconds for part in parts for seconds in part.seconds_of])
    return {
        "minute": minute,
        "requests": sum(part.requests for part in parts),
        "errors": sum(part.errors for part in parts),
        "rows": sum(part.rows for part in parts),
        "p50": _milliseconds(every.quantile(0.5)),
        "p95": _milliseconds(every.quantile(0.95)),
    }
