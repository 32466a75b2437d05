"""`kill -9` of the server at random moments: what a customer was told is kept, the rest is marked.

The moments are counted in frames that the customers have seen, from a fixed seed.
"""

import asyncio
import contextlib
import random
import sqlite3
import unittest

import websockets

from support.chat import Answer, Chat, hash_of
from support.http import call, cookie_of
from support.processes import Mock, Server
from support.shop import fresh_data

KILLS = 24
CUSTOMERS = 4
SEED = 7


class Turn:
    """What one customer saw of one turn."""

    def __init__(self, accepted, question):
        self.session, self.number = accepted["session"], accepted["turn"]
        self.response_id = accepted["response_id"]
        self.question = question
        self.frames = []

    @property
    def answer(self):
        return Answer(self.frames)

    @property
    def has_ended(self):
        return bool(self.frames) and self.frames[-1]["type"] == "final"


class Customers:
    """Ask without pause until the server dies; every frame may be the one that pulls the trigger."""

    def __init__(self, port, cookie, trigger):
        self.port, self.cookie = port, cookie
        self.turns = []
        self._trigger = trigger

    async def _ask(self, name):
        with contextlib.suppress(OSError, websockets.WebSocketException, asyncio.TimeoutError):
            async with Chat(self.port, cookie=self.cookie) as chat:
                session = {}
                for number in range(1, 10_000):
                    question = f"{name} asks number {number}: do you have One Piece?"
                    turn = Turn(await chat.submit(question, client_msg_id=f"{name}-{number}", **session), question)
                    self.turns.append(turn)
                    self._trigger()
                    while not turn.has_ended:
                        turn.frames.append(await chat.next_of(turn.response_id))
                        self._trigger()
                    # Half of the questions go on in the conversation, half open a new one.
                    session = {"session": turn.session} if number % 2 else {}

    async def run(self, round):
        await asyncio.gather(*(self._ask(f"round {round} customer {number}") for number in range(CUSTOMERS)))


