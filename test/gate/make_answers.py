#!/usr/bin/env python3
"""Asks the local models what customers ask, and writes their answers with the context that they were given, unlabelled:

    test/gate/make_answers.py --hayate build/release/hayate --out /tmp/answers.jsonl [--questions 200]
    ... --ask test/gate/questions.tsv           these questions (intent, language, text, customer), to both models
    ... --complete test/gate/answers.jsonl      where one model has answered, the other, with the same context
    ... --times test/gate/answers.jsonl         no answers: how long those take that both models have given

The prompts are the program's own: one server with the shipped assistant sends them to a recorder instead of a model, and
a second one gives them to the local models and reports each token with its logprob. What is in --out already is not
asked again. An answer takes some seconds. Labels are given by people: test/gate/README.md.

Times are by the clock and by the CPU of the serving process, whose models use one thread: where other programs share the
machine, the second tells what the first would be without them.
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ASSISTANT = ROOT / "assistants/mangaassist"
PORTS = {"assistant": 18461, "gateway": 18462, "recorder": 18463}
SECRET = "a secret of at least thirty-two bytes, for one run"
# Of each intent so many questions in each language; of the FAQ half are its own variants.
QUESTIONS = {"faq": 26, "product_search": 22, "recommendation": 18, "comparison": 14, "complaint": 16, "out_of_scope": 8,
             "greeting": 4}
KNOWN_FAILURES = [("faq", "ja", "返品したい"), ("faq", "en", "Do you ship to Osaka?"), ("faq", "ja", "大阪に配送できますか？"),
                  ("faq", "en", "do you sell figurines?"), ("faq", "ja", "フィギュアは売っていますか？")]
ABOUT_ORDERS = {"en": ["My order {} arrived damaged, what now?", "One volume is missing from {}. I want a refund"],
                "ja": ["{}の本が破れていました", "{}が届いたけど違う巻でした。交換したいです"]}
MODELS = ("fast", "strong")
BEFORE_QUESTION = "Customer question: "
SEED = 20
TIMED_TOKENS = 16  # enough to know a token's time


def customer_token(customer):
    def encoded(data):
        return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()
    signed = encoded({"alg": "HS256"}) + "." + encoded({"sub": customer, "exp": int(time.time()) + 86400})
    return signed + "." + encoded(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())


def rows(name):
    return [json.loads(line) for line in (ASSISTANT / name).read_text().splitlines() if line.strip()]


def questions():
    """{"intent", "language", "question", "customer"} in an order that any beginning of is a fair sample."""
    pick = random.Random(SEED)
    asked = [{"intent": i, "language": l, "question": q, "customer": ""} for i, l, q in KNOWN_FAILURES]
    faq = rows("faq/faq.jsonl")
    for intent, count in QUESTIONS.items():
        examples = yaml.safe_load((ASSISTANT / f"intents/{intent}.yaml").read_text())
        examples = examples.get("examples") or examples.get("negatives") or next(
            v for v in examples.values() if isinstance(v, dict) and "ja" in v)
        for language in ("en", "ja"):
            own = pick.sample(examples[language], count)
            if intent == "faq":
                own[: count // 2] = [pick.choice(row["variants"][language]) for row in pick.sample(faq, count // 2)]
            asked += [{"intent": intent, "language": language, "question": str(q), "customer": ""} for q in own]
    for language, texts in ABOUT_ORDERS.items():
        for order in pick.sample(rows("orders/orders.jsonl"), 8):
            text = pick.choice(texts).format(order["id"])
            asked.append({"intent": "complaint", "language": language, "question": text, "customer": order["customer"]})
    pick.shuffle(asked)
    return asked


class Recorder(http.server.BaseHTTPRequestHandler):
    """An OpenAI-compatible model that keeps the last request."""
    last = None

    def do_POST(self):
        Recorder.last = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chunks = [{"choices": [{"index": 0, "delta": {"role": "assistant", "content": "ok"}, "finish_reason": None}]},
                  {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}]
        body = "".join(f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm', **c})}\n\n"
                       for c in chunks) + "data: [DONE]\n\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def post(port, body, headers=()):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/chat/completions", json.dumps(body).encode(),
                                     {"Content-Type": "application/json", **dict(headers)})
    return urllib.request.urlopen(request, timeout=600)  # on a busy machine


def prompt_of(asked):
    Recorder.last = None
    headers = {"X-Hayate-Customer": customer_token(asked["customer"])} if asked["customer"] else {}
    with post(PORTS["assistant"], {"model": "mangaassist",
                                   "messages": [{"role": "user", "content": asked["question"]}]}, headers) as reply:
        reply.read()
    return Recorder.last["messages"] if Recorder.last else None  # None: answered without a model


class Stopwatch:
    """Milliseconds since it was made: by the clock, and of the process's CPU."""

    def __init__(self, pid):
        self.pid = pid
        self.begin = (time.monotonic(), self.cpu())

    def cpu(self):
        """Of all threads, those that have ended too, in seconds."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # user and system

    def read(self):
        return [round((time.monotonic() - self.begin[0]) * 1e3), round((self.cpu() - self.begin[1]) * 1e3)]


def wait_until_idle(pid):
    """A server that still loads and learns would be counted to the first answers' times."""
    while True:
        watch = Stopwatch(pid)
        time.sleep(2)
        if watch.read()[1] < 100:
            return


