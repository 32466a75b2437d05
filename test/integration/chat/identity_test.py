"""Who is asking: API keys and roles, customer tokens, the page's sign-in; and that nobody learns of others."""

import asyncio
import contextlib
import json
import pathlib
import re
import secrets
import sqlite3
import unittest

from support.chat import Chat
from support.http import api_text, ask_api, call, cookie_of, error_of, exchange
from support.processes import ROOT, Mock, Server, run, wait_until
from support.raw_websocket import RawWebSocket
from support.shop import fresh_data, order
from support.tokens import RsaKey, claims, encoded, hs256, unsigned

OWN = order("MNG-78901")
CUSTOMER = OWN["customer"]
FOREIGN = order("MNG-42188")
UNKNOWN_ORDER = "MNG-00000"
UNKNOWN_KEY = "hk_" + "A" * 43


def question(order_id):
    return f"Where is order {order_id}?"


class IdentityTest(unittest.TestCase):
    """A server without models: it answers from templates, so an answer's text can be compared. It has one shard,
    because each learns of new keys by itself."""

    config = {}
    environment = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.config, fresh_data(), "--no-local-model", "--threads", 1, **cls.environment)
        cls.addClassCleanup(cls.server.stop)
        cls.port = cls.server.port

    def ask_socket(self, text, sign_in=None, **identity):
        async def talk():
            async with Chat(self.port, **identity) as chat:
                if sign_in:
                    await chat.send({"type": "sign_in", "token": sign_in})
                return (await chat.ask(text)).text
        return asyncio.run(talk())


class Keys(IdentityTest):
    def status(self, key=None, **headers):
        if key:
            headers["authorization"] = f"Bearer {key}"
        return call(self.port, "GET", "/v1/models", headers=headers).status

    def test_keys_open_the_api_until_they_are_revoked(self):
        self.assertEqual(self.status(), 200, "open while there is no key")
        first = self.server.new_key()
        # The server hears of the first key within its cache time.
        wait_until(lambda: self.status() == 401, "the API asks for a key")
        self.assertEqual(self.status(first["key"]), 200)
        self.assertEqual(self.status(**{"x-api-key": first["key"]}), 200)
        self.assertEqual(self.status("sk-anything"), 401)

        second = self.server.new_key()
        self.assertEqual(self.status(second["key"]), 200)
        self.assertEqual(self.server.keys("revoke", second["id"]).returncode, 0)
        wait_until(lambda: self.status(second["key"]) == 401, "the revoked key is refused")
        self.assertEqual(self.status(first["key"]), 200, "the other one is not")

        listed = [json.loads(line) for line in self.server.keys("list", "--json").stdout.splitlines()]
        self.assertEqual({one["id"]: one["state"] for one in listed},
                         {first["id"]: "valid", second["id"]: "revoked"})
        for text in (json.dumps(listed), self.server.keys("list").stdout):
            self.assertNotIn(first["key"], text, "a key is shown once")
        self.assertEqual(self.server.keys("revoke", "k_nobody").returncode, 1)
        self.assertEqual(self.server.keys("create", "--role", "king").returncode, 2)

    def test_a_wrong_key_is_refused_even_where_none_is_needed(self):
        for path in ("/", "/api/page", "/api/sessions", "/v1/models"):
            reply = call(self.port, "GET", path, headers={"authorization": f"Bearer {UNKNOWN_KEY}"})
            self.assertEqual((reply.status, error_of(reply)["code"]), (401, "invalid_api_key"), path)


class ForeignPages(IdentityTest):
    def test_a_page_of_elsewhere_cannot_spend_the_open_api(self):
        body = {"model": "mangaassist", "messages": [{"role": "user", "content": "hi"}]}
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{self.port + 1}"):
            for path in ("/v1/chat/completions", "/v1/feedback"):
                reply = call(self.port, "POST", path, json=body, headers={"origin": origin})
                self.assertEqual((reply.status, error_of(reply)["code"]), (403, "origin_not_allowed"), origin)
                self.assertNotIn("access-control-allow-origin", reply.headers)
        own = call(self.port, "POST", "/v1/chat/completions", json=body, headers={"origin": self.server.origin})
        self.assertEqual(own.status, 200)
        rebound = call(self.port, "POST", "/v1/chat/completions", json=body, headers={"host": "evil.example"})
        self.assertEqual((rebound.status, error_of(rebound)["code"]), (403, "host_not_allowed"))


