"""Run benchmarks and print a table of results: `python -m tests.benchmarks [engine canvas ...]`.

A slash selects one part of a benchmark that has parts: `transformations/group-by`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys

import tests.benchmarks as package


def names() -> list[str]:
    """The available benchmarks: modules of this package with a function `measure() -> [(name, value, target)]`."""
    modules = (info.name for info in pkgutil.iter_modules(package.__path__) if info.name != "__main__")
    return [name for name in modules if hasattr(importlib.import_module(f"tests.benchmarks.{name}"), "measure")]


def main() -> int:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="which benchmarks (default: all)")
    chosen = parser.parse_args().names or names()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the start: ratios hold better than absolute times.")
    failed = 0
    for name in chosen:
        print(f"\n{name}")
        try:
            benchmark, _, part = name.partition("/")
            rows = importlib.import_module(f"tests.benchmarks.{benchmark}").measure(*filter(None, [part]))
        except Exception as error:
            print(f"  could not be measured: {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
            continue
        width = max((len(row[0]) for row in rows), default=0)
        for title, value, target in rows:
            print(f"  {title:<{width}}  {value:>14}  {f'target {target}' if target else ''}".rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
