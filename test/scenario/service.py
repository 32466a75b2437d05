"""The shop's own services, played by the scenario: each call waits until it is told what to answer."""

import asyncio


class ServiceCall:
    def __init__(self, target, fields, writer, closed):
        self.target, self.fields, self.closed = target, fields, closed
        self._writer = writer

    async def reply(self, status, body, fields=None):
        data = body.encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in (fields or {}).items())
        self._writer.write(head.encode() + b"\r\n" + data)
        await self._writer.drain()


class Services:
    """One port for all of them; the first step of the path is a service's name."""

    def __init__(self):
        self.calls = {}  # the latest of each, by name
        self._news = asyncio.Condition()
        self._writers = set()

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = "127.0.0.1:%d" % self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        closed = asyncio.Event()
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                target = head.split(" ")[1]
                name = target.lstrip("/").split("/")[0].split("?")[0]
                async with self._news:
                    self.calls[name] = ServiceCall(target, fields, writer, closed)
                    self._news.notify_all()
        except (asyncio.IncompleteReadError, ConnectionError):
            closed.set()
        finally:
            self._writers.discard(writer)
            writer.close()

    async def all_called(self, names):
        """All of them have been called, and none has been answered."""
        async with self._news:
            await self._news.wait_for(lambda: all(name in self.calls for name in names))

    def take(self, name):
        return self.calls.pop(name)

    async def stop(self):
        self._server.close()
        self.forget()

    def forget(self):
        """The next scenario does not meet this one's calls."""
        self.calls.clear()
        for writer in list(self._writers):
            writer.transport.abort()
