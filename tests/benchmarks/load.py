"""A closed-loop load generator on raw sockets: `python -m tests.benchmarks.load PORT CONNECTIONS SECONDS < REQUEST`.

Each connection sends its next request once the answer is complete. Prints requests per second, p50 and p99 in
milliseconds, the number of answers that were not 200 and the share of a core used by the generator itself, as JSON.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time

HEAD_END = b"\r\n\r\n"


def main() -> None:
    """Run the load given by the arguments."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    request = sys.stdin.buffer.read()
    print(json.dumps(run(port, connections, seconds, request)))


def run(port: int, connections: int, seconds: float, request: bytes) -> dict[str, float]:
    """Load a server over a number of connections."""
    sockets = {}
    poll = select.epoll()
    for _ in range(connections):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[opened.fileno()] = opened
        poll.register(opened.fileno(), select.EPOLLIN)
    sent = {}
    parts = dict.fromkeys(sockets, b"")
    taken: list[float] = []
    failed = 0
    started, worked = time.perf_counter(), time.process_time()
    for number, opened in sockets.items():
        sent[number] = time.perf_counter()
        opened.sendall(request)
    while (now := time.perf_counter()) - started < seconds:
        for number, _ in poll.poll(1.0):
            data = parts[number] + sockets[number].recv(65536)
            if not _is_whole(data):
                parts[number] = data
                continue
            now = time.perf_counter()
            taken.append(now - sent[number])
            failed += not data.startswith(b"HTTP/1.1 200")
            parts[number], sent[number] = b"", now
            sockets[number].sendall(request)
    elapsed = now - started
    share = (time.process_time() - worked) / elapsed
    for opened in sockets.values():
        opened.close()
    taken.sort()
    return {
        "per_second": len(taken) / elapsed,
        "p50": taken[len(taken) // 2] * 1000,
        "p99": taken[int(len(taken) * 0.99)] * 1000,
        "failed": failed,
        "generator": share,
    }


def _is_whole(data: bytes) -> bool:
    end = data.find(HEAD_END)
    if end < 0:
        return False
    place = data.lower().find(b"content-length: ", 0, end)
    length = int(data[place + 16 : data.find(b"\r", place)])
    return len(data) >= end + 4 + length


if __name__ == "__main__":
    main()