class Roles(IdentityTest):
    """Every route of the router's table, with every kind of caller."""

    CALLERS = ("none", "bad", "user", "service", "admin")
    # Public listener: what each caller gets, in the order of CALLERS.
    PUBLIC = {
        ("POST", "/v1/chat/completions"): (401, 401, 200, 200, 200),
        ("GET", "/v1/models"): (401, 401, 200, 200, 200),
        ("GET", "/v1/models/*"): (401, 401, 200, 200, 200),
        ("POST", "/v1/feedback"): (401, 401, 400, 400, 400),  # the body is a question's
        ("GET", "/ws"): (101, 401, 101, 101, 101),
        ("GET", "/healthz"): (200, 200, 200, 200, 200),
        ("GET", "/readyz"): (200, 200, 200, 200, 200),
        ("GET", "/api/*"): (200, 401, 200, 200, 200),
        ("POST", "/api/*"): (403, 401, 400, 400, 400),  # without a cookie's header; with a key, without a body
        ("DELETE", "/api/*"): (403, 401, 404, 404, 404),
        ("GET", "/"): (200, 401, 200, 200, 200),
        ("GET", "/*"): (404, 404, 404, 404, 404),
    }
    ADMIN = {
        ("GET", "/healthz"): (200, 200, 200, 200, 200),
        ("GET", "/readyz"): (200, 200, 200, 200, 200),
        ("GET", "/metrics"): (200, 200, 200, 200, 200),
        ("GET", "/admin/login"): (403, 403, 403, 403, 403),  # without a link's token
        ("GET", "/"): (401, 401, 403, 403, 200),
        ("GET", "/admin/"): (401, 401, 403, 403, 200),
        ("GET", "/admin/cases"): (401, 401, 403, 403, 200),
        ("GET", "/admin/costs"): (401, 401, 403, 403, 200),
        ("GET", "/admin/outcomes"): (401, 401, 403, 403, 200),
        ("GET", "/admin/outcomes.jsonl"): (401, 401, 403, 403, 200),
        ("GET", "/admin/quality"): (401, 401, 403, 403, 200),
        ("GET", "/admin/turns"): (401, 401, 403, 403, 200),
        ("GET", "/admin/turns/*"): (401, 401, 403, 403, 404),  # there is no such turn
        ("POST", "/admin/reload"): (401, 401, 403, 403, 200),
        ("POST", "/admin/cases/*"): (401, 401, 403, 403, 404),  # there is no case yet
    }
    SAMPLES = {"/admin/cases/*": "/admin/cases/CASE-000001/close", "/admin/turns/*": "/admin/turns/r0_none",
               "/v1/models/*": "/v1/models/mangaassist", "/*": "/no-such-file",
               ("GET", "/api/*"): "/api/page", ("POST", "/api/*"): "/api/sign-in",
               ("DELETE", "/api/*"): "/api/sessions/s_" + "A" * 22}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = {"none": None, "bad": UNKNOWN_KEY,
                    **{role: cls.server.new_key(role)["key"] for role in ("user", "service", "admin")}}
        wait_until(lambda: call(cls.port, "GET", "/v1/models").status == 401, "the API asks for a key")

    def status(self, port, method, path, key):
        headers = {"authorization": f"Bearer {key}"} if key else {}
        if path == "/ws":
            with RawWebSocket(port, [f"{name}: {value}" for name, value in headers.items()]) as peer:
                return peer.status
        body = {"model": "mangaassist", "messages": [{"role": "user", "content": "hi"}]}
        return call(port, method, path, json=body if method == "POST" and path.startswith("/v1") else None,
                    headers=headers).status

    def check(self, port, table):
        for (method, path), expected in table.items():
            sample = self.SAMPLES.get((method, path)) or self.SAMPLES.get(path, path)
            for caller, status in zip(self.CALLERS, expected):
                with self.subTest(f"{method} {sample} by {caller}"):
                    self.assertEqual(self.status(port, method, sample, self.keys[caller]), status)

    def test_the_public_listener(self):
        self.check(self.port, self.PUBLIC)

    def test_the_admin_listener(self):
        self.check(self.server.admin_port, self.ADMIN)

    def test_no_route_is_missing_here(self):
        source = (ROOT / "src/app/front/routes.cpp").read_text()
        for name, table in (("kPublic", self.PUBLIC), ("kAdmin", self.ADMIN)):
            block = re.search(rf"constexpr std::array {name}\{{(.*?)\n\}};", source, re.S).group(1)
            self.assertEqual(set(re.findall(r'Route\{"(\w+)", "([^"]+)"', block)), set(table))

    def test_the_admin_link_works_once(self):
        path = re.search(r"http://[^/]+(/admin/login\?token=\S+)", self.server.output).group(1)
        first = call(self.server.admin_port, "GET", path)
        self.assertEqual((first.status, first.headers["location"]), (302, "/admin/"))
        cookie = cookie_of(first, "hayate_admin")
        self.assertEqual(call(self.server.admin_port, "GET", "/admin/", headers={"cookie": cookie}).status, 200)
        self.assertEqual(call(self.server.admin_port, "GET", path).status, 403)
        self.assertEqual(call(self.port, "GET", "/v1/models", headers={"cookie": cookie}).status, 401,
                         "an operator's browser is not an API key")


