"""The verbs of the scenario language: each is one function, found by the first words of a line."""

import asyncio
import urllib.error
import urllib.request

from clients import Admin, Page, Program

STEPS = {}


class World:
    """What one scenario has on stage. Made anew for each, over the same server."""

    def __init__(self, server, upstream, services):
        self.server, self.upstream, self.services = server, upstream, services
        self.pages, self.programs, self.calls = {}, {}, {}
        self.samples = {}  # of metrics, before

    def page(self, name):
        if name not in self.pages:
            self.pages[name] = Page(self.server)
        return self.pages[name]

    def program(self, name):
        return self.programs.setdefault(name, Program(self.server))

    def check_end(self):
        assert self.upstream.calls.empty(), "the server called its model once more than the scenario says"

    def close(self):
        """Nobody stays, and the next scenario does not meet this one's calls."""
        self.services.forget()
        for call in self.calls.values():
            call.cut()
        while not self.upstream.calls.empty():
            self.upstream.calls.get_nowait().cut()
        for page in self.pages.values():
            if page._socket and page._socket.open:
                page.drop()
        for program in self.programs.values():
            if program._writer:
                program.drop()


def step(pattern):
    """`pattern` is "actor verb": the actor's number (client2) may follow; the rest are the function's arguments."""
    def register(function):
        STEPS[pattern] = function
        return function
    return register


async def perform(world, words):
    actor = words[0].rstrip("0123456789")
    for length in range(min(5, len(words)), 0, -1):
        function = STEPS.get(" ".join([actor, *words[1:length]]))
        if function:
            pairs = {}
            rest = []
            for word in words[length:]:
                key, equals, value = word.partition("=")
                is_pair = equals and key.isidentifier()
                pairs.update({key: value}) if is_pair else rest.append(word)
            return await function(world, words[0], *rest, **pairs)
    raise AssertionError(f"no such step: {' '.join(words)}")


def is_as(frame, wanted):
    try:
        expect(frame, wanted)
    except AssertionError:
        return False
    return True


def expect(frame, wanted):
    for key, value in wanted.items():
        found = frame
        for part in key.split("__"):
            found = found.get(part) if isinstance(found, dict) else None
        # "~text": contains it
        is_right = value[1:] in str(found) if value.startswith("~") else str(found) == value
        assert is_right, f"{key} is {found!r}, expected {value!r} in {frame}"


# ---- the customer on the page ----------------------------------------------------------------------------------

@step("client signs in as")
async def run_step(world, who, customer):
    await asyncio.to_thread(world.page(who).sign_in, customer)


@step("client connects")
async def run_step(world, who):
    await world.page(who).connect()


@step("client asks")
async def run_step(world, who, text, **more):
    if "regenerate" in more:
        more["regenerate"] = int(more["regenerate"])
    if "trace" in more:
        more["trace"] = more["trace"] == "yes"
    await world.page(who).ask(text, **more)


@step("client sends")
async def run_step(world, who, frame):
    await world.page(who).send(frame)


@step("client sees")
async def run_step(world, who, kind, **wanted):
    expect(await world.page(who).frame(kind), wanted)


@step("client reads")
async def run_step(world, who, text):
    await world.page(who).read(text)


@step("client has read everything")
async def run_step(world, who):
    assert not world.page(who).unread(), f"unexpected text {world.page(who).unread()!r}"


@step("client stops")
async def run_step(world, who):
    page = world.page(who)
    await page.send({"type": "stop", "response_id": page.response_id})


@step("client drops")
async def run_step(world, who):
    world.page(who).drop()


@step("client resumes")
async def run_step(world, who):
    """On a new connection, from the last event it has seen."""
    page = world.page(who)
    await page.connect()
    await page.send({"type": "resume", "response_id": page.response_id, "after_seq": page.seq})


@step("client finds stored")
async def run_step(world, who, state, answer):
    """The last turn of the conversation, once the server has stored it."""
    for _ in range(200):
        last = (await asyncio.to_thread(world.page(who).stored))[-1]
        if last["state"] == state and last["answer"] == answer:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"stored is {last['state']} {last['answer']!r}")


@step("client finds turn")
async def run_step(world, who, number, **wanted):
    turns = await asyncio.to_thread(world.page(who).stored)
    expect(next(turn for turn in turns if turn["turn"] == int(number)), wanted)


@step("client finds turns")
async def run_step(world, who, count):
    turns = await asyncio.to_thread(world.page(who).stored)
    assert len(turns) == int(count), turns


# ---- a program on the API ----------------------------------------------------------------------------------------

@step("program posts to")
async def run_step(world, who, model, text, how="streamed"):
    await world.program(who).post(model, text, how == "streamed")


@step("program gets status")
async def run_step(world, who, status, **fields):
    program = world.program(who)
    await program.head()
    assert program.status == int(status), f"status {program.status}"
    expect(program.fields, {key.replace("_", "-"): value for key, value in fields.items()})


@step("program gets answer")
async def run_step(world, who, text, **wanted):
    body = await world.program(who).json()
    assert body["choices"][0]["message"]["content"] == text, body
    expect({**body["choices"][0], **body}, wanted)


@step("program gets refusal")
async def run_step(world, who, **wanted):
    expect((await world.program(who).json())["error"], wanted)


@step("program reads")
async def run_step(world, who, text):
    await world.program(who).read(text)


@step("program sees")
async def run_step(world, who, text):
    """An event that holds `text`, before the end."""
    event = await world.program(who).event()
    while text not in str(event):
        assert event not in (None, "[DONE]"), f"no event holds {text!r}"
        event = await world.program(who).event()


