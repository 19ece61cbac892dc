"""Keep the application in step with the store: load new versions beside the old ones, then swap."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from designer.contract.errors import DesignerError
from designer.serving.live import IntegrityLost, Live, Route, Wanted, load, wanted
from designer.serving.realtime import Application
from designer.store.records import EndpointVersion
from designer.store.workspace import Workspace

POLL_SECONDS = 0.25
FLUSH_SECONDS = 5.0
KEEP_SECONDS = 60.0
KEPT = "scoring-hour.json"
"""The last hour with its latencies, which the store does not hold; the next process restores it."""

log = logging.getLogger("designer.serving")

Version = tuple[str, int]


@dataclass
class Watch:
    """Follow the store for one application."""

    workspace: Workspace
    application: Application
    seconds: float = 5.0
    counts: bool = True
    """Whether to count requests in the store; false in a process that only checks a version."""
    _live: dict[Version, Live] = field(default_factory=dict)
    _problems: dict[Version, str] = field(default_factory=dict)
    _stamp: object = None
    _flushed: float = field(default_factory=time.monotonic)
    _saved: float = field(default_factory=time.monotonic)
    _closing: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Follow the store until cancelled; retry where it cannot be read."""
        while True:
            try:
                await self.step()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("the store could not be read")
                self.application.is_ready = False
            await asyncio.sleep(POLL_SECONDS)

    async def step(self) -> None:
        """Poll the store once, and swap the routes if it changed."""
        self.application.end_slow_requests()
        stamp = await asyncio.to_thread(self.workspace.endpoints.stamp)
        if stamp != self._stamp:
            target = await asyncio.to_thread(wanted, self.workspace)
            await self._swap(target)
            self._stamp = stamp
        self.application.is_ready = True
        if self.counts and time.monotonic() - self._flushed > FLUSH_SECONDS:
            self._flushed = time.monotonic()
            await asyncio.to_thread(self.flush)
            if time.monotonic() - self._saved > KEEP_SECONDS:
                self._saved = time.monotonic()
                await asyncio.to_thread(self._keep)

    def restore(self) -> None:
        """Restore the last hour's statistics of the previous process."""
        try:
            self.application.statistics.restore(json.loads((self.workspace.path / KEPT).read_bytes()))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            log.warning("the figures of the last hour cannot be read (%s) and begin anew", error)

    def _keep(self) -> None:
        part = self.workspace.path / f".{KEPT}"
        try:
            part.write_text(json.dumps(self.application.statistics.to_json()), encoding="utf-8")
            part.replace(self.workspace.path / KEPT)
        except OSError as error:  # losing figures is better than failing requests
            log.warning("the figures of the last hour cannot be kept: %s", error)

    def flush(self) -> None:
        """Write request counts and key uses to the store."""
        statistics = self.application.statistics
        for (name, version, minute), counts in statistics.take_pending().items():
            self.workspace.endpoints.count_requests(
                name, version, minute, requests=counts.requests, rows=counts.rows, errors=counts.errors,
                seconds=counts.seconds, slowest=counts.slowest,
            )  # fmt: skip
        for (name, slot), at in statistics.take_used_keys().items():
            self.workspace.endpoints.note_key_used(name, slot, at)

    async def close(self) -> None:
        """Stop all model processes, and write the counts."""
        await asyncio.gather(*(live.process.close() for live in self._live.values() if live.process is not None))
        if self.counts:
            await asyncio.to_thread(self.flush)
            await asyncio.to_thread(self._keep)

    async def _swap(self, target: Wanted) -> None:
        """Load new versions, replace the routes at once, and release versions that are no longer served."""
        for key, version in target.versions.items():
            if key not in self._live and (key not in self._problems or version.state == "staged"):
                await self._load(key, version)
        routes, staged = self._routes(target)
        self.application.routes, self.application.staged = routes, staged
        serving = {(live.endpoint, live.version) for live in self._serving(routes, staged)}
        for key in [key for key in self._live if key not in serving]:
            self._release(self._live.pop(key))
        self._problems = {key: text for key, text in self._problems.items() if key in target.versions}

    def _routes(self, target: Wanted) -> tuple[dict[str, Route], dict[Version, Route]]:
        routes: dict[str, Route] = {}
        staged: dict[Version, Route] = {}
        for name, endpoint in target.endpoints.items():
            keys = {key.digest: key.slot for key in target.keys[name]}
            default = (name, endpoint.default_version or 0)
            live, problem = self._live.get(default), self._problems.get(default, "")
            if live is None and default in target.versions:
                before = self.application.routes.get(name)
                live = before.live if before else None  # keep serving the previous version
            routes[name] = Route.to(endpoint, live, keys, problem)
            numbers = [version for other, version in target.versions if other == name]
            staged |= {
                (name, n): Route.to(endpoint, self._live.get((name, n)), keys, self._problems.get((name, n), ""), True)
                for n in numbers
            }
        return routes, staged

    async def _load(self, key: Version, version: EndpointVersion) -> None:
        try:
            self._live[key] = await load(self.workspace, version, self.seconds)
            self._problems.pop(key, None)
            log.info("endpoint %s: version %d answers with %s", *key, version.engine)
        except IntegrityLost as error:
            self._problems[key] = str(error)
            log.error("endpoint %s: %s", key[0], error)
        except DesignerError as error:
            self._problems[key] = str(error)

    def _serving(self, routes: Mapping[str, Route], staged: Mapping[Version, Route]) -> list[Live]:
        return [route.live for route in (*routes.values(), *staged.values()) if route.live is not None]

    def _release(self, live: Live) -> None:
        """Stop a model process once its requests in flight are answered."""
        if live.process is not None:
            task = asyncio.create_task(live.process.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