class Cases(IdentityTest):
    """What complaints ended in, as operators see it. The rows are written as a turn writes them."""

    WORDS = "<script>alert('x')</script> 破れ & \"torn\""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with contextlib.closing(sqlite3.connect(cls.server.data / "hayate.db", timeout=10)) as database, database:
            for number in range(1, 8):
                database.execute("INSERT INTO cases(response_id, tenant, subject, session, kind, order_id, summary, "
                                 "created_ms) VALUES(?, 'shop', 'customer:c-001', 's', 'refund', 'MNG-1', ?, 1000)",
                                 (f"r{number}", cls.WORDS))
        path = re.search(r"http://[^/]+(/admin/login\?token=\S+)", cls.server.output).group(1)
        cls.cookie = cookie_of(call(cls.server.admin_port, "GET", path), "hayate_admin")

    def call(self, method, path, **headers):
        return call(self.server.admin_port, method, path, headers={"cookie": self.cookie, **headers})

    def ids(self, query=""):
        return [case["id"] for case in self.call("GET", "/admin/cases" + query).json()["cases"]]

    def test_they_are_listed_newest_first_in_pages(self):
        first = self.call("GET", "/admin/cases?count=3").json()
        self.assertEqual([case["id"] for case in first["cases"]], ["CASE-000007", "CASE-000006", "CASE-000005"])
        self.assertEqual(first["cases"][0]["summary"], self.WORDS)
        self.assertEqual(first["cases"][0]["kind"], "refund")
        self.assertEqual(self.ids("?count=2&before=" + first["next"]), ["CASE-000004", "CASE-000003"])
        self.assertEqual(self.ids("?before=2"), ["CASE-000001"])

    def test_a_page_shows_words_as_words(self):
        page = self.call("GET", "/admin/cases", accept="text/html,*/*")
        self.assertIn("text/html", page.headers["content-type"])
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        self.assertIn("CASE-000007", page.body)
        self.assertIn("&lt;script&gt;", page.body)
        self.assertNotIn("<script", page.body)

    def test_what_is_no_query_is_refused(self):
        for query in ("count=0", "count=201", "count=x", "state=lost", "before=-1", "before=CASE-1", "x=1", "state",
                      "before=99999999999999999999"):
            with self.subTest(query):
                self.assertEqual(self.call("GET", "/admin/cases?" + query).status, 400)

    def test_only_our_own_page_may_close_one(self):
        own = f"http://127.0.0.1:{self.server.admin_port}"
        path = "/admin/cases/CASE-000001/close"
        for headers in ({}, {"origin": "http://evil.example"}, {"origin": "null"}, {"x-hayate-page": "2"},
                        {"origin": own + ".evil.example"}):
            with self.subTest(headers):
                self.assertEqual(self.call("POST", path, **headers).status, 403)
        self.assertEqual(self.ids("?state=closed"), [])
        closed = self.call("POST", path, **{"x-hayate-page": "1"})
        self.assertEqual(closed.json()["state"], "closed")
        form = self.call("POST", "/admin/cases/CASE-000002/close", origin=own, accept="text/html")
        self.assertEqual((form.status, form.headers["location"]), (303, "/admin/cases?state=open"))
        self.assertEqual(self.ids("?state=closed"), ["CASE-000002", "CASE-000001"])
        for odd in ("CASE-000099/close", "x/close", "/close", "CASE-000001", "../close"):
            with self.subTest(odd):
                self.assertEqual(self.call("POST", "/admin/cases/" + odd, **{"x-hayate-page": "1"}).status, 404)


