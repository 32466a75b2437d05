"""Thumbs, and what became of each turn: kept, owned, exported, taught to the route, and safe from `kill -9`."""

import asyncio
import json
import secrets
import unittest

from support.chat import Chat
from support.http import ask_api, call, cookie_of, error_of
from support.processes import Mock, Server, wait_until
from support.shop import fresh_data
from support.tokens import claims, hs256

QUESTION = "Do you ship to Osaka?"
UNKNOWN = "r0_" + "A" * 22


class FeedbackTest(unittest.TestCase):
    """A server whose answers come from a mock that no gate looks at."""

    auth = {}
    environment = {}
    pace = {"ttft": 1, "rate": 2000, "tokens": 12, "seed": 5}

    @classmethod
    def setUpClass(cls):
        cls.mock = Mock(**cls.pace)
        cls.addClassCleanup(cls.mock.stop)
        cls.data = fresh_data()
        cls.start()
        cls.addClassCleanup(lambda: cls.server.stop())
        cls.admin = cls.server.new_key("admin")["key"]

    @classmethod
    def models(cls):
        return cls.mock.models()

    @classmethod
    def start(cls):
        cls.server = Server({"models": cls.models(), "auth": cls.auth}, cls.data, "--threads", 2, **cls.environment)
        cls.port = cls.server.port

    def visitor(self):
        return cookie_of(call(self.port, "GET", "/"))

    def customer(self, id):
        reply = call(self.port, "POST", "/api/sign-in", json={"customer_id": id},
                     headers={"cookie": self.visitor(), "x-hayate-page": "1"})
        self.assertEqual(reply.status, 200)
        return cookie_of(reply)

    def ask(self, cookie, text=QUESTION):
        async def talk():
            async with Chat(self.port, cookie=cookie) as chat:
                return await chat.ask(text)
        return asyncio.run(talk())

    def thumb_by_socket(self, response_id, thumb, **identity):
        """The frame that answers."""
        async def talk():
            async with Chat(self.port, **identity) as chat:
                await chat.send({"type": "feedback", "client_msg_id": "f-1", "response_id": response_id, "thumb": thumb})
                return await chat.frame(lambda frame: frame.get("client_msg_id") == "f-1")
        return asyncio.run(talk())

    def thumb(self, response_id, thumb, key=None, customer=None, **fields):
        given = {"authorization": f"Bearer {key or self.admin}", "x-hayate-customer": customer}
        headers = {name: value for name, value in given.items() if value}
        return call(self.port, "POST", "/v1/feedback", headers=headers,
                    json={"response_id": response_id, "thumb": thumb, **fields})

    def shown_thumbs(self, cookie, session):
        reply = call(self.port, "GET", f"/api/sessions/{session}", headers={"cookie": cookie})
        return [turn["thumb"] for turn in reply.json()["turns"]]

    def operator(self, path, status=200):
        reply = call(self.server.admin_port, "GET", path, headers={"authorization": f"Bearer {self.admin}"})
        self.assertEqual(reply.status, status, reply.body)
        return reply

    def outcomes(self, query=""):
        return self.operator("/admin/outcomes" + query).json()["outcomes"]

    def outcome(self, response_id):
        return next(one for one in self.outcomes("?count=200") if one["response_id"] == response_id)

    def quality(self):
        rows = self.operator("/admin/quality").json()["quality"]
        return {(row["intent"], row["tier"], row["model"]): row for row in rows}


