"""The local model with its real weights (`tools/fetch-models.py --only fast`) in the server."""

import re
import shutil
import signal
import unittest

from support.http import call
from support.processes import ASSISTANT, Server, wait_until
from support.shop import fresh_data, temporary_folder


class SystemPrompt(unittest.TestCase):
    """What every conversation begins with is read before anybody asks."""

    @classmethod
    def setUpClass(cls):
        shop = temporary_folder() / "shop"
        shutil.copytree(ASSISTANT, shop)
        cls.prompt = shop / "prompts/system.txt"
        cls.server = Server({"models": {"fast": {"provider": "local"}}, "auth": {"api_keys": "off"}}, fresh_data(),
                            "--assistant", shop)
        cls.addClassCleanup(cls.server.stop)
        cls.key = cls.server.new_key("admin")["key"]
        cls.server.wait_for(r"model_ready model=fast")

    def kept(self):
        """Lengths in tokens of the system prompts that were read ahead, in order."""
        return [int(tokens) for tokens in re.findall(r"system_prompt_kept model=fast tokens=(\d+)", self.server.output)]

    def begin_with(self, words):
        """Changes the prompt from its first word on: nothing that was read before is of use."""
        self.prompt.write_text(f"{words} {self.prompt.read_text()}")

    def cached_tokens(self):
        """Of the prompt of a new conversation, how many need not be read."""
        messages = [{"role": "system", "content": self.prompt.read_text().strip()}, {"role": "user", "content": "Hello"}]
        reply = call(self.server.port, "POST", "/v1/chat/completions",
                     json={"model": "fast", "messages": messages, "max_tokens": 1})
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()["usage"]["prompt_tokens_details"]["cached_tokens"]

    def reload(self):
        reply = call(self.server.admin_port, "POST", "/admin/reload", headers={"authorization": f"Bearer {self.key}"})
        self.assertEqual(reply.status, 200, reply.body)

    def test_it_is_read_at_start_and_once_more_for_each_release_that_changes_it(self):
        self.assertEqual(len(self.kept()), 1)
        self.assertEqual(self.cached_tokens(), self.kept()[0])
        self.begin_with("Greetings, clerk!")
        self.reload()
        wait_until(lambda: len(self.kept()) == 2, "the new prompt is read, though nobody asks")
        self.assertEqual(self.cached_tokens(), self.kept()[1])
        self.begin_with("Attention please:")
        self.server.signal(signal.SIGHUP)
        wait_until(lambda: len(self.kept()) == 3, "after a hang-up as well")
        self.assertEqual(self.cached_tokens(), self.kept()[2])
        self.reload()  # nothing has changed
        self.assertEqual(self.cached_tokens(), self.kept()[2])
        self.assertEqual(len(self.kept()), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
