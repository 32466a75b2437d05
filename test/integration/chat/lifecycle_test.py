"""Starting, draining, stopping; and answering without a model or without a free place."""

import asyncio
import contextlib
import http.client
import json
import signal
import socket
import sqlite3
import unittest

from support.chat import Answer, Chat
from support.http import api_text, ask_api, call, cookie_of, error_of
from support.processes import PATIENCE_S, Mock, Server, run, wait_until
from support.shop import faq, fresh_data, order, product, temporary_folder

SHIPPING = "Do you ship to Osaka?"
ENDLESS = {"ttft": 1, "rate": 50, "tokens": 100_000}


def is_delta(frames):
    return bool(frames) and frames[-1]["type"] == "delta"


def begin_api_stream(port):
    """An OpenAI-style stream whose first text has arrived; returns what reads the rest."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    body = {"model": "mangaassist", "stream": True, "messages": [{"role": "user", "content": SHIPPING}]}
    connection.request("POST", "/v1/chat/completions", body=json.dumps(body))
    reply = connection.getresponse()
    first = reply.readline()

    def rest():
        with contextlib.closing(connection):
            return (first + reply.read()).decode()
    return rest


class Stopping(unittest.IsolatedAsyncioTestCase):
    def start(self, mock_options, *arguments, **config):
        mock = Mock(**mock_options)
        self.addCleanup(mock.stop)
        server = Server({"models": mock.models(), **config}, fresh_data(), *arguments)
        self.addCleanup(lambda: server.is_running() and server.kill())
        return server

    async def begin(self, server):
        chat = await Chat(server.port).__aenter__()
        self.addAsyncCleanup(chat.__aexit__)
        accepted = await chat.submit(SHIPPING)
        return chat, accepted, await chat.follow(accepted["response_id"], is_delta)

    async def test_live_streams_finish_and_new_work_is_refused_politely(self):
        server = self.start({"ttft": 1, "rate": 25, "tokens": 120}, "--threads", 2)
        begun = [await self.begin(server) for _ in range(6)]
        streams = [begin_api_stream(server.port) for _ in range(2)]
        server.signal(signal.SIGTERM)
        await asyncio.to_thread(wait_until, lambda: call(server.port, "GET", "/readyz").status == 503, "not ready any more")

        self.assertEqual(call(server.port, "GET", "/healthz").status, 200, "alive, though")
        refused = ask_api(server.port, SHIPPING)
        self.assertEqual((refused.status, error_of(refused)["code"]), (503, "shutting_down"))
        self.assertGreaterEqual(int(refused.headers["retry-after"]), 1)
        self.assertEqual(refused.headers["connection"], "close")
        error = await begun[0][0].submit("One more thing")
        self.assertEqual((error["type"], error["code"], error["retryable"]), ("error", "shutting_down", True))
        self.assertGreater(error["retry_after_ms"], 0)
        async with Chat(server.port) as late:
            self.assertEqual((await late.submit(SHIPPING))["code"], "shutting_down")

        for chat, accepted, seen in begun:
            answer = Answer(seen + await chat.follow(accepted["response_id"]))
            self.assertEqual(answer.final["finish"], "stop")
            self.assertTrue(answer.is_whole())
            self.assertEqual((await chat.closed())[0], 1001)
        for rest in streams:
            text = await asyncio.to_thread(rest)
            self.assertIn('"finish_reason":"stop"', text)
            self.assertTrue(text.endswith("data: [DONE]\n\n"))
        self.assertEqual(await asyncio.to_thread(server.wait), 0)

    async def test_what_outlives_the_grace_time_ends_with_an_honest_error(self):
        server = self.start(ENDLESS, limits={"drain_time_ms": 200})
        chat, accepted, seen = await self.begin(server)
        stream = begin_api_stream(server.port)
        server.signal(signal.SIGTERM)
        answer = Answer(seen + await chat.follow(accepted["response_id"]))
        self.assertEqual((answer.end["type"], answer.end["code"]), ("error", "shutting_down"))
        self.assertTrue(answer.end["retryable"])
        self.assertEqual((await chat.closed())[0], 1001)
        text = await asyncio.to_thread(stream)
        self.assertIn('"code":"shutting_down"', text)
        self.assertNotIn("[DONE]", text)
        self.assertEqual(await asyncio.to_thread(server.wait), 0)
        with contextlib.closing(sqlite3.connect(server.data / "hayate.db")) as database:
            ((stored, state),) = database.execute("SELECT answer, state FROM turns")
        self.assertEqual((stored, state), (answer.text, "incomplete"), "what was said is kept")

    async def test_a_second_signal_ends_it_at_once(self):
        server = self.start(ENDLESS)
        await self.begin(server)
        server.signal(signal.SIGTERM)
        await asyncio.to_thread(server.wait_for, "Stopping")
        server.signal(signal.SIGTERM)
        self.assertEqual(await asyncio.to_thread(server.wait), -signal.SIGTERM)

    async def test_an_idle_server_stops_by_either_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.start(ENDLESS)
            async with Chat(server.port):
                server.signal(number)
                self.assertEqual(await asyncio.to_thread(server.wait), 0)

    async def test_nobody_waiting_ends_the_models_work(self):
        server = self.start(ENDLESS, limits={"detached_time_ms": 0})
        chat, accepted, _ = await self.begin(server)
        chat.cut()
        def running():
            return "hayate_turns_running 0" in call(server.admin_port, "GET", "/metrics").body
        await asyncio.to_thread(wait_until, running, "the abandoned turn ends")
        self.assertEqual(server.stop(), 0)


class Starting(unittest.TestCase):
    def test_health_answers_while_the_stores_open(self):
        """The first start imports the catalog. Until then: alive, not ready, and it says so."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        server = Server({}, temporary_folder(), "--no-local-model", port=port, waits=False)
        self.addCleanup(server.stop)

        def early():
            with contextlib.suppress(ConnectionError):
                return call(port, "GET", "/healthz").status == 200
            return False
        wait_until(early, "/healthz")
        ready, asked = call(port, "GET", "/readyz"), ask_api(port, SHIPPING)
        is_up = "is up" in server.output  # read last: whatever was answered before came before it
        self.assertFalse(is_up)
        self.assertEqual(ready.status, 503)
        self.assertEqual(ready.json(), {"ready": False, "waiting_for": ["stores and indexes"]})
        self.assertEqual((asked.status, error_of(asked)["code"]), (503, "starting"))
        self.assertGreaterEqual(int(asked.headers["retry-after"]), 1)
        server.wait_until_up()
        wait_until(lambda: call(port, "GET", "/readyz").status == 200, "ready")

    def start_on(self, port, admin_port=0, **config):
        data = fresh_data()
        (data / "h.yaml").write_text(json.dumps(config))
        return run("serve", "--config", data / "h.yaml", "--data", data, "--no-local-model", "--port", port,
                   "--admin-port", admin_port)

    def assert_says_taken(self, done, port):
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertRegex(done.stderr, rf"cannot listen on 127\.0\.0\.1:{port}: .*in use")

    def test_a_port_in_use_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            self.assert_says_taken(self.start_on(other.getsockname()[1]), other.getsockname()[1])
            self.assert_says_taken(self.start_on(0, other.getsockname()[1]), other.getsockname()[1])

    def test_a_second_server_does_not_share_the_firsts_port(self):
        for threads in (1, 2):
            first = Server({}, fresh_data(), "--no-local-model", "--threads", threads)
            self.addCleanup(first.stop)
            for done, port in ((self.start_on(first.port, threads=threads), first.port),
                               (self.start_on(0, first.admin_port, threads=threads), first.admin_port)):
                self.assert_says_taken(done, port)

    def test_it_can_be_started_again_at_once_on_the_same_port(self):
        first = Server({}, fresh_data(), "--no-local-model")
        self.addCleanup(first.stop)
        port = first.port
        self.assertEqual(ask_api(port, SHIPPING).status, 200)  # leaves a connection in TIME_WAIT
        self.assertEqual(first.stop(), 0)
        again = Server({}, fresh_data(), "--no-local-model", port=port)
        self.addCleanup(again.stop)
        self.assertEqual(again.port, port)

    def test_a_second_server_does_not_share_the_firsts_folder(self):
        data = fresh_data()
        first = Server({}, data, "--no-local-model")
        self.addCleanup(first.stop)
        done = run("serve", "--data", data, "--no-local-model", "--port", 0, "--admin-port", 0)
        self.assertEqual(done.returncode, 4)
        self.assertIn(f"another hayate serve works in {data}", done.stderr)
        self.assertEqual(ask_api(first.port, SHIPPING).status, 200)
        self.assertEqual(run("keys", "list", "--data", data).returncode, 0, "other commands may")

    def test_a_folder_that_cannot_be_written_is_named(self):
        file = temporary_folder() / "file"
        file.write_text("in the way")
        done = run("serve", "--data", file / "data", "--no-local-model", "--port", 0, "--admin-port", 0)
        self.assertEqual(done.returncode, 4)
        self.assertIn(str(file / "data"), done.stderr)


