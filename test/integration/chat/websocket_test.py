"""/ws: the native chat protocol of docs/protocol.md, spoken by an honest client and by rude ones."""

import asyncio
import random
import unittest

from support import raw_websocket as raw
from support.chat import Answer, Chat, hash_of, is_healthy
from support.http import call, cookie_of
from support.processes import Mock, Server, wait_until
from support.raw_websocket import RawWebSocket, frame
from support.shop import fresh_data

SHIPPING = "Do you ship to Osaka?"
PRODUCT = "Do you have One Piece volume 1?"


def visitor(port):
    """A cookie of the page: the identity that sessions and answers belong to."""
    return cookie_of(call(port, "GET", "/"))


class ChatTest(unittest.IsolatedAsyncioTestCase):
    """One server per class, in front of a mock that behaves as `mock` says."""

    mock_options = {"ttft": 5, "rate": 400, "tokens": 30}
    model_options = {}
    config = {}
    arguments = ("--threads", 1)

    @classmethod
    def setUpClass(cls):
        cls.mock = Mock(**cls.mock_options)
        cls.addClassCleanup(cls.mock.stop)
        cls.server = Server({"models": cls.mock.models(**cls.model_options), **cls.config}, fresh_data(), *cls.arguments)
        cls.addClassCleanup(cls.server.stop)
        cls.port = cls.server.port

    def calls_about(self, text):
        return [one for one in self.mock.calls() if text in one["body"]]


class Frames(ChatTest):
    # Which model answers is asserted.
    model_options = {"expected_first_token_ms": 20, "expected_tokens_per_s": 400}
    config = {"exploration_percent": 0}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.idle = RawWebSocket(cls.port)  # for the ping, which is 15 s away
        cls.addClassCleanup(cls.idle.connection.close)

    async def test_hello_comes_first_and_names_the_limits(self):
        async with Chat(self.port) as chat:
            self.assertEqual(chat.hello["type"], "hello")
            self.assertGreater(chat.hello["ping_ms"], 0)
            self.assertEqual(chat.hello["limits"], {"text_chars": 8000, "frame_bytes": 65536})

    async def test_an_answer_has_its_frames_in_order(self):
        async with Chat(self.port) as chat:
            answer = await chat.ask(PRODUCT)
        self.assertEqual(answer.accepted["turn"], 1)
        self.assertTrue(answer.accepted["session"].startswith("s_"))
        self.assertEqual(answer.seqs, sorted(set(answer.seqs)))
        self.assertEqual({one["response_id"] for one in answer.frames}, {answer.accepted["response_id"]})
        self.assertEqual(answer.types[0], "status")
        for early in ("card", "source"):
            last = max(at for at, type in enumerate(answer.types) if type == early)
            self.assertLess(last, answer.types.index("delta"), f"{early} before the prose")
        self.assertEqual([type for type in answer.types if type in ("final", "error")], ["final"])
        self.assertTrue(answer.is_whole())

    async def test_the_frames_carry_what_the_page_needs(self):
        async with Chat(self.port) as chat:
            answer = await chat.ask(PRODUCT)
        card = next(one["card"] for one in answer.of("card") if "one-piece-ja-v001" in str(one))
        self.assertIn("528", str(card))
        self.assertTrue(all(one["source"] for one in answer.of("source")))
        final = answer.final
        self.assertEqual(final["finish"], "stop")
        self.assertEqual(final["model"], "strong")
        self.assertEqual(final["degraded"], [])
        self.assertEqual(final["sources"], len(answer.of("source")))
        self.assertGreater(final["usage"]["completion_tokens"], 0)
        self.assertGreaterEqual(final["timings"]["total_ms"], final["timings"]["first_word_ms"])
        self.assertIn("model", [stage["name"] for stage in final["timings"]["stages"]])

    async def test_status_speaks_the_customers_language(self):
        async with Chat(self.port) as chat:
            english = await chat.ask(SHIPPING, language="ja")  # the text counts more than the page
            japanese = await chat.ask("大阪に配送できますか？", language="en")
            unclear = await chat.ask("???", language="ja")
        for answer, stages in ((english, ["Looking up your manga…", "Writing the answer…"]),
                               (japanese, ["マンガを探しています…", "回答を書いています…"]),
                               (unclear, ["マンガを探しています…"])):  # no model has anything to say to that
            self.assertEqual([one["text"] for one in answer.of("status")], stages)
            self.assertEqual([one["stage"] for one in answer.of("status")], ["looking_up", "writing"][:len(stages)])

    async def test_a_conversation_goes_on_in_its_session(self):
        async with Chat(self.port) as chat:
            first = await chat.ask("Do you have Monster?")
            second = await chat.ask("And what about its last volume?", session=first.accepted["session"])
        self.assertEqual(second.accepted["session"], first.accepted["session"])
        self.assertEqual(second.accepted["turn"], 2)
        (asked,) = self.calls_about("its last volume")
        self.assertIn("Do you have Monster?", asked["body"], "the model is shown the exchange before")

    async def test_a_failed_model_ends_with_one_error(self):
        mock = Mock(ttft=1, rate=1000, tokens=20, cut_after=5)
        self.addCleanup(mock.stop)
        server = Server({"models": mock.models()}, fresh_data(), "--threads", 1)
        self.addCleanup(server.stop)
        async with Chat(server.port) as chat:
            accepted = await chat.submit(SHIPPING)
            cut = Answer(await chat.follow(accepted["response_id"]), accepted)
            self.assertEqual([type for type in cut.types if type in ("final", "error", "gone")], ["error"])
            self.assertEqual(cut.end["code"], "upstream")
            self.assertTrue(cut.end["retryable"])
            replay = await chat.resume(accepted["response_id"], 0)
            self.assertEqual(replay.text, cut.text, "what was said stays readable")

    async def test_an_open_connection_is_pinged(self):
        def is_ping():
            opcode, payload = self.idle.read()
            return opcode == raw.TEXT and payload == b'{"type":"ping"}'
        await asyncio.to_thread(wait_until, is_ping, "a ping frame")
        self.idle.send(frame(b'{"type":"pong"}'))
        self.idle.send(frame(b'{"type":"nonsense"}'))
        await asyncio.to_thread(wait_until, lambda: b"unknown frame" in self.idle.read()[1], "an error frame")


