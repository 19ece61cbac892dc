"""`designer clean`."""

from __future__ import annotations

from pathlib import Path

from designer.cli.files import to_json
from designer.cli.opening import opened
from designer.engine.backends import open_backend
from designer.engine.service.recovery import recover
from designer.store.upkeep.cleaning import clean, unneeded


def clean_results(folder: Path, keep: int, *, dry_run: bool, json: bool) -> None:
    """Remove unneeded results, or with `dry_run` only count them; prints their sizes by kind."""
    with opened(folder) as workspace:
        if dry_run:
            results = unneeded(workspace, keep=keep)
        else:
            with open_backend() as backend:
                recover(workspace, backend)
            results = clean(workspace, keep=keep)
    if json:
        sizes = results.bytes_by_kind
        kinds = {kind: {"files": count, "bytes": sizes[kind]} for kind, count in results.count_by_kind.items()}
        remaining = {"files": results.kept, "bytes": results.kept_bytes}
        print(to_json({"removed": not dry_run, "bytes": results.bytes, "kinds": kinds, "kept": remaining}))
        return
    for kind, count in results.count_by_kind.most_common():
        print(f"{kind:<20} {count:>8,} {_size(results.bytes_by_kind[kind]):>12}")
    freed = f"{_size(results.bytes)} {'would be freed' if dry_run else 'freed'}"
    print(f"{freed}; {results.kept:,} results kept ({_size(results.kept_bytes)})")


def _size(count: int) -> str:
    """Format a number of bytes."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
