#!/usr/bin/env python3
"""The Autobahn cases of RFC 6455, asked by kosoku of a server that is made of io/net.

  ECHO_SERVER=build/release/test/integration/autobahn/hayate_websocket_echo test/integration/autobahn/autobahn_test.py

Left out: echoes of binary messages (1.2) and of messages over 64 KiB (9), both of which the server refuses
(test/integration/chat/websocket_test.py), and compression (12, 13), which it does not offer.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

CACHE = pathlib.Path(os.environ.get("HAYATE_CACHE", pathlib.Path.home() / ".cache" / "hayate"))
LEFT_OUT = ["1.2.*", "9.*", "12.*", "13.*"]
CASES_MIN = 200  # fewer: the tool did not ask what it should


def ask(port, reports):
    command = [CACHE / "python-tests" / "bin" / "kosoku", f"127.0.0.1:{port}", "-o", reports]
    for cases in LEFT_OUT:
        command += ["-x", cases]
    asked = subprocess.run(command, capture_output=True, text=True, timeout=200)
    print(asked.stdout, asked.stderr)
    return asked.returncode


def verdicts(reports):
    """The case and its verdicts (of the messages, of the close), by report."""
    for path in sorted(pathlib.Path(reports).glob("*_case_*.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        yield path.stem, {report["behavior"], report["behaviorClose"]}


def main():
    server = subprocess.Popen([os.environ["ECHO_SERVER"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        with tempfile.TemporaryDirectory() as reports:
            status = ask(int(server.stdout.readline()), reports)
            seen = list(verdicts(reports))
    finally:
        server.stdin.close()
        ended = server.wait(timeout=30)
    bad = [f"{case}: {sorted(verdict)}" for case, verdict in seen if not verdict <= {"OK", "INFORMATIONAL"}]
    print(f"{len(seen)} cases, {len(bad)} not strictly right", *bad, sep="\n")
    return 0 if status == 0 and ended == 0 and len(seen) >= CASES_MIN and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
