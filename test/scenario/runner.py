#!/usr/bin/env python3
"""Plays scenario files against the real server, with a scripted vendor behind it. README.md describes the language.

    runner.py FILE...        HAYATE_BIN chooses the binary"""

import asyncio
import contextlib
import pathlib
import re
import shlex
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from hayate_process import PATIENCE_S, ROOT, HayateServer  # noqa: E402
from service import Services  # noqa: E402
from steps import World, perform  # noqa: E402
from upstream import Upstream  # noqa: E402

CONFIG = """
models:
{models}
log_level: info
"""
MODEL = '  {name}: {{provider: openai, model: {id}, base_url: "http://127.0.0.1:{port}/v1", key_file: {key}, gate: {gate}{more}}}'
SECRET = "sk-scenario-secret-0123456789"


def parse(path):
    """-> (settings, [(title, [(line number, words)])])"""
    settings, scenarios = {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.split("  #")[0].strip()
        if not text or text.startswith("#"):
            continue
        if not line.startswith(" "):
            word, rest = text.split(" ", 1)
            if word == "scenario":
                scenarios.append((rest, []))
            else:
                settings[word] = f"{settings[word]}\n{rest}" if word in settings else rest
            continue
        scenarios[-1][1].append((number, shlex.split(text)))
    return settings, scenarios


def make_shop(folder, settings, services):
    """A small shop with the words of the real assistant: starts in no time."""
    shipped = ROOT / "assistants/mangaassist"
    shutil.copytree(HERE / "shop", folder)
    for name in ("prompts", "intents"):
        shutil.copytree(shipped / name, folder / name)
    text = (shipped / "assistant.yaml").read_text()
    for line in filter(None, settings.get("assistant", "").split("\n")):
        text, count = re.subn(f"(?m)^( *){line.split(':')[0]}:.*$", rf"\1{line}", text)
        assert count == 1, f"assistant.yaml has no {line}"
    sources = [f"  {line}\n" for line in settings.get("source", "").split("\n") if line]
    more = "".join(sources).replace("{service}", services.address)
    text = text.replace("\nsources:\n", f"\nsources:\n{more}")
    for line in filter(None, settings.get("example", "").split("\n")):
        add_example(folder / "intents", *line.split(" ", 2))
    if "understand" in settings:
        text = text.replace("\nunderstand:\n", f"\nunderstand:\n  {settings['understand']}\n")
    (folder / "assistant.yaml").write_text(text)


def add_example(intents, intent, language, example):
    """One more message for `intent` to learn from: the same for two of them may mean either."""
    path = intents / f"{intent}.yaml"
    text, count = re.subn(f"(?m)^  {language}:$", f"  {language}:\n    - {example}", path.read_text())
    assert count == 1, f"{path.name} has no examples in {language}"
    path.write_text(text)


async def play(path, name, steps, server, upstream, services):
    world = World(server, upstream, services)
    number = 0
    try:
        for number, words in steps:
            await asyncio.wait_for(perform(world, words), PATIENCE_S)
        world.check_end()
    except Exception as problem:  # noqa: BLE001 - whatever it was, the place is what helps
        print(f"FAILED {name}\n  {path.name}:{number}: {type(problem).__name__}: {problem}")
        print("  server log:\n    " + server.log().replace("\n", "\n    "))
        return False
    finally:
        world.close()
    print(f"ok     {name}")
    return True


async def run_file(path):
    settings, scenarios = parse(path)
    upstream = Upstream()
    services = Services()
    await upstream.start()
    await services.start()
    with tempfile.TemporaryDirectory(prefix="hayate-scenario-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        (folder / "key").write_text(SECRET)
        make_shop(folder / "shop", settings, services)
        models = [MODEL.format(name=name, id=id_, port=upstream.port, key=folder / "key",
                               gate=settings.get("gate", "false"), more=f", {settings[word]}" if word in settings else "")
                  for word, name, id_ in (("model", "fast", "m"), ("strong", "strong", "m-strong"))
                  if name == "fast" or word in settings]
        config = CONFIG.format(models="\n".join(models)) + settings.get("config", "").replace("; ", "\n")
        assistant = str(folder / "shop") if settings["server"] == "assistant" else "none"
        server = await asyncio.to_thread(
            lambda: stack.enter_context(HayateServer(config, ["--assistant", assistant, "--threads", "2"])))
        results = [await play(path, name, steps, server, upstream, services) for name, steps in scenarios]
        assert SECRET not in server.log() + server.metrics(), "the provider's key is in the log or the metrics"
        await upstream.stop()
        await services.stop()
    return results


def main():
    results = [ok for name in sys.argv[1:] for ok in asyncio.run(run_file(pathlib.Path(name)))]
    print(f"{sum(results)} of {len(results)} scenarios hold")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