class WithoutModel(unittest.IsolatedAsyncioTestCase):
    """`serve --no-local-model`: useful answers from FAQ, catalog and orders, marked as degraded."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server({}, fresh_data(), "--no-local-model")
        cls.addClassCleanup(cls.server.stop)

    def signed_in(self, customer):
        cookie = cookie_of(call(self.server.port, "GET", "/"))
        return cookie_of(call(self.server.port, "POST", "/api/sign-in", json={"customer_id": customer},
                              headers={"cookie": cookie, "x-hayate-page": "1"}))

    async def assert_tells(self, text, *facts, cookie=None, degraded=("model",)):
        async with Chat(self.server.port, cookie=cookie) as chat:
            answer = await chat.ask(text)
        with self.subTest(text):
            for fact in facts:
                self.assertIn(fact, answer.text)
            self.assertEqual(answer.final["degraded"], list(degraded))
            self.assertEqual(answer.final["model"], "")
            self.assertTrue(answer.is_whole())

    async def test_questions_about_the_shop(self):
        answer = faq("shipping-osaka")["answer"]
        await self.assert_tells(SHIPPING, answer["en"])
        await self.assert_tells("大阪へ配送できますか？", answer["ja"])

    async def test_questions_about_products(self):
        volume = product("one-piece-en-v001")
        await self.assert_tells("What is the price of One Piece volume 1?", volume["title"]["en"],
                                f"¥{volume['price_yen']:,}", "in stock", "Eiichiro Oda")
        volume = product("one-piece-ja-v001")
        await self.assert_tells("ONE PIECE 1巻の値段は？", volume["title"]["ja"], f"{volume['price_yen']:,}円", "在庫あり",
                                "尾田栄一郎")

    async def test_questions_about_orders(self):
        """Never a model's to answer, so nothing is missing."""
        own = order("MNG-78901")
        cookie = self.signed_in(own["customer"])
        await self.assert_tells(f"Where is order {own['id']}?", own["id"], "on its way", own["carrier"],
                                own["tracking"], "One Piece, Vol. 2", cookie=cookie, degraded=())
        await self.assert_tells(f"注文{own['id']}は今どこですか？", own["id"], "発送済み", own["tracking"],
                                "ONE PIECE 2巻", cookie=cookie, degraded=())
        await self.assert_tells(f"Where is order {own['id']}?", "sign in", own["id"], degraded=())

    async def test_greetings(self):
        # Answered from a template also where there is a model.
        await self.assert_tells("Hello!", "I can help you find manga", degraded=())
        await self.assert_tells("good morning", "I can help you find manga", degraded=())
        await self.assert_tells("こんにちは", "こんにちは", degraded=())

    def test_the_page_says_so(self):
        notice = call(self.server.port, "GET", "/api/page").json()["notice"]
        self.assertIn("language model is not ready", notice["en"])
        self.assertIn("言語モデル", notice["ja"])
        self.assertIn("none", next(line for line in self.server.lines if "models" in line))


