"""Runs the real `hayate` binary: commands that end, and servers that run until they are stopped.

Every process is started in a folder of its own, on ports that the system gives, and is ended by
its pid. Its output is kept, so that a failing test can show it.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[4]
BINARY = os.environ.get("HAYATE_BIN", str(ROOT / "build/release/hayate"))
ASSISTANT = ROOT / "assistants/mangaassist"
PATIENCE_S = 30  # an upper bound on everything that is waited for; reaching it is a failure


def clean_environment(**extra):
    """Without what would configure hayate behind a test's back."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HAYATE_K", "OPENAI_", "ANTHROPIC_"))}
    return {**kept, "NO_COLOR": "1", **extra}


def wait_until(claim, what, patience_s=PATIENCE_S):
    """Polls until `claim()` is true and returns its value; fails with `what` after the patience."""
    deadline = time.monotonic() + patience_s
    while True:
        value = claim()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience_s} s in vain: {what}")
        time.sleep(0.02)


def run(*arguments, input=None, cwd=None, **environment):
    """A command that ends by itself. Returns subprocess.CompletedProcess with text."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], input=input, cwd=cwd, env=clean_environment(**environment),
        capture_output=True, text=True, timeout=PATIENCE_S, check=False)


class Running:
    """A command that runs until it is stopped."""

    def __init__(self, *arguments, cwd=None, **environment):
        self.arguments = [BINARY, *map(str, arguments)]
        self.lines = []
        self.process = subprocess.Popen(
            self.arguments, cwd=cwd, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def pid(self):
        return self.process.pid

    @property
    def output(self):
        return "\n".join(self.lines)

    def wait_for_line(self, pattern):
        """The first match in the output so far or to come."""
        def find():
            found = re.search(pattern, self.output)
            if not found and self.process.poll() is not None:
                self._reader.join()
                found = re.search(pattern, self.output)
                if not found:
                    raise AssertionError(f"{self.arguments} ended with {self.process.returncode}:\n{self.output}")
            return found
        return wait_until(find, f"/{pattern}/ in the output of {self.arguments}")

    def is_running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """The exit code, once it has ended and all its output is here."""
        code = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        self.process.stdout.close()
        return code

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait()

    def stop(self):
        """Ends it politely, and for certain. The exit code."""
        if self.is_running():
            self.signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop: {self.arguments}\n{self.output}") from None


class Mock(Running):
    """`hayate mock-model`; options as on its command line: Mock(ttft=5, cut_after=3)."""

    def __init__(self, **options):
        flags = []
        for name, value in options.items():
            flags += ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])
        super().__init__("mock-model", "--port", 0, *flags)
        self.port = int(self.wait_for_line(r"http://127\.0\.0\.1:(\d+)/v1").group(1))

    def models(self, **extra):
        """The `models` section of a configuration that uses this mock for both roles."""
        def model(name):
            return {"provider": "openai", "base_url": f"http://127.0.0.1:{self.port}/v1", "model": f"mock-{name}",
                    **extra}
        return {"fast": model("fast"), "strong": model("strong")}

    def calls(self):
        """What was asked, from its log."""
        from support.http import call  # not at the top: http imports this module
        return call(self.port, "GET", "/_mock/log").json()["requests"]


class Server(Running):
    """`hayate serve` with a configuration (a dict) and a data folder; waits until it is up."""

    def __init__(self, config, data, *arguments, waits=True, **environment):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hayate-test-"))
        self.data = pathlib.Path(data)
        (self.folder / "hayate.yaml").write_text(json.dumps(config))  # YAML as well
        super().__init__("serve", "--config", self.folder / "hayate.yaml", "--data", data, "--port", 0,
                         "--admin-port", 0, *arguments, **environment)
        if waits:
            try:
                self.wait_until_up()
            except AssertionError:
                self.stop()
                raise

    def wait_until_up(self):
        self.port = int(self.wait_for_line(r"API +http://[^:]+:(\d+)/v1").group(1))
        self.admin_port = int(self.wait_for_line(r"admin +http://[^:]+:(\d+)/admin").group(1))

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def keys(self, *arguments):
        """`hayate keys` on this server's database."""
        return run("keys", *arguments, "--config", self.folder / "hayate.yaml", "--data", self.data)

    def new_key(self, role="user", tenant="default"):
        """A fresh key: {"id", "key"}."""
        made = self.keys("create", "--json", "--role", role, "--tenant", tenant)
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout)

    def wait(self):
        code = super().wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