class SentAgain(ChatTest):
    """The same client_msg_id attaches to the answer that exists; it never makes a second one."""

    mock_options = {"ttft": 20, "rate": 100, "tokens": 60}
    arguments = ("--threads", 2)

    async def ask_again(self, chat, **ask):
        accepted = await chat.submit(SHIPPING, **ask)
        self.assertEqual(accepted["type"], "accepted", accepted)
        return Answer(await chat.follow(accepted["response_id"]), accepted)

    async def test_on_the_same_connection_while_it_is_answered(self):
        async with Chat(self.port) as chat:
            ask = {"type": "ask", "client_msg_id": "same-1", "text": "First of all: same-1"}
            await chat.send(ask)
            first = await chat.of_type("accepted")
            await chat.send({**ask, "session": first["session"]})
            again = await chat.of_type("accepted")
            self.assertEqual((again["response_id"], again["turn"]), (first["response_id"], 1))
            # Attaching again replays from the start; what came before is known by its numbers.
            frames = {one["seq"]: one for one in await chat.follow(first["response_id"])}
            self.assertEqual(max(frames), list(frames)[-1])
        self.assertEqual(len(self.calls_about("same-1")), 1)

    async def test_after_the_end_it_is_replayed(self):
        cookie = visitor(self.port)
        async with Chat(self.port, cookie=cookie) as chat:
            first = await self.ask_again(chat, client_msg_id="replay-1")
        async with Chat(self.port, cookie=cookie) as chat:
            again = await self.ask_again(chat, client_msg_id="replay-1", session=first.accepted["session"])
        self.assertEqual((again.accepted, again.text), (first.accepted, first.text))

    async def test_by_many_at_once_who_know_no_session_yet(self):
        """The first message of a conversation, resent before any answer told the session."""
        cookie = visitor(self.port)

        async def one_reader():
            async with Chat(self.port, cookie=cookie) as chat:
                accepted = await chat.submit("Tell me about race-1", client_msg_id="race-1")
                self.assertEqual(accepted["type"], "accepted", accepted)
                return Answer(await chat.follow(accepted["response_id"]), accepted)

        answers = await asyncio.gather(*(one_reader() for _ in range(8)))
        self.assertEqual(len({answer.accepted["response_id"] for answer in answers}), 1)
        self.assertEqual(len(self.calls_about("race-1")), 1)
        self.assertTrue(all(answer.is_whole() for answer in answers))
        sessions = call(self.port, "GET", "/api/sessions", headers={"cookie": cookie}).json()["sessions"]
        self.assertEqual([one["turns"] for one in sessions], [1])

    async def test_another_visitor_with_the_same_id_is_answered_alone(self):
        async with Chat(self.port) as mine, Chat(self.port) as theirs:
            first = await self.ask_again(mine, client_msg_id="common-1")
            second = await self.ask_again(theirs, client_msg_id="common-1")
        self.assertNotEqual(first.accepted["response_id"], second.accepted["response_id"])
        self.assertNotEqual(first.accepted["session"], second.accepted["session"])

    async def test_one_question_at_a_time_in_a_session(self):
        async with Chat(self.port) as chat:
            accepted = await chat.submit(SHIPPING)
            refused = await chat.submit("And to Tokyo?", session=accepted["session"])
            self.assertEqual((refused["type"], refused["code"]), ("error", "turn_running"))
            self.assertTrue(Answer(await chat.follow(accepted["response_id"])).is_whole())
            later = await chat.ask("And to Tokyo?", session=accepted["session"])
            self.assertEqual(later.accepted["turn"], 2)


