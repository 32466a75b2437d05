"""A client of /ws that keeps what it sees: frames in order, and answers put together from them."""

import asyncio
import hashlib
import itertools
import json

import websockets

from support.processes import PATIENCE_S

message_ids = (f"m-{number}" for number in itertools.count(1))


def hash_of(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class Answer:
    """The frames of one response, as one reader saw them."""

    def __init__(self, frames, accepted=None):
        self.frames = frames
        self.accepted = accepted
        self.types = [frame["type"] for frame in frames]
        self.seqs = [frame["seq"] for frame in frames if "seq" in frame]
        self.text = "".join(frame["text"] for frame in frames if frame["type"] == "delta")
        self.end = frames[-1] if frames else None

    @property
    def final(self):
        assert self.end["type"] == "final", self.end
        return self.end

    def is_whole(self):
        return hash_of(self.text) == self.final["text_hash"]

    def of(self, type):
        return [frame for frame in self.frames if frame["type"] == type]


class Chat:
    """One connection. `async with Chat(port) as chat`."""

    def __init__(self, port, cookie=None, key=None, customer=None, origin=None, path="/ws"):
        self.uri = f"ws://127.0.0.1:{port}{path}"
        headers = {"cookie": cookie, "authorization": key and f"Bearer {key}", "x-hayate-customer": customer}
        self.headers = {name: value for name, value in headers.items() if value}
        # A browser always tells where its page comes from; a cookie without it is refused.
        self.origin = origin or (f"http://127.0.0.1:{port}" if cookie else None)
        self.socket = None
        self.hello = None
        self._waiting = []  # frames that were read while looking for others

    async def __aenter__(self):
        self.socket = await websockets.connect(
            self.uri, extra_headers=self.headers, origin=self.origin, max_size=2**20,
            open_timeout=PATIENCE_S, close_timeout=5, ping_interval=None)
        self.hello = await self.frame()
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    def cut(self):
        """As when a cable is pulled: no closing handshake."""
        self.socket.transport.abort()

    async def send(self, frame):
        await self.socket.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    async def _receive(self):
        text = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
        assert isinstance(text, str), "a binary frame"
        return json.loads(text)

    async def frame(self, wanted=lambda frame: True):
        """The next frame that is wanted; the others stay for later. Pings are answered."""
        for at, frame in enumerate(self._waiting):
            if wanted(frame):
                return self._waiting.pop(at)
        while True:
            frame = await self._receive()
            if frame["type"] == "ping":
                await self.send({"type": "pong"})
            elif wanted(frame):
                return frame
            else:
                self._waiting.append(frame)

    async def of_type(self, *types):
        return await self.frame(lambda frame: frame["type"] in types)

    async def submit(self, text, **fields):
        """Sends a question; the accepted frame, or the error that refuses it."""
        ask = {"type": "ask", "client_msg_id": next(message_ids), "text": text, **fields}
        await self.send(ask)
        return await self.frame(lambda frame: frame.get("client_msg_id") == ask["client_msg_id"])

    async def next_of(self, response_id):
        return await self.frame(lambda frame: frame.get("response_id") == response_id
                                and frame["type"] != "accepted")

    async def follow(self, response_id, until=lambda frames: False):
        """Frames of a response until its end, or until `until(frames)`."""
        frames = []
        while not until(frames):
            frames.append(await self.next_of(response_id))
            if frames[-1]["type"] in ("final", "error", "gone"):
                break
        return frames

    async def ask(self, text, **fields):
        """A question and its whole answer."""
        accepted = await self.submit(text, **fields)
        assert accepted["type"] == "accepted", accepted
        return Answer(await self.follow(accepted["response_id"]), accepted)

    async def resume(self, response_id, after_seq):
        await self.send({"type": "resume", "response_id": response_id, "after_seq": after_seq})
        return Answer(await self.follow(response_id))

    async def closed(self):
        """Waits for the end of the connection: (code, reason)."""
        try:
            while True:
                self._waiting.append(await self._receive())
        except websockets.ConnectionClosed:
            return self.socket.close_code, self.socket.close_reason


async def is_healthy(port):
    """Whether a new customer is answered."""
    async with Chat(port) as chat:
        return (await chat.ask("Do you ship to Osaka?")).is_whole()