def answer_of(model, messages, max_tokens, pid):
    """The tokens, each with its logprob, why it ended, and its times."""
    body = {"model": model, "messages": messages, "max_tokens": max_tokens, "temperature": 0.3, "stream": True,
            "logprobs": True, "stream_options": {"include_usage": True}}
    tokens, finish, times = [], "", {}
    watch = Stopwatch(pid)
    with post(PORTS["gateway"], body) as reply:
        for line in reply:
            if not line.startswith(b"data: {"):
                continue
            chunk = json.loads(line[6:])
            if chunk.get("usage"):
                times["prompt_tokens"] = chunk["usage"]["prompt_tokens"]
                times["cached_tokens"] = chunk["usage"].get("prompt_tokens_details", {}).get("cached_tokens", 0)
                times["tokens"] = chunk["usage"]["completion_tokens"]
            for choice in chunk.get("choices", []):
                finish = choice.get("finish_reason") or finish
                text = choice.get("delta", {}).get("content")
                if text:
                    if not tokens:
                        times["first_ms"], times["first_cpu_ms"] = watch.read()
                    marks = (choice.get("logprobs") or {}).get("content") or []
                    tokens.append([text, round(marks[0]["logprob"], 3) if marks else None])
                    times["last_ms"], times["last_cpu_ms"] = watch.read()
    return tokens, finish, times


def start(hayate, folder, name, config, *options):
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(config))
    log = open(folder / f"{name}.log", "w")
    return subprocess.Popen([hayate, "serve", "--config", file, "--data", folder / name, "--port", str(PORTS[name]),
                             "--admin-port", "0", *options], cwd=ROOT, stdout=log, stderr=log,
                            env={**os.environ, "TOKEN_SECRET": SECRET})


def wait_until_ready(port):
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as reply:
                if reply.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"the server on port {port} does not become ready")


def smaller_assistant(folder, document_chars):
    """Local models get less context than a server elsewhere, because they read slowly."""
    copy = folder / "assistant"
    shutil.copytree(ASSISTANT, copy)
    file = copy / "assistant.yaml"
    file.write_text(re.sub(r"document_chars: \d+", f"document_chars: {document_chars}", file.read_text()))
    return copy


def context_of(messages):
    """What stands before the question."""
    user = messages[-1]["content"]
    return user[: user.rfind(BEFORE_QUESTION)]


def messages_of(row, system):
    return [system, {"role": "user", "content": row["context"] + BEFORE_QUESTION + row["question"]}]


def sampled(count):
    """Each question goes to one of the models, every third one to both."""
    for number, asked in enumerate(questions()[:count]):
        if messages := prompt_of(asked):
            for model in ["fast"] * (number % 3 != 1) + ["strong"] * (number % 3 != 2):
                yield asked, model, messages


def of_file(file):
    for line in file.read_text().splitlines():
        intent, language, question, customer = (line.split("\t") + [""])[:4]
        asked = {"intent": intent, "language": language, "question": question, "customer": customer}
        if messages := prompt_of(asked):
            for model in MODELS:
                yield asked, model, messages