class Orders(IdentityTest):
    """The same question on every front, by the customer, by another one, and by nobody."""

    secret = secrets.token_urlsafe(32)
    config = {"auth": {"customer_token": {"hs256_secret_env": "SHOP_SECRET"}}}
    environment = {"SHOP_SECRET": secret}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.server.new_key("service")["key"]
        cls.user = cls.server.new_key("user")["key"]
        wait_until(lambda: call(cls.port, "GET", "/v1/models").status == 401, "the API asks for a key")
        cls.token = hs256(cls.secret, claims(CUSTOMER))

    def page_cookie(self, customer):
        cookie = cookie_of(call(self.port, "GET", "/"))
        reply = call(self.port, "POST", "/api/sign-in", json={"customer_id": customer},
                     headers={"cookie": cookie, "x-hayate-page": "1"})
        self.assertEqual(reply.status, 200)
        return cookie_of(reply)

    def fronts(self):
        """How the customer may ask: name -> a function from the question to the answer's text."""
        return {
            "API, token": lambda text: api_text(ask_api(
                self.port, text, key=self.user, headers={"x-hayate-customer": self.token})),
            "API, `user` of a service": lambda text: api_text(ask_api(self.port, text, key=self.service, user=CUSTOMER)),
            "socket, token": lambda text: self.ask_socket(text, customer=self.token),
            "socket, sign_in frame": lambda text: self.ask_socket(text, sign_in=self.token),
            "socket, key and token": lambda text: self.ask_socket(text, key=self.user, customer=self.token),
            "page": lambda text: self.ask_socket(text, cookie=self.page_cookie(CUSTOMER)),
        }

    def test_the_customer_is_told_about_their_order(self):
        for name, ask in self.fronts().items():
            with self.subTest(name):
                text = ask(question(OWN["id"]))
                for fact in (OWN["id"], "on its way", OWN["carrier"], OWN["tracking"]):
                    self.assertIn(fact, text)

    def test_anothers_order_looks_like_none(self):
        for name, ask in self.fronts().items():
            with self.subTest(name):
                foreign = ask(question(FOREIGN["id"]))
                unknown = ask(question(UNKNOWN_ORDER))
                self.assertEqual(foreign.replace(FOREIGN["id"], UNKNOWN_ORDER), unknown)
                self.assertIn("could not find order", foreign)
                self.assertNotIn(FOREIGN["tracking"], foreign)

    def test_nobody_learns_whether_an_order_exists(self):
        fronts = {
            "API, user key": lambda text: api_text(ask_api(self.port, text, key=self.user)),
            "API, `user` of a user key": lambda text: api_text(ask_api(self.port, text, key=self.user, user=CUSTOMER)),
            "socket": self.ask_socket,
            "page": lambda text: self.ask_socket(text, cookie=cookie_of(call(self.port, "GET", "/"))),
        }
        for name, ask in fronts.items():
            with self.subTest(name):
                existing = ask(question(OWN["id"]))
                self.assertEqual(existing.replace(OWN["id"], UNKNOWN_ORDER), ask(question(UNKNOWN_ORDER)))
                self.assertIn("sign in", existing)

    def test_the_page_knows_who_signed_in_until_they_sign_out(self):
        def customer(cookie):
            return call(self.port, "GET", "/api/page", headers={"cookie": cookie}).json()["customer"]
        cookie = self.page_cookie(CUSTOMER)
        self.assertEqual(customer(cookie)["id"], CUSTOMER)
        signed_out = cookie_of(call(self.port, "POST", "/api/sign-out",
                                    headers={"cookie": cookie, "x-hayate-page": "1"}))
        self.assertIsNone(customer(signed_out))
        self.assertIsNone(customer(cookie[:-1] + ("A" if cookie[-1] != "A" else "B")), "a forged cookie is nobody's")
        unknown = call(self.port, "POST", "/api/sign-in", json={"customer_id": "c-999"},
                       headers={"cookie": cookie, "x-hayate-page": "1"})
        self.assertEqual(unknown.status, 404)
        form = call(self.port, "POST", "/api/sign-in", json={"customer_id": CUSTOMER}, headers={"cookie": cookie})
        self.assertEqual(form.status, 403, "a form on another site cannot set the header")

    def test_anothers_session_looks_like_none(self):
        async def make_session():
            async with Chat(self.port, cookie=self.page_cookie(CUSTOMER)) as chat:
                return (await chat.ask("Do you ship to Osaka?")).accepted["session"]

        async def refusal(session, cookie, **ask):
            async with Chat(self.port, cookie=cookie) as chat:
                refused = await chat.submit("hello", session=session, **ask)
                return {name: value for name, value in refused.items() if name != "client_msg_id"}

        theirs, none = asyncio.run(make_session()), "s_" + "A" * 22
        stranger = cookie_of(call(self.port, "GET", "/"))
        headers = {"cookie": stranger, "x-hayate-page": "1"}
        for method in ("GET", "DELETE"):
            foreign, unknown = (call(self.port, method, f"/api/sessions/{id}", headers=headers) for id in (theirs, none))
            self.assertEqual((foreign.status, foreign.body), (unknown.status, unknown.body))
            self.assertEqual(foreign.status, 404)
        for more in ({}, {"regenerate": 1}):
            foreign, unknown = (asyncio.run(refusal(id, stranger, **more)) for id in (theirs, none))
            self.assertEqual(foreign, unknown)
            self.assertEqual(foreign["code"], "session_not_found")
        self.assertEqual(call(self.port, "GET", "/api/sessions", headers=headers).json(), {"sessions": []})


