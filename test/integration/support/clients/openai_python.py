"""Questions for the official Python client, for openai_python.mjs: one line of JSON each.

Prints a line for each piece of a streamed answer, then one with the answer or with the error that the client raised.
The line {"abort": true} cancels the question that is being answered.
"""

import asyncio
import json
import sys

import openai


def say(**line):
    print(json.dumps(line), flush=True)


def usage_of(usage):
    return usage and {"prompt": usage.prompt_tokens, "completion": usage.completion_tokens}


async def read(stream):
    answer = {}
    async for chunk in stream:
        for choice in chunk.choices:
            if choice.delta.content:
                say(piece=choice.delta.content)
            answer["finish"] = choice.finish_reason or answer.get("finish")
        answer["usage"] = usage_of(chunk.usage) or answer.get("usage")
    return answer


async def ask(question):
    client = openai.AsyncOpenAI(base_url=question["baseUrl"], api_key=question["apiKey"], max_retries=0)
    body = {"model": question["model"], "messages": [{"role": "user", "content": question["text"]}]}
    if "temperature" in question:
        body["temperature"] = question["temperature"]
    if question.get("stream"):
        stream = await client.chat.completions.create(**body, stream=True, stream_options={"include_usage": True})
        async with stream:
            return await read(stream)
    made = await client.chat.completions.create(**body)
    [choice] = made.choices
    say(piece=choice.message.content)
    return {"finish": choice.finish_reason, "usage": usage_of(made.usage)}


async def answer(question):
    try:
        say(answer=await ask(question))
    except asyncio.CancelledError:
        say(error={"message": "cancelled"})
    except openai.APIError as error:
        body = error.body if isinstance(error.body, dict) else {}
        facts = {name: body.get(name) for name in ("type", "code", "param")}
        say(error={"message": error.message, "status": getattr(error, "status_code", None), **facts})


async def main():
    loop = asyncio.get_running_loop()
    answering = None
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        told = json.loads(line)
        if "abort" in told:
            answering.cancel()
        else:
            answering = asyncio.create_task(answer(told))


asyncio.run(main())
