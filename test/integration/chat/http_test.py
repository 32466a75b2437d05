"""Requests whose end two servers could see at different places: one refusal, and the connection closes."""

import random
import re
import select
import socket
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.framing import AMBIGUOUS, CLEAR, HIDDEN, damaged, still_ambiguous
from support.http import call, exchange
from support.processes import Server, wait_until
from support.shop import temporary_folder

MUTATIONS = 1000
SEED = 32
STATUS = re.compile(rb"HTTP/1\.1 (\d\d\d) [^\r\n]+\r\n")


def responses(data):
    """The status of each response in what a server sent; everything must belong to one of them."""
    statuses = []
    while data:
        found = STATUS.match(data)
        assert found, f"not a response: {data[:200]}"
        head, mark, data = data.partition(b"\r\n\r\n")
        assert mark, f"a cut head: {head}"
        length = re.search(rb"\r\ncontent-length: (\d+)", head)
        if found[1] != b"100":
            assert length and len(data) >= int(length[1]), head
            statuses.append((int(found[1]), b"\r\nconnection: close" in head))
            data = data[int(length[1]):]
    return statuses


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server({"assistant": "", "models": {"fast": {"provider": "simulated"}}}, temporary_folder(),
                            "--threads", 2)
        cls.addClassCleanup(cls.server.stop)
        cls.port = cls.server.port

    def tearDown(self):
        self.assertTrue(self.server.is_running())
        self.assertEqual(call(self.port, "GET", "/healthz").body, "ok\n")

    def assert_refused_once(self, name, data):
        # Not half-closed: it is the server that must end the connection.
        answers = responses(exchange(self.port, data + HIDDEN, half_close=False))
        self.assertEqual(len(answers), 1, f"{name}: {answers} to {data[:300]}")
        ((status, closes),) = answers
        self.assertTrue(400 <= status < 500 and closes, f"{name}: {answers} to {data[:300]}")

    def test_what_is_clear_is_answered_and_the_next_request_as_well(self):
        for name, (data, status) in CLEAR.items():
            with self.subTest(name):
                answers = responses(exchange(self.port, data + HIDDEN, half_close=False))
                self.assertEqual([answer[0] for answer in answers], [status, 200])

    def test_what_is_ambiguous_is_refused_once(self):
        self.assertGreaterEqual(len(AMBIGUOUS), 43)
        for name, data in AMBIGUOUS.items():
            with self.subTest(name):
                self.assert_refused_once(name, data)

    def test_ambiguous_requests_in_other_words(self):
        dice = random.Random(SEED)
        names = list(AMBIGUOUS)
        mutations = [(name, still_ambiguous(AMBIGUOUS[name], dice))
                     for name in (dice.choice(names) for _ in range(MUTATIONS))]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda mutation: self.assert_refused_once(*mutation), mutations))

    def test_damaged_requests_never_get_an_answer_too_many(self):
        """Whatever the damage made of it: what is served has a request line; what is refused ends the connection."""
        dice = random.Random(SEED + 1)
        sources = [*AMBIGUOUS.values(), *(data for data, _ in CLEAR.values())]

        def check(data):
            answers = responses(exchange(self.port, data))
            served = [status for status, closes in answers if not closes]
            self.assertLessEqual(len(served), data.count(b"HTTP/1."), f"{answers} to {data}")
            self.assertFalse([True for _, closes in answers[:-1] if closes], f"{answers} to {data}")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(check, [damaged(dice.choice(sources), dice) for _ in range(MUTATIONS)]))

    def test_the_pieces_a_request_arrives_in_do_not_matter(self):
        dice = random.Random(SEED + 2)
        for name in dice.sample(list(AMBIGUOUS), 12):
            with self.subTest(name), socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                received = b""
                try:
                    for byte in (AMBIGUOUS[name] + HIDDEN)[:2000]:
                        connection.sendall(bytes([byte]))
                    if len(AMBIGUOUS[name]) < 2000:
                        while chunk := connection.recv(65536):
                            received += chunk
                        self.assertEqual(len(responses(received)), 1)
                except ConnectionError:
                    pass  # the rest was sent to a connection that had been closed

    def test_a_head_that_trickles_is_cut_off(self):
        """Slowloris: each connection sends a byte whenever nothing happens, and never ends its head."""
        connections = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(50)]
        self.addCleanup(lambda: [one.close() for one in connections])
        for one in connections:
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        open_ones = set(connections)

        def all_are_closed():
            for one in select.select(list(open_ones), [], [], 0.5)[0]:
                try:
                    self.assertEqual(one.recv(4096), b"", "cut off without a word")
                except ConnectionError:
                    pass
                open_ones.discard(one)
            for one in list(open_ones):
                try:
                    one.sendall(b"a")
                except ConnectionError:
                    open_ones.discard(one)
            self.assertEqual(call(self.port, "GET", "/healthz").status, 200, "others are served meanwhile")
            return not open_ones

        wait_until(all_are_closed, "the server ends them all")


if __name__ == "__main__":
    unittest.main()