class WithoutWeights(unittest.TestCase):
    def test_local_models_that_are_not_there_are_done_without(self):
        """As after a download that failed: configured, but absent."""
        server = Server({}, fresh_data(), HAYATE_MODELS=str(temporary_folder()))
        self.addCleanup(server.stop)
        wait_until(lambda: call(server.port, "GET", "/readyz").status == 200, "ready without them")
        self.assertEqual(api_text(ask_api(server.port, SHIPPING)), faq("shipping-osaka")["answer"]["en"])
        self.assertIn("language model is not ready", call(server.port, "GET", "/api/page").json()["notice"]["en"])
        raw = ask_api(server.port, "hi", model="fast")
        self.assertEqual(raw.status, 503, raw.body)


class LocalModel(unittest.IsolatedAsyncioTestCase):
    async def test_who_finds_no_free_place_waits_knowingly_or_is_answered_from_the_shop(self):
        """The real model on this machine, with one place and a queue of one: three customers at once."""
        config = {"models": {"fast": {"provider": "local", "gate": False}},  # a long story, be it true or not
                  "local_model": {"slots": 1, "queue": 1}}
        server = Server(config, fresh_data(), "--threads", 1)
        self.addCleanup(server.stop)
        await asyncio.to_thread(wait_until, lambda: call(server.port, "GET", "/readyz").status == 200, "the model")
        async with Chat(server.port) as first, Chat(server.port) as second, Chat(server.port) as third:
            story = "Tell me a very long story about every manga that you have"
            served = await first.submit(story)
            said = await first.follow(served["response_id"], is_delta)
            waiting = await second.submit("Tell me about Monster")
            seen = await second.follow(waiting["response_id"],
                                       lambda frames: frames and frames[-1].get("stage") in ("waiting", "writing"))
            self.assertEqual((seen[-1]["stage"], seen[-1]["text"]),
                             ("waiting", "Almost there. Other customers are being served first…"))
            turned_away = await third.ask(SHIPPING)
            self.assertIn(faq("shipping-osaka")["answer"]["en"], turned_away.text)
            self.assertEqual(turned_away.final["degraded"], ["model"])
            # The place that a stopped answer leaves goes to who waits for it.
            await first.send({"type": "stop", "response_id": served["response_id"]})
            self.assertTrue(Answer(said + await first.follow(served["response_id"])).is_whole())
            answer = Answer(seen + await second.follow(waiting["response_id"]))
            self.assertTrue(answer.is_whole())
            self.assertEqual((answer.final["model"], answer.final["degraded"]), ("fast", []))


