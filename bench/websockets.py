#!/usr/bin/env python3
"""What an idle WebSocket costs in user space: opens 5,000 to `hayate serve` with the assistant, divides what was added.

    make bench && bench/websockets.py

Method: bench/README.md. Standard library only."""

import argparse
import base64
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BAR_BYTES = 10_000


def memory_kb(pid):
    """Resident and private-dirty memory: the second is what this process alone wrote."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    value = lambda name: int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1])
    return value("Rss"), value("Private_Dirty")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(args, work, port):
    log = open(work / "log.txt", "w")
    command = [args.hayate, "serve", "--no-local-model", "--data", str(work / "data"), "--port", str(port),
               "--admin-port", str(free_port()), "--threads", "1"]
    # Without the embedder: what is learned from sentence vectors after the start leaves free memory behind, and
    # connections that fit into it would seem to cost nothing.
    environment = os.environ | {"HAYATE_CACHE": str(work / "none")}
    return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)


def wait_until_ready(server, port, work):
    last = time.monotonic() + 300  # the first start imports the shop's data
    while time.monotonic() < last and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    sys.exit("hayate did not get ready:\n" + (work / "log.txt").read_text()[-2000:])


def open_socket(port):
    """A WebSocket that has been upgraded and greeted."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall((f"GET /ws HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                        f"sec-websocket-key: {key}\r\nsec-websocket-version: 13\r\n\r\n").encode())
    received = b""
    while b'"hello"' not in received:
        piece = connection.recv(4096)
        if not piece:
            sys.exit(f"the server refused a WebSocket: {received[:300]!r}")
        received += piece
    return connection


def wait_until_quiet(pid, patience_s=120):
    """Until the server has done what it does after its start, such as learning in the background."""
    end, seen = time.monotonic() + patience_s, memory_kb(pid)
    while time.monotonic() < end:
        time.sleep(5)
        last, seen = seen, memory_kb(pid)
        if max(abs(a - b) for a, b in zip(last, seen)) < 64:
            return
    sys.exit("the server's memory did not come to rest")


def open_many(port, count):
    return [open_socket(port) for _ in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--hayate", default=str(ROOT / "build/bench/hayate"))
    args = parser.parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, 65536), limit))
    with tempfile.TemporaryDirectory(prefix="hayate-bench-") as folder:
        work, port = pathlib.Path(folder), free_port()
        server = start_server(args, work, port)
        try:
            wait_until_ready(server, port, work)
            for connection in open_many(port, 50):  # what is needed once is not counted
                connection.close()
            wait_until_quiet(server.pid)
            before = memory_kb(server.pid)
            connections = open_many(port, args.count)
            time.sleep(1)
            after = memory_kb(server.pid)
            for connection in connections:
                connection.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    rss, dirty = ((a - b) * 1024 / args.count for a, b in zip(after, before))
    print(f"| {args.count} idle WebSockets | bytes each | bar |\n|---|---|---|")
    print(f"| resident memory | {rss:.0f} | <= {BAR_BYTES} |\n| private dirty memory | {dirty:.0f} | <= {BAR_BYTES} |")


if __name__ == "__main__":
    main()
