"""Shared test cases for the edits in Python and in the browser: `edits.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_CASES = json.loads((Path(__file__).parent / "edits.json").read_text(encoding="utf-8"))
START: Mapping[str, Any] = _CASES["start"]
PLAIN = {"parameters": {}, "comment": "", "title": "", "disabled": False, "compute": ""}
"""Defaults omitted from the document of a node."""
CASES: list[Mapping[str, Any]] = _CASES["cases"]


def expected(case: Mapping[str, Any]) -> dict[str, Any]:
    """The document after the operations of a case; a case lists only what differs from `START`."""
    after = dict(START)
    for part in ("nodes", "layout"):
        merged = {**START[part], **case.get(part, {})}
        after[part] = {id: value for id, value in merged.items() if value is not None}
    after |= {
        part: case[part] for part in ("edges", "notes", "groups", "direction", "parameters", "compute") if part in case
    }
    return after | {"name": case.get("name_after", START["name"])}


def comparable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document reduced to the parts that `START` has, with omitted defaults filled in and wires sorted."""
    kept = {part: document.get(part, default) for part, default in {**START, "groups": [], "notes": []}.items()}
    kept["edges"] = sorted(kept["edges"], key=lambda edge: json.dumps(edge, sort_keys=True))
    kept["layout"] = {id: [float(value) for value in point] for id, point in kept["layout"].items()}
    kept["nodes"] = {id: {**PLAIN, **node} for id, node in kept["nodes"].items()}
    kept["groups"] = [{"collapsed": False, **group} for group in kept["groups"]]
    kept["direction"] = document.get("direction", "down")
    kept["compute"] = document.get("compute", "")
    kept["parameters"] = dict(document.get("parameters", {}))
    return kept