class Thumbs(FeedbackTest):
    def test_the_last_one_wins_and_stays_with_the_turn(self):
        cookie = self.visitor()
        answer = self.ask(cookie)
        response_id, session = answer.accepted["response_id"], answer.accepted["session"]
        self.assertEqual(self.shown_thumbs(cookie, session), ["none"])
        for thumb in ("up", "up", "down", "none", "down"):
            kept = self.thumb_by_socket(response_id, thumb, cookie=cookie)
            self.assertEqual(kept, {"type": "feedback", "response_id": response_id, "thumb": thumb,
                                    "client_msg_id": "f-1"})
            self.assertEqual(self.shown_thumbs(cookie, session), [thumb])
        outcome = self.outcome(response_id)
        self.assertEqual((outcome["thumb"], outcome["verdict"], outcome["session"]), ("down", "unchecked", session))

    def test_the_answer_of_an_api_client_is_rated_by_its_id(self):
        key = self.server.new_key("user")["key"]
        wait_until(lambda: ask_api(self.port, QUESTION, key=key).status == 200, "the key is known")
        whole = ask_api(self.port, QUESTION, key=key).json()["id"]
        events = ask_api(self.port, QUESTION, key=key, stream=True).body.split("\n\n")
        streamed = {json.loads(event[6:])["id"] for event in events if event.startswith("data: {")}
        self.assertEqual(len(streamed), 1, "one id in all chunks")
        for id in (whole, *streamed):
            response_id = id.removeprefix("chatcmpl-")
            for named in (id, response_id):
                kept = self.thumb(named, "down", key=key)
                self.assertEqual((kept.status, kept.json()), (200, {"response_id": response_id, "thumb": "down"}))
            self.assertEqual(self.outcome(response_id)["thumb"], "down")

    def test_it_is_counted(self):
        cookie = self.visitor()
        response_id = self.ask(cookie).accepted["response_id"]
        self.thumb_by_socket(response_id, "up", cookie=cookie)
        metrics = self.operator("/metrics").body
        self.assertRegex(metrics, r'hayate_outcomes_total\{intent="\w+",model="\w+",outcome="unchecked"\} \d')
        self.assertRegex(metrics, r'hayate_feedback_total\{intent="\w+",model="\w+",thumb="up"\} \d')

    def test_a_removed_conversation_keeps_the_lesson_but_not_the_customer(self):
        cookie = self.customer("c-003")
        answer = self.ask(cookie)
        response_id = answer.accepted["response_id"]
        self.assertEqual(self.outcome(response_id)["owner"], "customer:c-003")
        removed = call(self.port, "DELETE", f"/api/sessions/{answer.accepted['session']}",
                       headers={"cookie": cookie, "x-hayate-page": "1"})
        self.assertEqual(removed.status, 204)
        outcome = self.outcome(response_id)
        self.assertEqual((outcome["owner"], outcome["session"]), (None, None))
        self.assertEqual(self.thumb_by_socket(response_id, "up", cookie=cookie)["code"], "answer_not_found")

    def test_too_many_are_refused_for_this_owner_alone(self):
        key, other = (self.server.new_key("user")["key"] for _ in range(2))
        wait_until(lambda: self.thumb(UNKNOWN, "up", key=other).status == 404, "the keys are known")
        replies = [self.thumb(UNKNOWN, "up", key=key) for _ in range(70)]
        self.assertEqual({reply.status for reply in replies}, {404, 429})
        refused = replies[-1]
        self.assertEqual((refused.status, error_of(refused)["code"]), (429, "rate_limited"))
        self.assertGreater(int(refused.headers["retry-after"]), 0)
        frame = self.thumb_by_socket(UNKNOWN, "up", key=key)
        self.assertEqual((frame["type"], frame["code"], frame["retryable"]), ("error", "rate_limited", True))
        self.assertEqual(self.thumb(UNKNOWN, "up", key=other).status, 404)

    def test_bad_input_is_refused_and_named(self):
        good = {"response_id": UNKNOWN, "thumb": "up"}
        for fields, param in (({"thumb": None}, "thumb"), ({"thumb": 1}, "thumb"), ({"thumb": "UP"}, "thumb"),
                              ({"response_id": ""}, "response_id"), ({"response_id": 7}, "response_id"),
                              ({"response_id": "r" * 200}, "response_id"), ({"user": []}, "user")):
            with self.subTest(fields):
                reply = self.post(json={**good, **fields})
                self.assertEqual((reply.status, error_of(reply)["param"]), (400, param))
                frame = self.bad_frame({"type": "feedback", **good, **fields})
                if param != "user":  # which a frame does not have
                    self.assertEqual((frame["type"], frame["code"], frame["param"]), ("error", "bad_request", param))
        for body in (b"", b"{", b"[]", b"null", b'"up"', b"\xff", b"{}" * 2, b"[" * 5000):
            with self.subTest(body[:10]):
                self.assertEqual(self.post(body=body).status, 400)
        self.assertEqual(self.thumb("'; DROP TABLE outcomes; --", "up").status, 404)

    def post(self, **body):
        return call(self.port, "POST", "/v1/feedback", headers={"authorization": f"Bearer {self.admin}"}, **body)

    def bad_frame(self, frame):
        async def talk():
            async with Chat(self.port, cookie=self.visitor()) as chat:
                await chat.send(frame)
                return await chat.frame()
        return asyncio.run(talk())


