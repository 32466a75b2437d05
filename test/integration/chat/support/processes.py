"""Runs the real `hayate` binary: commands that end, and servers that run until they are stopped."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "test/support"))
from hayate_process import BINARY, PATIENCE_S, Process  # noqa: E402

ASSISTANT = ROOT / "assistants/mangaassist"

# Nothing of the environment configures hayate behind a test's back.
for name in [name for name in os.environ if name.startswith(("HAYATE_KEY", "OPENAI_", "ANTHROPIC_"))]:
    del os.environ[name]


def wait_until(claim, what):
    """Polls until `claim()` is true and returns its value; fails with `what` when patience ends."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := claim()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE_S} s in vain: {what}")
        time.sleep(0.02)
    return value


def run(*arguments, input=None, cwd=None, **environment):
    """A command that ends by itself. Returns subprocess.CompletedProcess with text."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], input=input, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE_S,
        env={**os.environ, "NO_COLOR": "1", **environment}, check=False)


class Running(Process):
    """A command that runs until it is stopped."""

    def __init__(self, *arguments, **environment):
        super().__init__([*map(str, arguments)], environment)

    @property
    def output(self):
        return self.log()

    def is_running(self):
        return self.child.poll() is None

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait()

    def wait(self):
        code = super().wait()
        self.child.stdout.close()
        return code


class Mock(Running):
    """`hayate mock-model`; options as on its command line: Mock(ttft=5, cut_after=3)."""

    def __init__(self, **options):
        flags = []
        for name, value in options.items():
            flags += ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])
        super().__init__("mock-model", "--port", 0, *flags)
        self.port = int(self.wait_for(r"http://127\.0\.0\.1:(\d+)/v1")[1])

    def models(self, **extra):
        """The `models` section of a configuration that uses this mock for both roles."""
        def model(name):
            return {"provider": "openai", "base_url": f"http://127.0.0.1:{self.port}/v1", "model": f"mock-{name}",
                    "gate": False,  # what a mock says rests on nothing
                    **extra}
        return {"fast": model("fast"), "strong": model("strong")}

    def calls(self):
        """What was asked, from its log."""
        from support.http import call  # not at the top: http imports this module
        return call(self.port, "GET", "/_mock/log").json()["requests"]


class Server(Running):
    """`hayate serve` with a configuration (a dict) and a data folder; waits until it is up.

    `kill` it and start another one on the same data: the folder is the caller's.
    """

    def __init__(self, config, data, *arguments, port=0, waits=True, **environment):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hayate-test-"))
        self.data = pathlib.Path(data)
        (self.folder / "hayate.yaml").write_text(json.dumps(config))  # which is YAML as well
        super().__init__("serve", "--config", self.folder / "hayate.yaml", "--data", data, "--port", port,
                         "--admin-port", 0, *arguments, **environment)
        if waits:
            try:
                self.wait_until_up()
            except AssertionError:
                self.stop()
                raise

    def wait_until_up(self):
        self.port = int(self.wait_for(r"API +http://[^:]+:(\d+)/v1")[1])
        self.admin_port = int(self.wait_for(r"admin +http://[^:]+:(\d+)/admin")[1])

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