class Busy(unittest.IsolatedAsyncioTestCase):
    async def test_a_customer_without_a_place_gets_what_was_found(self):
        mock = Mock(status=503, retry_after=1)
        self.addCleanup(mock.stop)
        server = Server({"models": mock.models()}, fresh_data(), "--threads", 1)
        self.addCleanup(server.stop)
        async with Chat(server.port) as chat:
            english = await chat.ask(SHIPPING)
            japanese = await chat.ask("大阪へ配送できますか？")
        for answer, intro, language in ((english, "Many customers are asking", "en"), (japanese, "混み合って", "ja")):
            self.assertIn(intro, answer.text)
            self.assertIn(faq("shipping-osaka")["answer"][language], answer.text)
            self.assertEqual(answer.final["degraded"], ["model"])
            self.assertTrue(answer.is_whole())
        self.assertIn(faq("shipping-osaka")["answer"]["en"], api_text(ask_api(server.port, SHIPPING)))

    async def test_many_customers_at_once_are_all_answered(self):
        """A provider that refuses every other call: half are answered by it, half from the shop's data."""
        mock = Mock(status=529, fault_rate=0.5, seed=3, ttft=5, rate=1000, tokens=10)
        self.addCleanup(mock.stop)
        server = Server({"models": mock.models()}, fresh_data(), "--threads", 2)
        self.addCleanup(server.stop)

        async def customer():
            async with Chat(server.port) as chat:
                return await chat.ask(SHIPPING)
        answers = await asyncio.gather(*(customer() for _ in range(40)))
        self.assertTrue(all(answer.is_whole() for answer in answers))
        self.assertEqual({tuple(answer.final["degraded"]) for answer in answers}, {(), ("model",)})


if __name__ == "__main__":
    unittest.main()
