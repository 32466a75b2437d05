"""A command on a terminal of its own (a pty): what it prints, and keys that are pressed."""

import os
import pty
import re
import select
import time

from support.processes import BINARY, PATIENCE_S

ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"


class Terminal:
    def __init__(self, *arguments):
        self.seen = ""
        self._read_up_to = 0
        self.pid, self._screen = pty.fork()
        if self.pid == 0:  # the child
            os.environ["TERM"] = "xterm"
            os.environ.pop("NO_COLOR", None)
            os.execv(BINARY, [BINARY, *map(str, arguments)])

    def press(self, keys):
        os.write(self._screen, keys.encode())

    def wait_for(self, pattern):
        """The next match of `pattern` in what is printed from now on."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = re.search(pattern, self.seen[self._read_up_to:])
            if found:
                self._read_up_to += found.end()
                return found
            if time.monotonic() > deadline or not self._read(1):
                raise AssertionError(f"/{pattern}/ was not printed:\n{self.seen}")

    def _read(self, patience_s):
        """False at the end of the output."""
        if not select.select([self._screen], [], [], patience_s)[0]:
            return True
        try:
            data = os.read(self._screen, 65536)
        except OSError:  # Linux reports EIO when the other side has gone
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def exit_code(self):
        """Of the command, which must end by itself."""
        deadline = time.monotonic() + PATIENCE_S
        while self._read(1):
            if time.monotonic() > deadline:
                raise AssertionError(f"it does not end:\n{self.seen}")
        _, status = os.waitpid(self.pid, 0)
        os.close(self._screen)
        self.pid = None
        return os.waitstatus_to_exitcode(status)

    def kill(self):
        if self.pid:
            os.kill(self.pid, 9)
            self.exit_code()
