"""`designer clean`."""

from __future__ import annotations

from pathlib import Path

from designer.cli.files import to_json
from designer.cli.opening import opened
from designer.engine.backends import open_backend
from designer.engine.recovery import recover
from designer.store.cleaning import clean, unneeded


def clean_results(folder: Path, keep: int, *, dry_run: bool, json: bool) -> None:
    """Remove results that nothing needs, or say which; what they take, by kind."""
    with opened(folder) as workspace:
        if dry_run:
            found = unneeded(workspace, keep=keep)
        else:
            with open_backend() as backend:
                recover(workspace, backend)
            found = clean(workspace, keep=keep)
    if json:
        kinds = {
            kind: {"files": count, "bytes": found.bytes_by_kind[kind]} for kind, count in found.count_by_kind.items()
        }
        kept = {"files": found.kept, "bytes": found.kept_bytes}
        print(to_json({"removed": not dry_run, "bytes": found.bytes, "kinds": kinds, "kept": kept}))
        return
    for kind, count in found.count_by_kind.most_common():
        print(f"{kind:<20} {count:>8,} {_size(found.bytes_by_kind[kind]):>12}")
    freed = f"{_size(found.bytes)} {'would be' if dry_run else 'are'} free again"
    print(f"{freed}; {found.kept:,} results stay ({_size(found.kept_bytes)})")


def _size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