class Owners(FeedbackTest):
    """Another's answer looks like an unknown one on every front, and nothing happens to it."""

    secret = secrets.token_urlsafe(32)
    auth = {"customer_token": {"hs256_secret_env": "SHOP_SECRET"}}
    environment = {"SHOP_SECRET": secret}

    def test_only_its_own_customer_rates_an_answer(self):
        cookie = self.customer("c-001")
        response_id = self.ask(cookie).accepted["response_id"]
        service, shop = self.server.new_key("service")["key"], self.server.new_key("service", "other")["key"]
        wait_until(lambda: self.thumb(UNKNOWN, "up", key=shop).status == 404, "the keys are known")
        token = hs256(self.secret, claims("c-002"))
        strangers = {
            "another customer": {"customer": token},
            "a service for another customer": {"key": service, "user": "c-002"},
            "a service for itself": {"key": service},
            "another shop's service for the same customer": {"key": shop, "user": "c-001"},
            "the operator": {"key": self.admin},
        }
        for name, who in strangers.items():
            with self.subTest(name):
                foreign, unknown = self.thumb(response_id, "down", **who), self.thumb(UNKNOWN, "down", **who)
                self.assertEqual((foreign.status, error_of(foreign)["code"]), (404, "answer_not_found"))
                self.assertEqual((foreign.status, foreign.body), (unknown.status, unknown.body))
        for name, who in {"another's token": {"customer": token}, "another": {"cookie": self.customer("c-002")},
                          "nobody": {}}.items():
            with self.subTest("socket, " + name):
                foreign = self.thumb_by_socket(response_id, "down", **who)
                self.assertEqual((foreign["type"], foreign["code"]), ("error", "answer_not_found"))
                self.assertEqual(foreign, self.thumb_by_socket(UNKNOWN, "down", **who))
        self.assertEqual(self.outcome(response_id)["thumb"], "none")
        for name, who in {"token": {"customer": hs256(self.secret, claims("c-001"))},
                          "page": {"cookie": cookie}}.items():
            self.assertEqual(self.thumb_by_socket(response_id, "up", **who)["type"], "feedback", name)
        self.assertEqual(self.outcome(response_id)["thumb"], "up")
        for name, who in {"service": {"key": service, "user": "c-001"},
                          "token": {"customer": hs256(self.secret, claims("c-001"))}}.items():
            self.assertEqual(self.thumb(response_id, "down", **who).status, 200, name)
        self.assertEqual(self.outcome(response_id)["thumb"], "down")


