"""Starts the real binary for tests and stops it again: a port of its own, a data folder of its own.

    with HayateServer(config="...yaml...") as server:
        server.url("/healthz"), server.admin_url("/metrics"), server.log()

The binary is $HAYATE_BIN, else the release build. Every wait ends after PATIENCE_S, as a failure."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("HAYATE_BIN", str(ROOT / "build/release/hayate"))
PATIENCE_S = 60  # a sanitized binary on a busy machine is slow


class Process:
    """A child whose output is collected by lines; both streams in one list."""

    def __init__(self, arguments, env=None):
        self.lines = []
        self._news = threading.Condition()
        self.child = subprocess.Popen(
            [BINARY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", cwd=ROOT, env={**os.environ, "NO_COLOR": "1", **(env or {})})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.child.stdout:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def log(self):
        return "\n".join(self.lines)

    def wait_for(self, pattern):
        """The first match in the output, also of what is still to come."""
        deadline = time.monotonic() + PATIENCE_S
        with self._news:
            while True:
                found = re.search(pattern, self.log())
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or (self.child.poll() is not None and not self._reader.is_alive()):
                    raise AssertionError(f"never printed {pattern!r}:\n{self.log()}")
                self._news.wait(min(left, 0.5))

    def signal(self, number):
        self.child.send_signal(number)

    def wait(self):
        code = self.child.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return code

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(f"did not stop:\n{self.log()}") from None


class HayateServer(Process):
    """`hayate serve` on free ports. `data` is kept when given, else it goes with the server."""

    def __init__(self, config="", arguments=(), data=None, env=None):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="hayate-test-"))
        self.data = pathlib.Path(data) if data else self._folder / "data"
        file = self._folder / "hayate.yaml"
        file.write_text(config)
        super().__init__(["serve", "--config", str(file), "--data", str(self.data), "--port", "0",
                          "--admin-port", "0", *arguments], env)
        try:
            self.port = int(self.wait_for(r"API\s+http://[\d.]+:(\d+)/v1")[1])
            self.admin_port = int(self.wait_for(r"admin\s+http://[\d.]+:(\d+)/")[1])
            self._wait_until_ready()
        except BaseException:
            self.close()
            raise

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def admin_url(self, path):
        return f"http://127.0.0.1:{self.admin_port}{path}"

    def metrics(self):
        return urllib.request.urlopen(self.admin_url("/metrics"), timeout=PATIENCE_S).read().decode()

    def metric(self, sample):
        """The value of `name{labels}` exactly as /metrics prints it; 0 when it is not there."""
        for line in self.metrics().splitlines():
            if line.startswith(sample + " "):
                return float(line.rsplit(" ", 1)[1])
        return 0.0

    def _wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                urllib.request.urlopen(self.url("/readyz"), timeout=5).read()
                return
            except urllib.error.HTTPError:
                if time.monotonic() > deadline:
                    raise AssertionError(f"never ready:\n{self.log()}") from None
                time.sleep(0.05)

    def close(self):
        code = self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        code = self.close()
        assert code == 0, f"exit code {code}:\n{self.log()}"
