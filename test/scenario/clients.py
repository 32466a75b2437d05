"""The customers of a scenario: a page on /ws with its cookie, and a program on /v1/chat/completions."""

import asyncio
import hashlib
import http.client
import json
import urllib.request

import websockets

# Shown while the customer waits; a scenario names only those it cares about.
PASSING = {"hello", "accepted", "status", "card", "source", "ping"}


def http_call(method, url, body=None, fields=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {**(fields or {}), "content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.headers, response.read()


class Admin:
    """The operator, signed in with the link that the server printed; it is good for one sign-in."""

    @classmethod
    def of(cls, server):
        if not hasattr(server, "signed_in_operator"):
            server.signed_in_operator = cls(server)
        return server.signed_in_operator

    def __init__(self, server):
        self._server = server
        link = server.wait_for(r"http://[\d.]+:\d+(/admin/login\?token=\S+)")[1]
        connection = http.client.HTTPConnection("127.0.0.1", server.admin_port, timeout=60)
        connection.request("GET", link)
        self._cookie = connection.getresponse().headers["set-cookie"].split(";")[0]
        connection.close()

    def get(self, path):
        return json.loads(http_call("GET", self._server.admin_url(path), fields={"cookie": self._cookie})[1])


class Page:
    """A visitor of the page: one cookie, one socket at a time."""

    def __init__(self, server):
        self._server = server
        self._origin = server.url("")
        headers, _ = http_call("GET", server.url("/"))
        self._cookie = headers["set-cookie"].split(";")[0]
        self._socket = None
        self.session = self.response_id = None
        self.seq, self.text = 0, ""
        self._unread = ""  # deltas that have arrived and were not asked for yet
        self._asked = 0

    def sign_in(self, customer):
        fields = {"cookie": self._cookie, "x-hayate-page": "1"}
        headers, _ = http_call("POST", self._server.url("/api/sign-in"), {"customer_id": customer}, fields)
        self._cookie = headers["set-cookie"].split(";")[0]

    async def connect(self):
        uri = self._server.url("/ws").replace("http", "ws", 1)
        self._socket = await websockets.connect(uri, origin=self._origin, compression=None,
                                                extra_headers={"cookie": self._cookie})

    async def send(self, frame):
        await self._socket.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    async def ask(self, text, **more):
        self._asked += 1
        frame = {"type": "ask", "client_msg_id": f"m{self._asked}", "text": text}
        if self.session:
            frame["session"] = self.session
        await self.send({**frame, **more})

    async def frame(self, wanted):
        """The next frame of type `wanted`; deltas are collected, what is only shown is passed over."""
        while True:
            frame = json.loads(await self._socket.recv())
            kind = frame["type"]
            if "seq" in frame:
                assert frame["seq"] > self.seq, f"seq {frame['seq']} after {self.seq}"
                self.seq = frame["seq"]
            if kind == "accepted":
                self.session, self.response_id = frame["session"], frame["response_id"]
                self.seq, self.text, self._unread = 0, "", ""
            if kind == "delta":
                self.text += frame["text"]
                self._unread += frame["text"]
            if kind == "final":
                digest = hashlib.sha256(self.text.encode()).hexdigest()
                assert frame["text_hash"] == "sha256:" + digest, "the text is not what the server made"
            if kind == wanted:
                return frame
            assert kind in PASSING or kind == "delta", f"expected {wanted}, got {frame}"

    async def read(self, text):
        """Exactly `text` is what comes next, in however many deltas."""
        while len(self._unread) < len(text):
            await self.frame("delta")
        assert self._unread.startswith(text), f"expected {text!r}, got {self._unread!r}"
        self._unread = self._unread[len(text):]

    def unread(self):
        return self._unread

    def drop(self):
        self._socket.transport.abort()

    def stored(self):
        _, body = http_call("GET", self._server.url(f"/api/sessions/{self.session}"), fields={"cookie": self._cookie})
        return json.loads(body)["turns"]


class Program:
    """An API client that reads what comes, as it comes."""

    def __init__(self, server):
        self._server = server
        self._reader = self._writer = None
        self.status, self.fields = 0, {}
        self.text, self.body = "", b""

    async def post(self, model, text, stream):
        body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": text}],
                           **({"stream_options": {"include_usage": True}} if stream else {})}).encode()
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        self._writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                           b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        await self._writer.drain()

    async def head(self):
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.fields = dict(line.split(": ", 1) for line in lines[1:] if line)

    async def json(self):
        return json.loads(await self._reader.readexactly(int(self.fields["content-length"])))

    async def event(self):
        """The next SSE event; None at the end of the stream."""
        while b"\n\n" not in self.body:
            size = int(await self._reader.readuntil(b"\r\n"), 16)
            chunk = await self._reader.readexactly(size + 2)
            if size == 0:
                return None
            self.body += chunk[:-2]
        event, self.body = self.body.split(b"\n\n", 1)
        data = event.decode().removeprefix("data: ")
        if data == "[DONE]":
            return "[DONE]"
        parsed = json.loads(data)
        for choice in parsed.get("choices", []):
            self.text += choice["delta"].get("content") or ""
        return parsed

    async def read(self, text):
        while len(self.text) < len(text):
            event = await self.event()
            assert event not in (None, "[DONE]") and "error" not in event, f"wanted {text!r}, got {event}"
        assert self.text.startswith(text), f"expected {text!r}, got {self.text!r}"
        self.text = self.text[len(text):]

    async def closed(self):
        assert await self._reader.read() == b""

    def drop(self):
        self._writer.transport.abort()