class Running(FeedbackTest):
    pace = {"ttft": 1, "rate": 20, "tokens": 400, "seed": 5}

    def test_an_answer_that_has_not_ended_cannot_be_rated_yet_and_one_that_was_stopped_can(self):
        async def talk():
            async with Chat(self.port) as chat:
                accepted = await chat.submit(QUESTION)
                response_id = accepted["response_id"]
                await chat.follow(response_id, lambda frames: frames and frames[-1]["type"] == "delta")

                async def rate(id):
                    await chat.send({"type": "feedback", "client_msg_id": id, "response_id": response_id,
                                     "thumb": "up"})
                    return await chat.frame(lambda frame: frame.get("client_msg_id") == id)
                early = await rate("early")
                await chat.send({"type": "stop", "response_id": response_id})
                final = (await chat.follow(response_id))[-1]
                return early, final, await rate("late")
        early, final, late = asyncio.run(talk())
        self.assertEqual((early["type"], early["code"]), ("error", "answer_not_found"))
        self.assertNotIn("response_id", early, "it is not the end of that answer")
        self.assertEqual(final["finish"], "stopped")
        self.assertEqual(late["thumb"], "up")
        outcome = self.outcome(late["response_id"])
        self.assertEqual((outcome["verdict"], outcome["thumb"]), ("stopped", "up"))