class Killed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mock = Mock(ttft="uniform:0,20", rate=600, tokens="uniform:1,60", seed=SEED)
        cls.addClassCleanup(cls.mock.stop)
        cls.data = fresh_data()
        cls.config = {"models": cls.mock.models(), "log_level": "warning"}
        cls.turns = cls.kill_again_and_again()
        # A last, orderly start and stop marks what the last kill left open.
        server = cls.start()
        cls.stored_on_page = cls.read_by_page(server.port)
        cls.exit_code = server.stop()
        cls.stored = cls.read_database()

    @classmethod
    def start(cls):
        return Server(cls.config, cls.data, "--threads", 2)

    @classmethod
    def kill_again_and_again(cls):
        moments = random.Random(SEED)
        turns = []
        cls.cookie = None
        for round in range(KILLS):
            server = cls.start()
            cls.cookie = cls.cookie or cookie_of(call(server.port, "GET", "/"))
            left = moments.randint(1, 250)

            def trigger():
                nonlocal left
                left -= 1
                if left == 0:
                    server.child.kill()

            customers = Customers(server.port, cls.cookie, trigger)
            asyncio.run(customers.run(round))
            assert left <= 0 and server.wait() == -9, f"it ended by itself:\n{server.output}"
            turns += customers.turns
        return turns

    @classmethod
    def read_by_page(cls, port):
        """One session of each round, as the page shows it."""
        stored = {}
        for session in {turn.session for turn in cls.turns[::20]}:
            reply = call(port, "GET", f"/api/sessions/{session}", headers={"cookie": cls.cookie})
            for turn in reply.json()["turns"]:
                stored[session, turn["turn"]] = (turn["question"], turn["answer"], turn["state"])
        return stored

    @classmethod
    def read_database(cls):
        with contextlib.closing(sqlite3.connect(cls.data / "hayate.db")) as database:
            cls.integrity = database.execute("PRAGMA integrity_check").fetchall()
            cls.orphans = database.execute("PRAGMA foreign_key_check").fetchall()
            rows = database.execute("SELECT session, number, question, answer, state FROM turns").fetchall()
        return {(session, number): tuple(rest) for session, number, *rest in rows}

    def test_the_run_was_worth_it(self):
        ended = [turn for turn in self.turns if turn.has_ended]
        begun = [turn for turn in self.turns if not turn.has_ended and turn.answer.text]
        self.assertGreater(len(ended), KILLS)
        self.assertGreater(len(begun), KILLS // 2, "kills hit answers in progress")

    def test_every_acknowledged_question_is_kept(self):
        for turn in self.turns:
            self.assertEqual(self.stored[turn.session, turn.number][0], turn.question)

    def test_every_answer_that_was_said_to_be_final_is_kept_whole(self):
        for turn in filter(lambda turn: turn.has_ended, self.turns):
            _, answer, state = self.stored[turn.session, turn.number]
            self.assertEqual(state, "complete")
            self.assertEqual(answer, turn.answer.text)
            self.assertEqual(hash_of(answer), turn.answer.final["text_hash"])

    def test_the_others_are_marked(self):
        for turn in filter(lambda turn: not turn.has_ended, self.turns):
            _, answer, state = self.stored[turn.session, turn.number]
            # The answer may have been stored just before the kill, with `final` still on its way.
            self.assertIn(state, ("incomplete", "complete"))
            if state == "complete":
                self.assertTrue(answer.startswith(turn.answer.text))
        self.assertEqual({state for *_, state in self.stored.values()}, {"complete", "incomplete"})

    def test_nothing_is_stored_that_nobody_asked(self):
        """A question may be stored whose `accepted` was cut off, at most one per customer and kill."""
        known = {(turn.session, turn.number) for turn in self.turns}
        unknown = [row for key, row in self.stored.items() if key not in known]
        self.assertLessEqual(len(unknown), KILLS * CUSTOMERS)
        for question, _, state in unknown:
            self.assertRegex(question, r"^round \d+ customer \d asks number \d+")

    def test_the_database_is_sound(self):
        self.assertEqual(self.exit_code, 0)
        self.assertEqual(self.integrity, [("ok",)])
        self.assertEqual(self.orphans, [])

    def test_the_page_shows_what_is_stored(self):
        self.assertTrue(self.stored_on_page)
        for key, turn in self.stored_on_page.items():
            self.assertEqual(turn, self.stored[key])


class Afterwards(unittest.TestCase):
    def test_a_lost_answer_is_gone_and_can_be_asked_for_again(self):
        mock = Mock(ttft=1, rate=50, tokens=200)
        self.addCleanup(mock.stop)
        data = fresh_data()
        server = Server({"models": mock.models()}, data)
        self.addCleanup(server.stop)
        cookie = cookie_of(call(server.port, "GET", "/"))

        async def begin():
            async with Chat(server.port, cookie=cookie) as chat:
                accepted = await chat.submit("Do you ship to Osaka?", client_msg_id="lost")
                await chat.follow(accepted["response_id"], lambda frames: frames and frames[-1]["type"] == "delta")
                server.child.kill()
                return accepted

        async def again(port):
            async with Chat(port, cookie=cookie) as chat:
                self.assertEqual((await chat.resume(lost["response_id"], 0)).end["type"], "gone")
                resent = await chat.submit("Do you ship to Osaka?", client_msg_id="lost")
                self.assertEqual(resent["response_id"], lost["response_id"], "accepted is accepted")
                self.assertEqual((await chat.next_of(lost["response_id"]))["type"], "gone")
                accepted = await chat.submit("", session=lost["session"], regenerate=1)
                await chat.send({"type": "stop", "response_id": accepted["response_id"]})
                return (await chat.follow(accepted["response_id"]))[-1]

        lost = asyncio.run(begin())
        server.wait()
        restarted = Server({"models": mock.models()}, data)
        self.addCleanup(restarted.stop)
        shown = call(restarted.port, "GET", f"/api/sessions/{lost['session']}", headers={"cookie": cookie}).json()
        self.assertEqual([turn["state"] for turn in shown["turns"]], ["incomplete"])
        self.assertIsNone(shown["running"])
        self.assertEqual(asyncio.run(again(restarted.port))["finish"], "stopped")


if __name__ == "__main__":
    unittest.main()
