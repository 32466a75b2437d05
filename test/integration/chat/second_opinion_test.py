"""What second opinions are learned from (tools/fetch-embedder.py) is kept from start to start."""

import re
import shutil
import unittest

from support.http import call
from support.processes import ASSISTANT, Server
from support.shop import fresh_data, temporary_folder

MODELS = {"fast": {"provider": "simulated"}, "strong": {"provider": "simulated"}}


def small_shop(examples):
    """The shipped assistant with so many examples of each intent in each language: learned in no time."""
    shop = temporary_folder() / "shop"
    shutil.copytree(ASSISTANT, shop)
    for file in (shop / "intents").iterdir():
        kept, count = [], 0
        for line in file.read_text().splitlines():
            count = count + 1 if line.startswith("    - ") else 0
            if count <= examples:
                kept.append(line)
        file.write_text("\n".join(kept) + "\n")
    settings = shop / "assistant.yaml"
    settings.write_text(re.sub(r"(?m)^intent_accuracy_min: .*$", "intent_accuracy_min: 0.01", settings.read_text()))
    return shop


class SecondOpinion(unittest.TestCase):
    def setUp(self):
        self.data = fresh_data()
        self.shop = small_shop(6)
        self.file = self.data / "example_vectors"

    def start(self):
        server = Server({"models": MODELS}, self.data, "--assistant", self.shop, "--threads", 1)
        self.addCleanup(server.stop)
        return server

    def learned(self, server):
        """(examples, vectors that were made) of the last second opinion."""
        pattern = r"second_opinion_learned examples=(\d+) vectors_made=(\d+) neighbours=\1 "
        server.wait_for(pattern)
        return tuple(map(int, re.findall(pattern, server.output)[-1]))

    def test_its_vectors_are_made_once(self):
        server = self.start()
        examples, made = self.learned(server)
        self.assertGreater(made, 0)
        self.assertLessEqual(made, examples)  # some messages are examples of two things
        server.stop()
        server = self.start()
        self.assertEqual(self.learned(server), (examples, 0))
        server.stop()
        faq = self.shop / "intents/faq.yaml"
        lines = faq.read_text().splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("    - "))
        size = self.file.stat().st_size
        faq.write_text("\n".join([*lines[:at], "    - wibble wobble", *lines[at + 1:]]) + "\n")
        server = self.start()
        self.assertEqual(self.learned(server), (examples, 1))
        self.assertEqual(self.file.stat().st_size, size, "what is no example any more is not kept")
        server.kill()
        self.assertEqual(self.learned(self.start()), (examples, 0))

    def test_a_file_that_is_damaged_or_something_else_is_replaced(self):
        server = self.start()
        examples, made = self.learned(server)
        server.stop()
        whole = self.file.read_bytes()
        half = bytearray(whole)
        half[len(half) // 2] ^= 1
        for contents in (bytes(half), whole[:-1], b"", b"SQLite format 3\0" * 100):
            self.file.write_bytes(contents)
            server = self.start()
            self.assertEqual(self.learned(server), (examples, made))
            self.assertRegex(server.output, r"example_vectors_unusable .*example_vectors")
            server.stop()
            self.assertEqual(len(self.file.read_bytes()), len(whole))
        server = self.start()
        self.assertEqual(self.learned(server), (examples, 0))
        self.assertNotIn("example_vectors_unusable", server.output)

    def test_a_reload_makes_only_what_is_new(self):
        server = self.start()
        examples, _ = self.learned(server)
        key = server.new_key("admin")["key"]
        faq = self.shop / "intents/faq.yaml"
        faq.write_text(re.sub(r"(?m)^  en:$", "  en:\n    - wibble wobble", faq.read_text()))
        reply = call(server.admin_port, "POST", "/admin/reload", headers={"authorization": f"Bearer {key}"})
        self.assertEqual(reply.status, 200, reply.body)
        server.wait_for(rf"second_opinion_learned examples={examples + 1} vectors_made=1 ")

    def test_a_folder_that_takes_no_file_costs_nothing_but_time(self):
        (self.file.with_name("example_vectors.new")).mkdir()
        server = self.start()
        self.assertGreater(self.learned(server)[1], 0)
        self.assertIn("example_vectors_not_kept", server.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