class Readers(ChatTest):
    """Stop, resume, and readers elsewhere."""

    mock_options = {"ttft": 20, "rate": 120, "tokens": 100}
    arguments = ("--threads", 2)

    async def test_stop_ends_the_answer_and_the_models_work(self):
        async with Chat(self.port) as chat:
            accepted = await chat.submit("A story about stopping, please")
            said = await chat.follow(accepted["response_id"], lambda frames: frames and frames[-1]["type"] == "delta")
            await chat.send({"type": "stop", "response_id": accepted["response_id"]})
            answer = Answer(said + await chat.follow(accepted["response_id"]), accepted)
        self.assertEqual(answer.final["finish"], "stopped")
        self.assertTrue(answer.is_whole())
        wait_until(lambda: self.calls_about("about stopping")[0]["closed_by_client"], "the model call is closed")

    async def test_nobody_elses_answer_can_be_stopped_or_read(self):
        async with Chat(self.port) as mine, Chat(self.port) as stranger:
            accepted = await mine.submit(SHIPPING)
            await stranger.send({"type": "stop", "response_id": accepted["response_id"]})
            await stranger.send({"type": "resume", "response_id": accepted["response_id"], "after_seq": 0})
            self.assertEqual(await stranger.of_type("gone"),
                             {"type": "gone", "response_id": accepted["response_id"]})
            unknown = accepted["response_id"][:-3] + "AAA"
            await stranger.send({"type": "resume", "response_id": unknown, "after_seq": 0})
            self.assertEqual(await stranger.of_type("gone"), {"type": "gone", "response_id": unknown})
            self.assertEqual(Answer(await mine.follow(accepted["response_id"])).final["finish"], "stop")

    async def test_a_cut_connection_resumes_without_loss_or_repetition(self):
        moments = random.Random(20260).sample(range(1, 20), 12)
        cookie = visitor(self.port)
        for moment in moments:
            with self.subTest(cut_after_frames=moment):
                chat = await Chat(self.port, cookie=cookie).__aenter__()
                accepted = await chat.submit(SHIPPING)
                seen = await chat.follow(accepted["response_id"], lambda frames, n=moment: len(frames) >= n)
                chat.cut()
                async with Chat(self.port, cookie=cookie) as again:
                    rest = await again.resume(accepted["response_id"], seen[-1]["seq"])
                whole = Answer(seen + [one for one in rest.frames if one["seq"] > seen[-1]["seq"]])
                self.assertEqual(whole.seqs, sorted(set(whole.seqs)))
                self.assertEqual(len(whole.frames), len(seen) + len(rest.frames), "nothing twice")
                self.assertTrue(whole.is_whole())

    async def test_every_shard_can_read_an_answer_of_any(self):
        cookie = visitor(self.port)
        chats = {}
        while len(chats) < 2:  # the system spreads connections; each finds out where it is
            chat = await Chat(self.port, cookie=cookie).__aenter__()
            self.addAsyncCleanup(chat.__aexit__)
            accepted = await chat.submit("hi")
            await chat.send({"type": "stop", "response_id": accepted["response_id"]})
            await chat.follow(accepted["response_id"])
            chats.setdefault(accepted["response_id"][:2], chat)
        for writer, reader in (("r0", "r1"), ("r1", "r0")):
            accepted = await chats[writer].submit(SHIPPING)
            self.assertTrue(accepted["response_id"].startswith(writer))
            mine, theirs = await asyncio.gather(
                chats[writer].follow(accepted["response_id"]),
                chats[reader].resume(accepted["response_id"], 0))
            self.assertTrue(theirs.is_whole())
            self.assertEqual(theirs.text, Answer(mine).text)
            # A stop from elsewhere arrives as well.
            accepted = await chats[writer].submit(SHIPPING)
            await chats[reader].send({"type": "stop", "response_id": accepted["response_id"]})
            self.assertEqual((await chats[writer].follow(accepted["response_id"]))[-1]["finish"], "stopped")

    async def test_what_is_resumed_anew_on_the_same_connection_is_sent_once(self):
        async with Chat(self.port) as chat:
            accepted = await chat.submit(SHIPPING)
            first = await chat.follow(accepted["response_id"], lambda frames: len(frames) >= 4)
            await chat.send({"type": "resume", "response_id": accepted["response_id"], "after_seq": 0})
            frames = first + await chat.follow(accepted["response_id"])
            restart = next(at for at in range(1, len(frames)) if frames[at]["seq"] == 1)
            whole = Answer(frames[restart:])
            self.assertEqual(whole.seqs, sorted(set(whole.seqs)), "the first reading has ended")
            self.assertTrue(whole.is_whole())