class TokenTest(IdentityTest):
    """Tokens that must not be believed, on every front that reads one."""

    def assert_believed(self, token):
        self.assertIn("on its way", self.ask_socket(question(OWN["id"]), customer=token))
        self.assertIn("on its way", api_text(ask_api(self.port, question(OWN["id"]),
                                                     headers={"x-hayate-customer": token})))
        page = call(self.port, "GET", "/api/page", headers={"x-hayate-customer": token})
        self.assertEqual(page.json()["customer"]["id"], CUSTOMER)

    def assert_refused(self, name, token, code="invalid_customer_token"):
        with self.subTest(name):
            header = {"x-hayate-customer": token}
            replies = [ask_api(self.port, question(OWN["id"]), headers=header),
                       call(self.port, "GET", "/api/page", headers=header),
                       call(self.port, "GET", "/api/sessions", headers=header)]
            for reply in replies:
                self.assertEqual((reply.status, error_of(reply)["code"]), (401, code))
                self.assertNotIn(token, reply.body)
            with RawWebSocket(self.port, [f"x-hayate-customer: {token}"]) as peer:
                self.assertEqual(peer.status, 401)
            self.assertEqual(asyncio.run(self.sign_in_error(token))["code"], code)

    async def sign_in_error(self, token):
        async with Chat(self.port) as chat:
            await chat.send({"type": "sign_in", "token": token})
            error = await chat.of_type("error")
            answer = await chat.ask(question(OWN["id"]))
            self.assertIn("sign in", answer.text, "still nobody")
            return error