def of_models(file):
    return [row for row in map(json.loads, file.read_text().splitlines()) if row["model"] in MODELS]


def of_both(file):
    """The rows of the questions that both have answered, pair by pair in an order that any beginning of is fair."""
    pairs = {}
    for row in of_models(file):
        pairs.setdefault((row["context"], row["question"]), {})[row["model"]] = row
    both = [pair for pair in pairs.values() if len(pair) == len(MODELS)]
    random.Random(SEED).shuffle(both)
    return [pair[model] for pair in both for model in MODELS]


def missing(file):
    rows = of_models(file)
    system = prompt_of(questions()[0])[0]
    answered = {(row["context"], row["question"], row["model"]) for row in rows}
    for row in rows:
        other = MODELS[1 - MODELS.index(row["model"])]
        if (row["context"], row["question"], other) not in answered:
            asked = {key: row[key] for key in ("intent", "language", "question")}
            yield asked, other, messages_of(row, system)


def write_answers(wanted, out, max_tokens, pid):
    done = {(r["question"], r["model"]) for r in map(json.loads, out.read_text().splitlines())} if out.exists() else set()
    with out.open("a") as file:
        for asked, model, messages in wanted:
            if (asked["question"], model) in done:
                continue
            tokens, finish, times = answer_of(model, messages, max_tokens, pid)
            row = {**asked, "model": model, "context": context_of(messages), "answer": "".join(t for t, _ in tokens),
                   "finish": finish, "tokens": tokens, "times": times}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()


def write_times(rows, out, pid):
    done = {json.loads(line)["id"] for line in out.read_text().splitlines()} if out.exists() else set()
    system = prompt_of(questions()[0])[0]
    with out.open("a") as file:
        for row in rows:
            if row["id"] not in done:
                times = answer_of(row["model"], messages_of(row, system), TIMED_TOKENS, pid)[2]
                file.write(json.dumps({"id": row["id"], "model": row["model"], **times}) + "\n")
                file.flush()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--hayate", default="build/release/hayate")
    options.add_argument("--out", type=pathlib.Path, required=True)
    options.add_argument("--questions", type=int, default=10_000, help="at most so many")
    options.add_argument("--ask", type=pathlib.Path)
    options.add_argument("--complete", type=pathlib.Path)
    options.add_argument("--times", type=pathlib.Path)
    options.add_argument("--max-tokens", type=int, default=90)
    options.add_argument("--document-chars", type=int, default=80)
    given = options.parse_args()

    folder = pathlib.Path(tempfile.mkdtemp(prefix="hayate-gate-"))
    recorder = http.server.ThreadingHTTPServer(("127.0.0.1", PORTS["recorder"]), Recorder)
    threading.Thread(target=recorder.serve_forever, daemon=True).start()
    remote = {"provider": "openai", "base_url": f"http://127.0.0.1:{PORTS['recorder']}/v1", "model": "recorder"}
    servers = []
    try:
        assistant = smaller_assistant(folder, given.document_chars)
        servers.append(start(given.hayate, folder, "assistant", {
            "models": {"fast": remote, "strong": remote}, "auth": {"customer_token": {"hs256_secret_env": "TOKEN_SECRET"}}},
            "--assistant", assistant, "--no-local-model", "--threads", "1"))
        # It has the assistant only so that its models have read the system prompt before, as in a shop.
        servers.append(start(given.hayate, folder, "gateway", {"local_model": {"threads": 1}}, "--assistant", assistant,
                             "--threads", "1"))
        for name in ("assistant", "gateway"):
            wait_until_ready(PORTS[name])
        pid = servers[-1].pid
        wait_until_idle(pid)
        if given.times:
            write_times(of_both(given.times), given.out, pid)
        elif given.ask:
            write_answers(of_file(given.ask), given.out, given.max_tokens, pid)
        elif given.complete:
            write_answers(missing(given.complete), given.out, given.max_tokens, pid)
        else:
            write_answers(sampled(given.questions), given.out, given.max_tokens, pid)
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