class Rudeness(ChatTest):
    """Wrong input costs its sender an error or the connection, and nobody else anything."""

    config = {"limits": {"text_chars": 1000}}

    async def asyncTearDown(self):
        self.assertTrue(self.server.is_running())
        self.assertTrue(await is_healthy(self.port))

    async def test_what_cannot_be_understood_gets_an_error_and_the_connection_stays(self):
        ask = {"type": "ask", "client_msg_id": "x", "text": "Hello"}
        bad = {
            "{": "bad_request", "": "bad_request", "[]": "bad_request", "null": "bad_request", '"ask"': "bad_request",
            '{"type":"ask"}': "bad_request", '{"type":7}': "bad_request", "{}": "bad_request",
            '{"type":"dance"}': "bad_request", "[" * 1000: "bad_request", '{"type":"ask",}': "bad_request",
            '{"type":"ask","type":"stop"': "bad_request", b"\x00\xff binary": "bad_request",
        }
        frames = [
            ({**ask, "text": 7}, "bad_request"), ({**ask, "client_msg_id": ""}, "bad_request"),
            ({**ask, "client_msg_id": ["x"]}, "bad_request"), ({**ask, "client_msg_id": "x" * 129}, "bad_request"),
            ({**ask, "session": "s_1"}, "bad_session"), ({**ask, "session": "../../etc/passwd"}, "bad_session"),
            ({**ask, "session": "s_" + "A" * 22}, "session_not_found"),
            ({**ask, "regenerate": -1}, "bad_request"), ({**ask, "regenerate": 99}, "session_not_found"),
            ({**ask, "text": ""}, "empty_message"), ({**ask, "text": " \n\u3000 "}, "empty_message"),
            ({**ask, "text": "漫" * 1001}, "message_too_long"), ({**ask, "text": "a" * 60_000}, "message_too_long"),
            ({"type": "resume", "response_id": "r0_x"}, "bad_request"),
            ({"type": "resume", "response_id": "r0_x", "after_seq": -1}, "bad_request"),
            ({"type": "resume", "response_id": "r0_x", "after_seq": 1.5}, "bad_request"),
            ({"type": "ack", "response_id": "r0_x", "seq": "1"}, "bad_request"),
            ({"type": "stop"}, "bad_request"), ({"type": "sign_in", "token": "a.b.c"}, "invalid_customer_token"),
        ]
        async with Chat(self.port) as chat:
            for sent, code in [*bad.items(), *frames]:
                with self.subTest(frame=str(sent)[:60]):
                    await chat.send(sent)
                    error = await chat.of_type("error", "accepted", "gone")
                    self.assertEqual((error["type"], error.get("code")), ("error", code))
                    self.assertTrue(error["message"])
                    self.assertFalse(error["retryable"])
            self.assertTrue((await chat.ask(SHIPPING)).is_whole(), "the connection still works")
            self.assertEqual(len((await chat.ask("漫" * 1000)).of("final")), 1, "the limit itself is allowed")

    async def test_unknown_responses_are_gone(self):
        async with Chat(self.port) as chat:
            for id in ("r0_" + "A" * 22, "r9_" + "A" * 22, "r99999999999_" + "A" * 22, "nonsense", "r0_", "_"):
                await chat.send({"type": "stop", "response_id": id})
                await chat.send({"type": "resume", "response_id": id, "after_seq": 2**62})
                self.assertEqual(await chat.of_type("gone", "error"), {"type": "gone", "response_id": id})

    def closes_with(self, code, *frames):
        with RawWebSocket(self.port) as peer:
            self.assertEqual(peer.status, 101)
            peer.send(b"".join(frames))
            self.assertEqual(peer.close_code(), code)

    async def test_broken_frames_close_with_the_right_code(self):
        cut_letter = "漫".encode()[:2]
        cases = [
            ("unmasked", 1002, frame(b'{"type":"pong"}', is_masked=False)),
            ("reserved bits", 1002, frame(b"{}", reserved=4)),
            ("unknown opcode", 1002, frame(b"{}", opcode=3)),
            ("unknown control opcode", 1002, frame(b"", opcode=11)),
            ("fragmented control", 1002, frame(b"", opcode=raw.PING, is_final=False)),
            ("long control", 1002, frame(b"x" * 126, opcode=raw.PING)),
            ("continuation of nothing", 1002, frame(b"{}", opcode=raw.CONTINUATION)),
            ("text inside a message", 1002, frame(b"{", is_final=False) + frame(b"}")),
            ("close code 1005", 1002, frame(b"\x03\xed", opcode=raw.CLOSE)),
            ("invalid UTF-8", 1007, frame(b'{"type":"ask","text":"\xff\xfe"}')),
            ("overlong UTF-8", 1007, frame(b'"\xc0\xaf"')),
            ("a surrogate", 1007, frame(b'"\xed\xa0\x80"')),
            ("a cut letter", 1007, frame(cut_letter)),
            ("a letter cut by fragments", 1007,
             frame(cut_letter, is_final=False) + frame(b"x", opcode=raw.CONTINUATION)),
            ("oversized", 1009, frame(b"x" * 65_537)),
            ("oversized in fragments", 1009, frame(b"x" * 40_000, is_final=False)
             + frame(b"x" * 40_000, opcode=raw.CONTINUATION)),
            ("oversized by its word", 1009, frame(b"", length=2**40)),
        ]
        for name, code, data in cases:
            with self.subTest(name):
                await asyncio.to_thread(self.closes_with, code, data)

    async def test_a_message_may_be_split_and_interleaved_with_pings(self):
        def talk():
            with RawWebSocket(self.port) as peer:
                peer.read()  # hello
                peer.send(frame('{"type":"漫'.encode()[:11], is_final=False) + frame(b"are you there", opcode=raw.PING))
                self.assertEqual(peer.read(), (raw.PONG, b"are you there"))
                peer.send(frame('{"type":"漫'.encode()[11:] + b'"}', opcode=raw.CONTINUATION))
                self.assertIn(b"unknown frame", peer.read()[1])
                peer.send(frame(b"", opcode=raw.CLOSE))
                self.assertEqual(peer.read()[0], raw.CLOSE)
        await asyncio.to_thread(talk)

    async def test_a_flood_is_closed(self):
        def flood():
            with RawWebSocket(self.port) as peer:
                peer.send(frame(b'{"type":"pong"}') * 400)
                self.assertEqual(peer.close_code(), 1008)
        await asyncio.to_thread(flood)

    async def test_empty_fragments_without_end_do_not_hold_the_server(self):
        def flood():
            with RawWebSocket(self.port) as peer:
                peer.send(frame(b"", is_final=False) + frame(b"", opcode=raw.CONTINUATION, is_final=False) * 10_000)
                self.assertEqual(call(self.port, "GET", "/healthz").status, 200)
        await asyncio.to_thread(flood)