@step("program reads error")
async def run_step(world, who, **wanted):
    event = await world.program(who).event()
    assert event and "error" in event, f"expected an error event, got {event}"
    expect(event["error"], wanted)
    assert await world.program(who).event() is None, "something follows the error"


@step("program reads end")
async def run_step(world, who, finish="stop"):
    """The finish reason, the usage that was asked for, [DONE], and nothing else."""
    program = world.program(who)
    event = await program.event()
    assert event["choices"][0]["finish_reason"] == finish, event
    usage = await program.event()
    assert usage["choices"] == [] and usage["usage"]["total_tokens"] > 0, usage
    assert await program.event() == "[DONE]"
    assert await program.event() is None


@step("program drops")
async def run_step(world, who):
    world.program(who).drop()


# ---- the vendor --------------------------------------------------------------------------------------------------

@step("upstream gets a call")
async def run_step(world, who, *texts, **wanted):
    """Each text occurs in the messages that were sent."""
    call = await world.upstream.calls.get()
    world.calls[who] = call
    messages = "\n".join(message["content"] for message in call.body["messages"])
    for text in texts:
        assert text in messages, f"{text!r} is not in the prompt:\n{messages}"
    expect(call.body, wanted)


@step("upstream says")
async def run_step(world, who, *texts):
    for text in texts:
        await world.calls[who].say(text)


@step("upstream sends")
async def run_step(world, who, raw):
    await world.calls[who].raw(raw.replace("\\n", "\n"))


@step("upstream finishes")
async def run_step(world, who, reason="stop", **usage):
    counts = {key: int(value) for key, value in usage.items()}
    await world.calls[who].finish(reason, {**counts, "total_tokens": sum(counts.values())} if counts else None)


@step("upstream ends")
async def run_step(world, who):
    """Without a finish: what a proxy does to a stream it has given up."""
    await world.calls[who].end()


@step("upstream cuts")
async def run_step(world, who):
    world.calls[who].cut()


@step("upstream replies")
async def run_step(world, who, status, **fields):
    fields = {key.replace("_", "-"): value for key, value in fields.items()}
    await world.calls[who].reply(int(status), fields, '{"error":{"message":"the vendor says no"}}')


@step("upstream sees the call closed")
async def run_step(world, who):
    """The order is the point: nothing more is said before."""
    await world.calls[who].closed.wait()


# ---- the shop's own services -------------------------------------------------------------------------------------

@step("service gets calls for")
async def run_step(world, _who, *names):
    """All of them stand open at the same time: none waits for another."""
    await world.services.all_called(names)


@step("service was asked")
async def run_step(world, _who, name, target, **fields):
    call = world.services.calls[name]
    assert call.target == target, call.target
    expect(call.fields, {key.replace("_", "-"): value for key, value in fields.items()})


@step("service answers")
async def run_step(world, _who, name, body):
    await world.services.take(name).reply(200, body)


@step("service replies")
async def run_step(world, _who, name, status, **fields):
    await world.services.take(name).reply(int(status), "{}", fields)


@step("service sees closed")
async def run_step(world, _who, name):
    await world.services.take(name).closed.wait()


@step("service was not called for")
async def run_step(world, _who, name):
    assert name not in world.services.calls, world.services.calls[name].target


# ---- the operator ------------------------------------------------------------------------------------------------

@step("metric")
async def run_step(world, _who, sample, *how):
    """`metric NAME{labels} noted`, later `metric NAME{labels} rose by N` (waits: metrics follow the answer)."""
    if how == ("noted",):
        world.samples[sample] = await asyncio.to_thread(world.server.metric, sample)
        return
    assert how[:2] == ("rose", "by"), how
    for _ in range(200):
        now = await asyncio.to_thread(world.server.metric, sample)
        if now - world.samples[sample] == float(how[2]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{sample} rose by {now - world.samples[sample]}")


@step("log names")
async def run_step(world, _who, text):
    await asyncio.to_thread(world.server.wait_for, text)


async def trace_of(world):
    """What /admin/turns tells of the client's latest answer."""
    return await asyncio.to_thread(Admin.of(world.server).get, "/admin/turns/" + world.page("client").response_id)


@step("trace says")
async def run_step(world, _who, **wanted):
    expect(await trace_of(world), wanted)


@step("trace shows")
async def run_step(world, _who, name, **wanted):
    """A span of that name: its outcome, why, whether the turn waited for it."""
    spans = [span for span in (await trace_of(world))["spans"] if span["name"] == name]
    assert any(is_as(span, wanted) for span in spans), f"no {name} is {wanted}: {spans}"


@step("trace has the path")
async def run_step(world, _who, *names):
    """The critical path ends with these."""
    path = (await trace_of(world))["critical_path"]
    assert path[-len(names):] == list(names), path


@step("trace starts")
async def run_step(world, _who, later, after, earlier):
    assert after == "after", after
    spans = {span["name"]: span for span in (await trace_of(world))["spans"]}
    assert spans[later]["start_ms"] >= spans[earlier]["end_ms"], spans


@step("stranger is refused")
async def run_step(world, _who, path):
    """On the admin listener, without having signed in."""
    def status():
        try:
            return urllib.request.urlopen(world.server.admin_url(path), timeout=60).status
        except urllib.error.HTTPError as error:
            return error.code
    assert await asyncio.to_thread(status) in (401, 403)


@step("trace saved time")
async def run_step(world, _who):
    trace = await trace_of(world)
    assert 0 < trace["saved_ms"] <= trace["sequential_ms"] - trace["taken_ms"] + 0.2, trace
