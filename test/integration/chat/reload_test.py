"""A running server takes up what changed in the assistant's folder, and refuses what is wrong with it."""

import re
import shutil
import signal
import unittest

from support.http import api_text, ask_api, call
from support.processes import ASSISTANT, Server, wait_until
from support.shop import fresh_data, temporary_folder


class Reload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = temporary_folder() / "shop"
        shutil.copytree(ASSISTANT, cls.shop)
        cls.server = Server({"models": {"fast": {"provider": "simulated"}, "strong": {"provider": "simulated"}},
                             "auth": {"api_keys": "off"}},
                            fresh_data(), "--assistant", cls.shop, "--threads", 2)
        cls.addClassCleanup(cls.server.stop)
        cls.key = cls.server.new_key("admin")["key"]

    def change(self, file, old, new):
        path = self.shop / file
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))
        self.addCleanup(path.write_text, text)

    def reload(self):
        return call(self.server.admin_port, "POST", "/admin/reload", headers={"authorization": f"Bearer {self.key}"})

    def greeting(self):
        return api_text(ask_api(self.server.port, "hello there"))

    def test_what_is_right_is_taken_up_under_a_new_name(self):
        before = self.reload().json()["release"]
        self.change("assistant.yaml", "en: Hello[[, {name}]]!", "en: Ahoy[[, {name}]]!")
        after = self.reload()
        self.assertEqual(after.status, 200)
        self.assertNotEqual(after.json()["release"], before)
        self.assertTrue(self.greeting().startswith("Ahoy!"), self.greeting())

    def test_a_new_intent_is_learned(self):
        self.change("intents/greeting.yaml", "    - hello\n", "    - hello\n    - flibbertigibbet zorgnax\n")
        self.assertEqual(self.reload().status, 200)
        self.assertIn("I can help you find manga", api_text(ask_api(self.server.port, "flibbertigibbet zorgnax")))

    def test_what_is_wrong_is_named_with_its_line_and_changes_nothing(self):
        before = self.greeting()
        for file, old, new, place, words in (
                ("intents/faq.yaml", "kind: question", "kind: questoin", r"intents/faq\.yaml", "did you mean 'question'"),
                ("intents/faq.yaml", "sources: [retrieval, session]", "sources: [retreival]", r"intents/faq\.yaml",
                 "did you mean 'retrieval'"),
                ("intents/faq.yaml", "deadline_ms: 2000", "deadline_ms: -5", r"intents/faq\.yaml", "deadline_ms"),
                ("intents/faq.yaml", "base_complexity", "models: {low: [fats]}\nbase_complexity", r"intents/faq\.yaml",
                 "did you mean 'fast'"),
                ("assistant.yaml", "soft_wait_ms: 400", "soft_wait_ms: soon", r"assistant\.yaml", "soft_wait_ms"),
                ("assistant.yaml", "intent_accuracy_min: 0.6", "intent_accuracy_min: 0.99", r"assistant\.yaml",
                 "told apart")):
            with self.subTest(words):
                path = self.shop / file
                right = path.read_text()
                self.assertIn(old, right)
                path.write_text(right.replace(old, new, 1))
                try:
                    refused = self.reload()
                finally:
                    path.write_text(right)
                self.assertEqual(refused.status, 422, refused.body)
                problems = refused.json()["problems"]
                first = problems[0]
                self.assertRegex(first["file"], place)
                self.assertGreater(first["line"], 0)
                self.assertIn(words, first["key"] + ": " + first["text"])
                self.assertEqual(self.greeting(), before)

    def test_a_hang_up_does_the_same(self):
        self.change("assistant.yaml", "en: Hello[[, {name}]]!", "en: Howdy[[, {name}]]!")
        self.server.signal(signal.SIGHUP)
        wait_until(lambda: self.greeting().startswith("Howdy!"), "the change is taken up")
        self.assertTrue(self.server.is_running())
        self.change("assistant.yaml", "soft_wait_ms: 400", "soft_wait_ms: soon")
        self.server.signal(signal.SIGHUP)
        wait_until(lambda: re.search(r"reload_refused .*assistant\.yaml:\d+: soft_wait_ms", self.server.output),
                   "the refusal is logged with its place")
        self.assertTrue(self.greeting().startswith("Howdy!"))

    def test_it_is_for_operators_alone(self):
        self.assertEqual(call(self.server.admin_port, "POST", "/admin/reload").status, 401)
        self.assertEqual(call(self.server.port, "POST", "/admin/reload").status, 404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
