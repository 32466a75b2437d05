"""A small HTTP client: whole replies by http.client, and raw bytes for what no client would send."""

import dataclasses
import http.client
import json as json_module
import socket

from support.processes import PATIENCE_S


@dataclasses.dataclass
class Reply:
    status: int
    headers: dict  # names in lower case
    body: str
    cookies: list

    def json(self):
        return json_module.loads(self.body)


def call(port, method, path, json=None, body=None, headers=None):
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        sent = dict(headers or {})
        if json is not None:
            body = json_module.dumps(json).encode()
            sent.setdefault("content-type", "application/json")
        connection.request(method, path, body=body, headers=sent)
        reply = connection.getresponse()
        text = reply.read().decode("utf-8")
        names = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, names, text, reply.headers.get_all("set-cookie") or [])
    finally:
        connection.close()


def ask_api(port, text, key=None, stream=False, headers=None, **fields):
    """The assistant's answer by /v1/chat/completions."""
    sent = dict(headers or {})
    if key:
        sent["authorization"] = f"Bearer {key}"
    body = {"model": "mangaassist", "messages": [{"role": "user", "content": text}], "stream": stream, **fields}
    return call(port, "POST", "/v1/chat/completions", json=body, headers=sent)


def api_text(reply):
    """The text of an answer that was not streamed."""
    assert reply.status == 200, (reply.status, reply.body)
    return reply.json()["choices"][0]["message"]["content"]


def error_of(reply):
    """The error object, whose shape is the same on every HTTP front."""
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "code", "param"}, error
    return error


def cookie_of(reply, name="hayate_page"):
    """'name=value' of a cookie that a reply sets."""
    for cookie in reply.cookies:
        if cookie.startswith(name + "="):
            return cookie.split(";")[0]
    raise AssertionError(f"no cookie {name}: {reply.cookies}")


def exchange(port, data, half_close=True):
    """Sends raw bytes and returns all that comes back until the server closes. None: it did not close."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        received = b""
        try:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionError:  # a reset after an answer closes as well
            pass
        return received
