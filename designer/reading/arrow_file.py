"""Read a table from an Arrow file that somebody sent. Run as a program it checks the file: `python -m ... FILE`.

A damaged file may crash Arrow's C++ code, so it is checked in a process of its own before this one maps it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from designer.contract.errors import UnreadableFile

if TYPE_CHECKING:
    import pandas as pd

CHECK_SECONDS = 300.0


def read_arrow(file: Path) -> pd.DataFrame:
    """The table in the documented column types. Raises UnreadableFile, or as `documented` does."""
    import pyarrow as pa

    from designer.contract.column_types import documented, to_pandas

    _require_sound(file)
    with pa.memory_map(str(file)) as source:
        return documented(to_pandas(pa.ipc.open_file(source).read_all()))


def _require_sound(file: Path) -> None:
    command = [sys.executable, "-m", __name__, str(file)]
    try:
        checked = subprocess.run(command, capture_output=True, text=True, timeout=CHECK_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise UnreadableFile("checking the table took too long", "Send fewer rows at once.") from None
    if checked.returncode:
        reason = checked.stdout.strip().splitlines()[-1:] or [f"reading it ended with {checked.returncode}"]
        raise UnreadableFile(f"the content is no Arrow file ({reason[0][:200]})", "Write it with pyarrow or pandas.")


def check(file: str) -> str:
    """What is wrong with an Arrow file; empty if nothing is."""
    import pyarrow as pa

    try:
        with pa.memory_map(file) as source:
            reader = pa.ipc.open_file(source)
            for index in range(reader.num_record_batches):
                reader.get_batch(index).validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    problem = check(sys.argv[1])
    sys.stdout.write(problem)
    sys.exit(1 if problem else 0)
