#!/usr/bin/env python3
"""How long a turn takes with sources of 650, 200, 150 and 50 ms and a model of 800 ms, and when the slowest one hangs.

    bench/gather_example.py [ROUNDS]                # 5; needs the release build and python3-websockets

The sources are HTTP services that the assistant's YAML names, the model is `hayate mock-model`. The times are those of
the trace, /admin/turns/{id}."""

import asyncio
import pathlib
import shutil
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# In place of this folder, whose websockets.py would hide the package.
sys.path[:1] = [str(ROOT / "test/scenario"), str(ROOT / "test/support")]

from clients import Admin, Page  # noqa: E402
from hayate_process import HayateServer, Process  # noqa: E402

DELAYS_MS = {"slowest": 650, "second": 200, "third": 150, "fastest": 50}
SOFT_WAIT_MS = 700
MODEL = ["--ttft", "800", "--rate", "100000", "--tokens", "20"]


class Services:
    def __init__(self):
        self.hanging = set()

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                name = head.split(" ")[1].strip("/")
                await asyncio.sleep(3600 if name in self.hanging else DELAYS_MS[name] / 1000)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{\"x\":1}")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def make_shop(folder, port):
    """The small shop of the scenarios, with the four sources beside its own."""
    shipped = ROOT / "assistants/mangaassist"
    shutil.copytree(ROOT / "test/scenario/shop", folder)
    shutil.copytree(shipped / "prompts", folder / "prompts")
    text = (shipped / "assistant.yaml").read_text()
    text = text.replace("soft_wait_ms: 400", f"soft_wait_ms: {SOFT_WAIT_MS}")
    more = "".join(f'  {name}: {{kind: http, timeout_ms: 2000, url: "http://127.0.0.1:{port}/{name}", '
                   "select: {x: /x}}\n" for name in DELAYS_MS)
    (folder / "assistant.yaml").write_text(text.replace("\nsources:\n", "\nsources:\n" + more))


async def measure(server, services, rounds):
    admin = await asyncio.to_thread(Admin, server)
    page = await asyncio.to_thread(Page, server)
    await page.connect()
    print("| | total ms | one after another ms | saved ms | left out | waited for |\n|---|---|---|---|---|---|")
    for title, hanging in (("all answer", set()), ("the slowest hangs", {"slowest"})):
        services.hanging = hanging
        traces = []
        for _ in range(rounds):
            await page.ask("Who wrote Frieren?")
            await page.frame("final")
            traces.append(await asyncio.to_thread(admin.get, "/admin/turns/" + page.response_id))
        middle = [statistics.median(trace[key] for trace in traces) for key in ("total_ms", "sequential_ms", "saved_ms")]
        print(f"| {title} | " + " | ".join(f"{ms:.0f}" for ms in middle) +
              f" | {', '.join(traces[-1]['degraded']) or '-'} | {', '.join(traces[-1]['critical_path'])} |")


async def main():
    services = Services()
    listener = await asyncio.start_server(services.serve, "127.0.0.1", 0)
    mock = Process(["mock-model", "--port", "0", *MODEL])
    try:
        url = (await asyncio.to_thread(mock.wait_for, r"OpenAI base URL (\S+),"))[1]
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            make_shop(folder / "shop", listener.sockets[0].getsockname()[1])
            (folder / "key").write_text("any")
            config = f'models:\n  fast: {{provider: openai, model: m, base_url: "{url}", key_file: {folder}/key}}\n'
            options = ["--assistant", str(folder / "shop"), "--threads", "1"]
            server = await asyncio.to_thread(HayateServer, config, options)
            try:
                await measure(server, services, int(sys.argv[1]) if len(sys.argv) > 1 else 5)
            finally:
                await asyncio.to_thread(server.close)
    finally:
        mock.stop()


if __name__ == "__main__":
    asyncio.run(main())