class HmacTokens(TokenTest):
    secret = secrets.token_urlsafe(32)
    config = {"auth": {"customer_token": {"hs256_secret_env": "SHOP_SECRET", "issuer": "shop", "audience": "hayate"}}}
    environment = {"SHOP_SECRET": secret}

    def test_tokens(self):
        good = claims(CUSTOMER, iss="shop", aud="hayate")
        self.assert_believed(hs256(self.secret, good))
        self.assert_believed(hs256(self.secret, {**good, "aud": ["other", "hayate"]}))
        self.assert_refused("expired", hs256(self.secret, {**good, **claims(CUSTOMER, -60)}), "customer_token_expired")
        self.assert_refused("without an end", hs256(self.secret, {**good, "exp": None}))
        self.assert_refused("not yet", hs256(self.secret, {**good, "nbf": good["exp"]}))
        self.assert_refused("another's key", hs256("x" + self.secret[1:], good))
        self.assert_refused("another issuer", hs256(self.secret, {**good, "iss": "other"}))
        self.assert_refused("another audience", hs256(self.secret, {**good, "aud": "other"}))
        self.assert_refused("no customer", hs256(self.secret, {**good, "sub": ""}))
        self.assert_refused("an impossible customer", hs256(self.secret, {**good, "sub": "c 001"}))
        self.assert_refused("alg none", unsigned(good))
        self.assert_refused("alg None", unsigned(good, "None"))
        self.assert_refused("no signature", unsigned(good, "HS256"))
        head, _, signature = hs256(self.secret, good).split(".")
        self.assert_refused("another's claims", f"{head}.{encoded({**good, 'sub': 'c-002'})}.{signature}")
        self.assert_refused("garbage", "a.b.c")
        self.assert_refused("two parts", hs256(self.secret, good).rpartition(".")[0])


class RsaTokens(TokenTest):
    @classmethod
    def setUpClass(cls):
        folder = fresh_data()
        cls.shop, cls.forger = RsaKey(folder, "shop"), RsaKey(folder, "forger")
        cls.config = {"auth": {"customer_token": {"rs256_public_key_file": str(cls.shop.public_file)}}}
        super().setUpClass()

    def test_tokens(self):
        self.assert_believed(self.shop.rs256(claims(CUSTOMER)))
        self.assert_refused("expired", self.shop.rs256(claims(CUSTOMER, -60)), "customer_token_expired")
        self.assert_refused("another's key", self.forger.rs256(claims(CUSTOMER)))
        public_key = pathlib.Path(self.shop.public_file).read_text()
        self.assert_refused("the public key as an HMAC secret", hs256(public_key, claims(CUSTOMER)))
        self.assert_refused("alg none", unsigned(claims(CUSTOMER)))
        self.assert_refused("another algorithm", self.shop.rs256(claims(CUSTOMER), "RS512"))


class BeyondLoopback(unittest.TestCase):
    def refused(self, config):
        data = fresh_data()
        (data / "beyond.yaml").write_text(json.dumps(config))
        done = run("serve", "--config", data / "beyond.yaml", "--data", data, "--port", 0, "--admin-port", 0,
                   "--no-local-model")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        return done.stderr

    def test_without_a_key_it_does_not_start_and_says_why(self):
        said = self.refused({"listen": {"address": "0.0.0.0"}, "auth": {"demo_sign_in": False}})
        self.assertIn("listen.address", said)
        self.assertIn("no API key", said)
        advice = re.search(r"`hayate ([\w ]+)`", said).group(1).split()
        self.assertEqual(run(*advice, "--data", fresh_data()).returncode, 0, "what it advises can be done")

    def test_open_doors_are_named(self):
        said = self.refused({"listen": {"address": "0.0.0.0"}, "auth": {"api_keys": "off"}})
        for key in ("auth.api_keys", "auth.demo_sign_in", "listen.address"):
            self.assertIn(key, said)
        self.assertIn("role admin", self.refused({"admin": {"address": "0.0.0.0"}}))

    def test_with_a_key_it_starts_and_asks_for_it(self):
        data = fresh_data()
        key = json.loads(run("keys", "create", "--json", "--data", data).stdout)["key"]
        server = Server({"listen": {"address": "0.0.0.0"}, "auth": {"demo_sign_in": False}}, data, "--no-local-model")
        self.addCleanup(server.stop)
        self.assertEqual(call(server.port, "GET", "/v1/models").status, 401)
        self.assertEqual(call(server.port, "GET", "/v1/models", headers={"authorization": f"Bearer {key}"}).status, 200)