class Origins(ChatTest):
    """Only exact matches pass: a browser sends the visitor's cookie whatever page asks it to."""

    config = {"auth": {"allowed_origins": ["https://shop.example", "http://shop.example:8443"]}}

    def status(self, *headers):
        with RawWebSocket(self.port, headers) as peer:
            return peer.status

    def test_own_and_listed_origins_pass(self):
        for origin in ("https://shop.example", "http://shop.example:8443", f"http://127.0.0.1:{self.port}",
                       f"http://localhost:{self.port}", f"http://[::1]:{self.port}"):
            with self.subTest(origin):
                self.assertEqual(self.status(f"Origin: {origin}"), 101)

    def test_everything_else_is_refused(self):
        port = self.port
        tricks = [
            "null", "", "*", "https://evil.example", "http://shop.example", "https://shop.example:443",
            "https://shop.example:8443", "http://shop.example:8444", "https://SHOP.example", "HTTPS://shop.example",
            "https://shop.example/", "https://shop.example.", "https://shop.example.evil.example",
            "https://evil-shop.example", "https://shop.exampl", "https://shop.example@evil.example",
            "https://evil.example@shop.example", "https://shop.example evil", "https://shop.example,https://evil.example",
            "https://shop.example\thttps://evil.example", "https://xn--shop-.example", "//shop.example", "shop.example",
            "file://", "wss://shop.example", "https://shop.example#", "https://shop.example?", "https://shop%2eexample",
            f"http://127.0.0.1:{port + 1}", "http://127.0.0.1", f"http://127.0.0.2:{port}", f"http://2130706433:{port}",
            f"http://127.1:{port}", f"http://localhost.:{port}", f"http://localhost:{port}/", f"http://LOCALHOST:{port}",
            f"http://127.0.0.1:{port}.evil.example", f"http://[::ffff:127.0.0.1]:{port}", f"http://0.0.0.0:{port}",
            f"http://127.0.0.1:0{port}",
        ]
        for origin in tricks:
            with self.subTest(origin):
                self.assertEqual(self.status(f"Origin: {origin}"), 403)

    def test_without_an_origin_no_cookie_is_accepted(self):
        cookie = visitor(self.port)
        self.assertEqual(self.status(f"Cookie: {cookie}"), 403)
        self.assertEqual(self.status(f"Cookie: {cookie}", "Origin: null"), 403)
        self.assertEqual(self.status(), 101, "a program without cookies")

    def test_a_name_that_points_here_is_no_way_in(self):
        """DNS rebinding: the page's own host name resolves to this machine."""
        for host in ("evil.example", f"evil.example:{self.port}"):
            reply = call(self.port, "GET", "/ws", headers={
                "host": host, "origin": f"http://{host}", "upgrade": "websocket", "connection": "upgrade",
                "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-version": "13"})
            self.assertEqual(reply.status, 403)

    def test_a_plain_request_is_told_what_this_address_speaks(self):
        self.assertEqual(call(self.port, "GET", "/ws").status, 400)
        self.assertEqual(call(self.port, "POST", "/ws").status, 405)


if __name__ == "__main__":
    unittest.main()