class Export(FeedbackTest):
    """What operators read, and take away for learning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cookie = cookie_of(call(cls.port, "GET", "/"))

        async def talk():
            async with Chat(cls.port, cookie=cls.cookie) as chat:
                answers = [await chat.ask(text) for text in ("hello", QUESTION, "送料はいくらですか？", QUESTION)]
                return [answer.accepted["response_id"] for answer in answers]
        cls.ids = asyncio.run(talk())

    def test_pages_and_filters(self):
        self.thumb_by_socket(self.ids[1], "down", cookie=self.cookie)
        page = self.operator("/admin/outcomes?count=3").json()
        self.assertEqual([one["response_id"] for one in page["outcomes"]], self.ids[:0:-1])
        rest = self.operator(f"/admin/outcomes?count=3&before={page['next']}").json()
        self.assertEqual([one["response_id"] for one in rest["outcomes"]], self.ids[:1])
        self.assertIsNone(rest["next"])
        greeting = rest["outcomes"][0]
        self.assertEqual((greeting["intent"], greeting["verdict"], greeting["model"]), ("greeting", "prepared", None))
        self.assertEqual([one["response_id"] for one in self.outcomes("?thumb=down")], [self.ids[1]])
        self.assertEqual([one["response_id"] for one in self.outcomes("?verdict=prepared")], [self.ids[0]])
        self.assertEqual([one["response_id"] for one in self.outcomes("?intent=greeting")], [self.ids[0]])
        self.assertEqual(self.outcome(self.ids[2])["language"], "ja")
        for query in ("count=0", "count=201", "before=x", "thumb=1", "verdict=good", "x=1", "thumb", "after=1"):
            with self.subTest(query):
                self.operator("/admin/outcomes?" + query, 400)

    def test_lines(self):
        reply = self.operator("/admin/outcomes.jsonl")
        self.assertEqual(reply.headers["content-type"], "application/x-ndjson")
        lines = [json.loads(line) for line in reply.body.splitlines()]
        self.assertEqual([one["response_id"] for one in lines], self.ids)
        later = self.operator(f"/admin/outcomes.jsonl?after={lines[2]['number']}").body
        self.assertEqual([json.loads(line)["response_id"] for line in later.splitlines()], self.ids[3:])
        self.assertEqual(self.operator("/admin/outcomes.jsonl?intent=none_such").body, "")
        for query in ("after=-1", "after=x", "before=1", "count=3", "thumb=maybe"):
            with self.subTest(query):
                self.operator("/admin/outcomes.jsonl?" + query, 400)
        for one in lines:
            self.assertNotIn(QUESTION, json.dumps(one), "neither questions nor answers are in it")


class ManyLines(FeedbackTest):
    def test_more_are_streamed_than_are_read_at_once(self):
        key = self.server.new_key("service", "many")["key"]
        wait_until(lambda: self.thumb(UNKNOWN, "up", key=key).status == 404, "the key is known")

        async def talk():
            async with Chat(self.port, key=key) as chat:
                for _ in range(230):
                    await chat.ask("hello")
        asyncio.run(talk())
        lines = self.operator("/admin/outcomes.jsonl?verdict=prepared").body.splitlines()
        numbers = [json.loads(line)["number"] for line in lines]
        self.assertEqual(len(numbers), 230)
        self.assertEqual(numbers, sorted(set(numbers)))


class Learning(FeedbackTest):
    """The route follows the customers' thumbs, and a killed server remembers them."""

    @classmethod
    def models(cls):
        # One is as good and as fast as the other, as far as the configuration knows: the preferred one answers.
        return cls.mock.models(quality=0.8, expected_first_token_ms=20, expected_tokens_per_s=1000)

    def answer(self, cookie):
        answer = self.ask(cookie)
        return answer.accepted["response_id"], answer.final["model"]

    def majority(self, cookie):
        """Which model answers: now and then the other one is tried, to learn about it."""
        models = [self.answer(cookie)[1] for _ in range(15)]
        return max(set(models), key=models.count)

    def test_thumbs_and_what_was_learned_survive_kill_9(self):
        cookie = self.visitor()
        preferred = self.majority(cookie)
        other = "fast" if preferred == "strong" else "strong"
        rated = []
        while len(rated) < 4:
            response_id, model = self.answer(cookie)
            if model == preferred:
                rated.append(response_id)
        for response_id in rated:
            self.assertEqual(self.thumb_by_socket(response_id, "down", cookie=cookie)["type"], "feedback")
        self.assertEqual(self.majority(cookie), other)
        # A write that was waited for comes after those that were not.
        last, _ = self.answer(cookie)
        self.thumb_by_socket(last, "none", cookie=cookie)
        before = self.quality()
        judged = [row for (_, _, model), row in before.items() if model == preferred]
        self.assertLess(min(row["expected"] for row in judged), 0.5)

        self.assertEqual(self.server.kill(), -9)
        type(self).start()
        after = self.quality()
        self.assertEqual(set(after), set(before))
        for key, row in before.items():
            for field in ("prior", "expected", "weight", "outcomes"):
                self.assertAlmostEqual(after[key][field], row[field], 3, f"{key} {field}")
        self.assertEqual({self.outcome(id)["thumb"] for id in rated}, {"down"})
        self.assertEqual(self.majority(cookie), other)
        # Taken back, they were never given.
        for response_id in rated:
            self.thumb_by_socket(response_id, "none", cookie=cookie)
        self.assertEqual(min(row["expected"] for row in self.quality().values()), 0.8)
        self.assertEqual(self.majority(cookie), preferred)


class Verdicts(FeedbackTest):
    """With the gate: what it rejected is told with its reason, and teaches."""

    @classmethod
    def models(cls):
        return cls.mock.models(gate=True)

    def test_rejected_answers_are_told(self):
        cookie = self.visitor()
        response_id = self.ask(cookie, "Do you have Frieren volume 3?").accepted["response_id"]
        outcome = self.outcome(response_id)
        self.assertEqual(outcome["verdict"], "degraded", "what a mock says rests on nothing")
        self.assertIsNone(outcome["model"])
        self.assertIn("answer", outcome["degraded"])
        self.assertTrue(outcome["rejected"])
        for rejected in outcome["rejected"]:
            self.assertIn(rejected["model"], ("fast", "strong"))
            self.assertTrue(rejected["reason"])
            row = self.quality()[outcome["intent"] or "unsure", outcome["tier"], rejected["model"]]
            self.assertLess(row["expected"], row["prior"])
        # A thumb for the shop's own words says nothing of the models.
        before = self.quality()
        self.assertEqual(self.thumb_by_socket(response_id, "up", cookie=cookie)["thumb"], "up")
        self.assertEqual(self.quality(), before)


if __name__ == "__main__":
    unittest.main()
