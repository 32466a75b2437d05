"""What model calls cost: counted to the micro-dollar, kept over a restart, shown to operators."""

import unittest

from support.http import call
from support.processes import Mock, Server, wait_until
from support.shop import fresh_data

PROMPT, COMPLETION = 3, 15  # dollars per million tokens, so micro-dollars per token


class Ledger(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mock = Mock(ttft=1, rate=1000, tokens=20, seed=7)
        cls.addClassCleanup(cls.mock.stop)
        cls.data = fresh_data()
        cls.start()
        cls.addClassCleanup(lambda: cls.server.stop())
        cls.key = cls.server.new_key("admin", "acme")["key"]

    @classmethod
    def start(cls):
        cls.server = Server({"models": cls.mock.models(price={"prompt": PROMPT, "completion": COMPLETION})}, cls.data,
                            "--threads", 2)

    def ask(self, model, stream):
        return call(self.server.port, "POST", "/v1/chat/completions", headers={"authorization": f"Bearer {self.key}"},
                    json={"model": model, "stream": stream, "stream_options": {"include_usage": True} if stream else None,
                          "messages": [{"role": "user", "content": "Do you ship to Osaka?"}]})

    def costs(self):
        reply = call(self.server.admin_port, "GET", "/admin/costs", headers={"authorization": f"Bearer {self.key}"})
        self.assertEqual(reply.status, 200)
        return reply.json()

    def spent(self):
        return self.costs()["today"]["cost_micro_dollars"]

    def test_streamed_and_unstreamed_cost_the_same_and_a_restart_forgets_nothing(self):
        before = self.spent()
        whole = self.ask("fast", False)
        usage = whole.json()["usage"]
        price = usage["prompt_tokens"] * PROMPT + usage["completion_tokens"] * COMPLETION
        self.assertGreater(price, 0)
        wait_until(lambda: self.spent() == before + price, "the whole answer is charged to the micro-dollar")
        self.assertEqual(self.ask("fast", True).status, 200)
        wait_until(lambda: self.spent() == before + 2 * price, "the streamed one costs the same")
        self.assertEqual(self.ask("mangaassist", False).status, 200)
        wait_until(lambda: self.spent() > before + 2 * price, "a turn is charged as well")
        today = self.costs()["today"]
        self.assertEqual(set(today["by_tenant"]), {"acme"})
        self.assertEqual(today["by_intent"]["api"]["cost_micro_dollars"], before + 2 * price)
        self.assertEqual(sum(part["cost_micro_dollars"] for part in today["by_intent"].values()), today["cost_micro_dollars"])
        self.server.stop()
        type(self).start()
        self.assertEqual(self.costs()["today"], today)


if __name__ == "__main__":
    unittest.main(verbosity=2)