class Secrets(unittest.TestCase):
    def test_they_are_in_no_log_metric_or_error(self):
        upstream, signing = "sk-planted" + secrets.token_hex(16), "planted" + secrets.token_hex(16)
        mock = Mock(key="another")  # quotes the key it was given in its error, as real providers do
        self.addCleanup(mock.stop)
        config = {"models": mock.models(key_env="UPSTREAM_KEY"), "log_level": "debug",
                  "auth": {"customer_token": {"hs256_secret_env": "SHOP_SECRET"}}}
        server = Server(config, fresh_data(), "--threads", 1, UPSTREAM_KEY=upstream, SHOP_SECRET=signing)
        self.addCleanup(server.stop)
        key, wrong_key = server.new_key("service")["key"], "hk_" + secrets.token_urlsafe(32)
        token = hs256(signing, claims(CUSTOMER))
        forged = hs256("z" * 40, claims(CUSTOMER))
        cookie = cookie_of(call(server.port, "GET", "/"))
        planted = [upstream, signing, key, wrong_key, token, forged, cookie.partition("=")[2]]
        body = {"model": "fast", "messages": [{"role": "user", "content": "hi"}]}
        replies = []
        for secret in planted:
            for header in ("authorization", "x-api-key", "x-hayate-customer", "cookie"):
                value = f"Bearer {secret}" if header == "authorization" else f"hayate_page={secret}"
                value = value if header in ("authorization", "cookie") else secret
                for path in ("/v1/chat/completions", "/api/sign-in", "/nowhere"):
                    replies.append(call(server.port, "POST", path, json=body, headers={header: value}))
            replies.append(call(server.port, "GET", f"/v1/models/{secret}?key={secret}"))
            replies.append(call(server.port, "GET", f"/admin/login?token={secret}"))
            replies.append(call(server.admin_port, "GET", f"/admin/login?token={secret}"))
            replies.append(call(server.port, "POST", "/v1/chat/completions", body=secret, headers={"x-api-key": key}))
            exchange(server.port, f"GET / HTTP/1.1\r\nX: {secret}\r\nX: \x00\r\n\r\n".encode())
        ordinary = ask_api(server.port, "Do you ship to Osaka?", key=key)  # the provider refuses the key
        replies.append(ordinary)
        self.assertGreaterEqual(ordinary.status, 500)
        asyncio.run(self.talk(server.port, token, [forged, token[:-1], wrong_key]))
        metrics = call(server.admin_port, "GET", "/metrics").body
        self.assertIn("hayate_turns_total", metrics)
        server.stop()
        self.assertIn("refused the key", server.output, "the operator is told the cause")
        seen = server.output + metrics + "".join(reply.body for reply in replies)
        for secret in planted:
            for part in (part for part in secret.split(".") if len(part) >= 16):  # not in part either
                self.assertFalse(part[:16] in seen or part[-16:] in seen, secret)

    @staticmethod
    async def talk(port, token, bad_tokens):
        async with Chat(port, customer=token) as chat:
            for bad in bad_tokens:
                await chat.send({"type": "sign_in", "token": bad})
                assert (await chat.of_type("error"))["code"] == "invalid_customer_token"
            await chat.follow((await chat.submit("hi"))["response_id"])


if __name__ == "__main__":
    unittest.main()
