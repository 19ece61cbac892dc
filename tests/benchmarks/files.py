"""One way to process a file, in a process of its own: `python -m tests.benchmarks.files WAY WORKSPACE FILE`."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import joblib
import pyarrow as pa
import pyarrow.parquet as parquet

from designer.serving.batch.files import BATCH_ROWS
from designer.serving.batch.scoring import score_file
from designer.store.workspace import open_workspace
from tests.benchmarks.http_apps import NAME


def stream(workspace: Path, source: Path) -> None:
    """Read the file and write it again, batch by batch."""
    with parquet.ParquetFile(source, page_checksum_verification=True) as file:
        target = source.with_suffix(".copied.parquet")
        with parquet.ParquetWriter(target, file.schema_arrow, write_page_checksum=True) as writer:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                writer.write_batch(batch)


def designer(workspace: Path, source: Path) -> None:
    """Score it with the endpoint's pipeline."""
    with open_workspace(workspace) as opened:
        score_file(opened, None, NAME, source)


def plain(workspace: Path, source: Path) -> None:
    """Score it with pandas and scikit-learn, batch by batch."""
    model, dtypes = joblib.load(workspace / "plain.joblib")
    target = source.with_suffix(".plain.parquet")
    writer = None
    with parquet.ParquetFile(source) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            frame = batch.to_pandas()
            ready = frame[list(dtypes)].astype(dtypes)
            frame["label"] = model.predict(ready)
            frame["probability"] = model.predict_proba(ready)[:, 1]
            table = pa.Table.from_pandas(frame, preserve_index=False)
            writer = writer or parquet.ParquetWriter(target, table.schema)
            writer.write_table(table)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    ways = {"stream": stream, "designer": designer, "plain": plain}
    started, used = time.perf_counter(), time.process_time()
    ways[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": megabytes}))
