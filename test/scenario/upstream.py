"""The model vendor, played by the scenario: an OpenAI-compatible server that does what it is told, byte by byte."""

import asyncio
import json


class Call:
    """One call of the server under test. `closed` is done when the caller has closed its connection."""

    def __init__(self, path, body, writer, closed):
        self.path, self.body, self.closed = path, body, closed
        self._writer = writer
        self._is_open = False

    async def say(self, text):
        await self.event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})

    async def finish(self, reason="stop", usage=None):
        await self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        if usage:
            await self.event({"choices": [], "usage": usage})
        await self.raw("data: [DONE]\n\n")
        await self.end()

    async def event(self, event):
        full = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", **event}
        await self.raw("data: " + json.dumps(full, ensure_ascii=False) + "\n\n")

    async def raw(self, text):
        """One chunk of the body; the head goes out with the first."""
        data = text.encode()
        head = b"" if self._is_open else (b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                                          b"transfer-encoding: chunked\r\n\r\n")
        self._is_open = True
        self._writer.write(head + b"%x\r\n" % len(data) + data + b"\r\n")
        await self._writer.drain()

    async def end(self):
        """A clean end of the body, whatever it held."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def reply(self, status, fields, body):
        data = body.encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._writer.write(head.encode() + b"\r\n" + data)
        await self._writer.drain()

    def cut(self):
        self._writer.transport.abort()


class Upstream:
    def __init__(self):
        self.calls = asyncio.Queue()
        self._server = None
        self._writers = set()

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        closed = asyncio.Event()
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                path = head.split(" ")[1]
                self.calls.put_nowait(Call(path, json.loads(body or b"{}"), writer, closed))
        except (asyncio.IncompleteReadError, ConnectionError):
            closed.set()
        finally:
            self._writers.discard(writer)
            writer.close()

    async def stop(self):
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
