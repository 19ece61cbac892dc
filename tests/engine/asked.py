"""A child process for the protocol tests: each request names the behaviour to show."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from designer.contract.errors import ColumnNotFound
from designer.engine.children.child import Report, serve


def work(request: Any, report: Report) -> Any:
    match request:
        case "refuse":
            raise ColumnNotFound.named("agee", ["age", "sex"]).at(node="n1", row=7)
        case "raise":
            raise ValueError("something is odd")
        case "die":
            os._exit(3)
        case "sleep":
            time.sleep(60)
        case "starve":
            raise MemoryError
        case "print":
            print('{"answer": "what a script prints"}', flush=True)
            os.write(1, b'{"answer": "what a library prints"}\n')
            assert sys.stdin.read() == ""
            report(0.5, "half")
    return {"asked": request, "argument": sys.argv[1]}


if __name__ == "__main__":
    serve(work)
