"""The command line: help, mistakes and the words for them, exit codes, and a chat on a terminal."""

import contextlib
import json
import re
import shutil
import signal
import socket
import sqlite3
import unittest

from support.processes import ASSISTANT, Mock, Server, run, wait_until
from support.shop import faq, fresh_data, rows, temporary_folder
from support.terminal import CTRL_C, CTRL_D, ENTER, Terminal

OK, NO, WRONG_USAGE, WRONG_CONFIG, UNREACHABLE = 0, 1, 2, 3, 4


def free_port():
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Help(unittest.TestCase):
    def commands(self):
        listed = run("--help").stdout.partition("Subcommands:")[2].partition("\n\n")[0]
        return re.findall(r"^  (\S+)", listed, re.M)

    def test_every_command_shows_examples(self):
        commands = self.commands()
        self.assertEqual(set(commands), {"serve", "chat", "ask", "classify", "import", "keys", "check", "doctor",
                                         "mock-model"})
        for command in [*commands, "keys create", "keys list", "keys revoke"]:
            with self.subTest(command):
                done = run(*command.split(), "--help")
                self.assertEqual((done.returncode, done.stderr), (OK, ""))
                examples = done.stdout.partition("Examples:")[2]
                self.assertIn(f"hayate {command.split()[0]}", examples)

    def test_examples_use_options_that_exist(self):
        for command in self.commands():
            text = run(command, "--help").stdout
            options, _, examples = text.partition("Examples:")
            sub_options = "".join(run(command, sub, "--help").stdout for sub in ("create", "list", "revoke")
                                  if command == "keys")
            for line in re.findall(rf"hayate {command}\b.*", examples):
                for option in re.findall(r"--[a-z-]+", line):
                    self.assertIn(option, options + sub_options, line)

    def test_exit_codes_are_documented(self):
        text = run("--help").stdout
        codes = re.search(r"Exit codes: (.*)", text, re.S).group(1)
        self.assertEqual(re.findall(r"\b(\d+) [a-z]", codes), ["0", "1", "2", "3", "4", "130"])

    def test_wrong_usage(self):
        for arguments in ([], ["dance"], ["serve", "--port", "many"], ["serve", "--threads", "0"], ["keys"],
                          ["keys", "revoke"], ["serve", "--no-such-option"], ["mock-model", "--rate", "fast"],
                          ["mock-model", "--ttft", "lognormal:1"], ["ask", "--server", "nonsense", "hi"]):
            with self.subTest(arguments):
                done = run(*arguments, input="")
                self.assertEqual(done.returncode, WRONG_USAGE, done.stdout + done.stderr)
                self.assertTrue(done.stderr)

    def test_a_slip_of_the_pen_is_understood(self):
        self.assertIn("did you mean 'serve'?", run("srve").stderr)
        self.assertIn("there is no command 'dance'", run("dance").stderr)

    def test_the_version(self):
        self.assertRegex(run("--version").stdout, r"^hayate \d+\.\d+\.\d+\n$")


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = temporary_folder()

    def check(self, yaml, *arguments):
        (self.folder / "shop.yaml").write_text(yaml)
        return run("check", "--config", "shop.yaml", *arguments, cwd=self.folder)

    def assert_problem(self, yaml, *words):
        done = self.check(yaml, "--assistant", "none")
        self.assertEqual(done.returncode, WRONG_CONFIG, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_an_unknown_key_is_named_with_its_place_and_the_nearest_one(self):
        self.assert_problem("threads: 2\nlisten:\n  prot: 9000\n",
                            "shop.yaml:3: listen.prot: unknown key; did you mean 'port'?", "1 problem")
        self.assert_problem("limits:\n  drain-time_ms: 5\n", "shop.yaml:2: limits.drain-time_ms", "'drain_time_ms'")
        self.assert_problem("quux: 1\n", "shop.yaml:1: quux: unknown key")

    def test_wrong_types_say_what_is_expected(self):
        self.assert_problem("threads: many\n", "shop.yaml:1: threads: expected a whole number", '"many"')
        self.assert_problem("listen:\n  port: 70000\n", "shop.yaml:2: listen.port", "0 to 65535")
        self.assert_problem("auth:\n  demo_sign_in: perhaps\n", "auth.demo_sign_in: expected true or false")
        self.assert_problem("auth:\n  api_keys: [a]\n", "shop.yaml:2: auth.api_keys")
        self.assert_problem("listen: 9000\n", "shop.yaml:1: listen")
        self.assert_problem("auth:\n  allowed_origins: ['https://shop.example/']\n", "auth.allowed_origins")
        self.assert_problem("models:\n  fast: {provider: opnai}\n", "models.fast.provider", "did you mean 'openai'?")
        self.assert_problem("models:\n  fast: {provider: openai, model: m}\n", "models.fast", "base_url is missing")
        self.assert_problem("log_level: loud\n", "log_level: expected one of")

    def test_every_problem_is_reported_at_once(self):
        self.assert_problem("threads: x\nlisten:\n  prot: 1\nlog_level: loud\n", ":1:", ":3:", ":4:", "3 problems")

    def test_what_is_not_yaml(self):
        self.assert_problem("a: [\n", "shop.yaml", "not YAML")
        self.assert_problem("threads: 1\nthreads: 2\n", "shop.yaml:2", "threads")
        done = run("check", "--config", "nowhere.yaml", cwd=self.folder)
        self.assertEqual(done.returncode, WRONG_CONFIG)
        self.assertIn("nowhere.yaml: the file does not exist", done.stderr)

    def test_a_pasted_key_is_not_repeated(self):
        secret = "sk-planted-0123456789"
        for yaml in (f"models: {{fast: {{provider: openai, model: m, base_url: 'https://x', key_env: {secret}}}}}",
                     f"models: {{fast: {{provider: openai, model: m, base_url: 'https://x', key_file: {secret}}}}}",
                     f"auth: {{customer_token: {{hs256_secret_env: {secret}}}}}"):
            done = self.check(yaml)
            self.assertEqual(done.returncode, WRONG_CONFIG)
            self.assertNotIn(secret, done.stdout + done.stderr)

    def test_the_shipped_assistant_is_right(self):
        done = self.check("threads: 1\n")
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertIn(f"{len(rows('catalog/products'))} products", done.stdout)

    def test_mistakes_in_the_assistants_folder(self):
        for change, words in (
                (lambda yaml: yaml.replace("deadline_ms: 3000", "deadline_ms: soon"), ("deadline_ms", '"soon"')),
                (lambda yaml: yaml.replace("max_tokens:", "max_token:"), ("max_token", "did you mean 'max_tokens'?")),
                (lambda yaml: yaml.replace("order **{order_id}**", "order **{order_nr}**"), ("{order_nr}",)),
                (lambda yaml: yaml.replace("prompts/system.txt", "prompts/none.txt"), ("prompts/none.txt",)),
                (lambda yaml: yaml.replace("models: [strong, fast]", "models: [fats]"), ("fats", "'fast'")),
                (lambda yaml: yaml.replace("  month_7: {en: July, ja: 7月}\n", ""), ("month_7",))):
            folder = self.folder / "shop"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(ASSISTANT, folder)
            text = (folder / "assistant.yaml").read_text()
            self.assertNotEqual(change(text), text)
            (folder / "assistant.yaml").write_text(change(text))
            done = run("check", "--assistant", folder)
            with self.subTest(words):
                self.assertEqual(done.returncode, WRONG_CONFIG, done.stdout)
                self.assertRegex(done.stderr, r"assistant\.yaml:\d+: ")
                for word in words:
                    self.assertIn(word, done.stderr)
        for name, text, words in (
                ("a.txt", "model m\nlayer x\n", "shop/probes/a.txt: line 2: expected the number of a layer"),
                ("b.txt", "model m\nlayer 3\n", 'shop/probes/b.txt: no "weights"')):
            folder = self.folder / "shop"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(ASSISTANT, folder)
            (folder / "probes").mkdir(exist_ok=True)
            (folder / "probes" / name).write_text(text)
            done = run("check", "--assistant", folder)
            with self.subTest(words):
                self.assertEqual(done.returncode, WRONG_CONFIG, done.stdout)
                self.assertIn(words, done.stderr)
        shutil.rmtree(folder / "probes")
        (folder / "probes").write_text("not a folder")
        done = run("check", "--assistant", folder)
        self.assertEqual(done.returncode, WRONG_CONFIG, done.stdout)
        self.assertIn("shop/probes: Not a directory", done.stderr)
        done = run("check", "--assistant", self.folder / "nowhere")
        self.assertEqual(done.returncode, WRONG_CONFIG)
        self.assertIn("nowhere/assistant.yaml", done.stderr)


class Import(unittest.TestCase):
    TABLES = ("series", "products", "faq", "customers", "orders", "order_items", "words", "search_docs", "vectors")

    def setUp(self):
        self.data = fresh_data()
        self.folder = temporary_folder()

    def counts(self):
        with contextlib.closing(sqlite3.connect(self.data / "hayate.db")) as database:
            return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in self.TABLES}

    def load(self):
        return run("import", "--data", self.data, self.folder)

    def write(self, name, *lines):
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def assert_refused(self, *words):
        before = self.counts()
        done = self.load()
        self.assertEqual(done.returncode, WRONG_CONFIG, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stdout)
        self.assertIn("nothing was imported", done.stderr)
        self.assertEqual(self.counts(), before)

    @staticmethod
    def customer(id="c-900", **change):
        row = {"id": id, "name": {"en": "A", "ja": "B"}, "language": "en", "city": {"en": "O", "ja": "O"},
               "favorite_genres": ["drama"], "points": 1, "member_since": "2024-01-01", "owned": []}
        return json.dumps({**row, **change})

    def test_good_rows_are_loaded(self):
        before = self.counts()
        self.write("customers/customers.jsonl", self.customer(), self.customer("c-901"))
        done = self.load()
        self.assertEqual(done.returncode, OK, done.stdout + done.stderr)
        self.assertIn("2 customers", done.stdout)
        self.assertEqual(self.counts(), {**before, "customers": (2,)}, "a file replaces what there was of its kind")

    def test_a_bad_line_is_named_and_nothing_is_half_loaded(self):
        cases = [
            ("customers.jsonl:3", (self.customer(), self.customer("c-901"), "{not json"), ("JSON",)),
            ("customers.jsonl:2", (self.customer(), self.customer("c-901", points="many")), ("points",)),
            ("customers.jsonl:2", (self.customer(), self.customer()), ("c-900",)),
            ("customers.jsonl:1", (self.customer(member_since="yesterday"),), ("member_since",)),
            ("customers.jsonl:1", (self.customer(nickname="x"),), ("nickname",)),
            ("customers.jsonl:2", ("", '["a", "list"]', self.customer()), ()),
        ]
        for place, lines, words in cases:
            with self.subTest(lines=lines):
                self.write("customers/customers.jsonl", *lines)
                self.assert_refused(place, *words)

    def test_a_bad_cell_of_a_csv_file(self):
        head = "sku,series,kind,language,volume,title_en,title_ja,price_yen,stock,release_date"
        good = "one-piece-ja-v998,one-piece,volume,ja,998,One Piece 998,ONE PIECE 998巻,528,3,2024-01-01"
        self.write("catalog/products.csv", head, good, good.replace("998", "999").replace("528", "cheap"))
        self.assert_refused("products.csv:3", "price_yen", "cheap")
        self.write("catalog/products.csv", head, good, good.replace("998", "999").replace("one-piece,vol", "no-such-series,vol"))
        self.assert_refused("products.csv:3", "series", "no-such-series")
        self.write("catalog/products.csv", head.replace("stock", "stok"), good)
        self.assert_refused("products.csv", "stok")
        self.write("catalog/products.csv", head, good)
        done = self.load()
        self.assertEqual(done.returncode, OK, done.stdout + done.stderr)
        self.assertEqual(self.counts()["products"], (1,))

    def test_all_files_stand_or_fall_together(self):
        self.write("customers/customers.jsonl", self.customer())
        self.write("orders/orders.jsonl", json.dumps({**rows("orders/orders")[0], "id": "MNG-99999", "customer": "c-nobody"}))
        self.assert_refused("orders.jsonl:1", "c-nobody")

    def test_a_folder_that_is_not_there(self):
        done = run("import", "--data", self.data, self.folder / "nowhere")
        self.assertNotEqual(done.returncode, OK)
        self.assertIn("nowhere", done.stderr)


class Doctor(unittest.TestCase):
    def examine(self, models, **environment):
        data = fresh_data()
        (data / "shop.yaml").write_text(json.dumps({"models": models}))
        return run("doctor", "--config", data / "shop.yaml", "--data", data, **environment)

    def test_what_works_is_said_to_work(self):
        mock = Mock()
        self.addCleanup(mock.stop)
        done = self.examine(mock.models())
        self.assertEqual(done.returncode, OK, done.stdout)
        for what in ("configuration", "database", "embedder", "model 'fast' (openai): answers"):
            self.assertRegex(done.stdout, rf"ok +{re.escape(what)}")

    def assert_wrong(self, done, *words):
        self.assertEqual(done.returncode, NO, done.stdout)
        for word in words:
            self.assertIn(word, done.stdout)

    def test_a_refused_connection(self):
        url = f"http://127.0.0.1:{free_port()}/v1"
        self.assert_wrong(self.examine({"fast": {"provider": "openai", "model": "m", "base_url": url}}),
                          "WRONG model 'fast'", "refused", f"Check base_url '{url}'")

    def test_a_wrong_key_is_named_by_its_place_and_not_shown(self):
        mock = Mock(key="right")
        self.addCleanup(mock.stop)
        done = self.examine(mock.models(key_env="SHOP_KEY"), SHOP_KEY="sk-planted-wrong")
        self.assert_wrong(done, "WRONG model 'fast'", "key", "SHOP_KEY")
        self.assertNotIn("sk-planted", done.stdout + done.stderr)

    def test_a_key_that_is_not_set(self):
        mock = Mock(key="right")
        self.addCleanup(mock.stop)
        self.assert_wrong(self.examine(mock.models(key_env="SHOP_KEY")), "environment variable SHOP_KEY is not set")

    def test_a_local_model_without_weights(self):
        done = run("doctor", "--data", fresh_data(), HAYATE_CACHE=str(temporary_folder()),
                   HAYATE_MODELS=str(temporary_folder()))
        self.assert_wrong(done, "WRONG model 'fast' (local)", "fetch-models.py", "WRONG embedder", "fetch-embedder.py")

    def test_the_local_models_are_waited_for(self):
        done = run("doctor", "--data", fresh_data())
        for model in ("fast", "strong"):
            self.assertRegex(done.stdout, rf"ok +model '{model}' \(local\): answers")


class Asking(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mock = Mock(ttft=1, rate=1000, answer="The answer is 42, それだけです。")
        cls.addClassCleanup(cls.mock.stop)
        cls.slow = Mock(ttft=1, rate=20, tokens=100_000)
        cls.addClassCleanup(cls.slow.stop)
        models = {**cls.mock.models(), "slow": cls.slow.models()["fast"]}
        cls.server = Server({"models": models}, fresh_data())
        cls.addClassCleanup(cls.server.stop)

    def ask(self, *arguments, **options):
        return run("ask", "--server", self.server.origin, *arguments, **options)

    def test_a_question_of_many_words(self):
        done = self.ask("Do", "you", "ship", "to", "Osaka?")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "The answer is 42, それだけです。\n", ""))
        self.assertIn("Do you ship to Osaka?", self.mock.calls()[-1]["body"])

    def test_a_question_from_standard_input(self):
        self.assertEqual(self.ask(input="大阪へ配送できますか\n").stdout, "The answer is 42, それだけです。\n")
        self.assertIn("大阪へ配送できますか", self.mock.calls()[-1]["body"])

    def test_a_raw_model(self):
        self.assertIn("42", self.ask("--model", "strong", "hi").stdout)
        done = self.ask("--model", "weak", "hi")
        self.assertEqual(done.returncode, UNREACHABLE)
        self.assertIn("no model 'weak'", done.stderr)

    def test_nobody_there(self):
        port = free_port()
        for command in (["ask", "hi"], ["chat"]):
            done = run(*command, "--server", f"http://127.0.0.1:{port}", input="")
            self.assertEqual(done.returncode, UNREACHABLE)
            self.assertIn("hayate serve", done.stdout + done.stderr)

    def test_a_chat(self):
        chat = Terminal("chat", "--server", self.server.origin)
        self.addCleanup(chat.kill)
        chat.wait_for("you> ")
        for question in ("Do you ship to Osaka?", "大阪に配送できますか"):
            chat.press(question + ENTER)
            chat.wait_for("mangaassist> ")
            chat.wait_for("The answer is 42, それだけです。")
            chat.wait_for("you> ")
        shown = self.mock.calls()[-1]["body"]
        self.assertIn("大阪に配送できますか", shown)
        self.assertIn("Do you ship to Osaka?", shown, "the conversation is sent along")
        calls = len(self.mock.calls())
        for thumb in ("/good", "/bad"):
            chat.press(thumb + ENTER)
            chat.wait_for("Thank you")
            chat.wait_for("you> ")
        self.assertEqual(len(self.mock.calls()), calls, "it is no question")
        chat.press(CTRL_D)
        self.assertEqual(chat.exit_code(), OK)

    def test_only_answers_of_the_assistant_are_rated(self):
        chat = Terminal("chat", "--server", self.server.origin, "--model", "strong")
        self.addCleanup(chat.kill)
        chat.wait_for("you> ")
        chat.press("/good" + ENTER)
        chat.wait_for("There is no answer yet")
        chat.wait_for("you> ")
        chat.press("hi" + ENTER)
        chat.wait_for("The answer is 42")
        chat.wait_for("you> ")
        chat.press("/bad" + ENTER)
        chat.wait_for("only answers of the assistant")
        chat.wait_for("you> ")
        chat.press(CTRL_D)
        self.assertEqual(chat.exit_code(), OK)

    def test_ctrl_c_stops_an_answer_and_the_chat_goes_on(self):
        chat = Terminal("chat", "--server", self.server.origin, "--model", "slow")
        self.addCleanup(chat.kill)
        chat.wait_for("you> ")
        chat.press("a story, please" + ENTER)
        chat.wait_for(r"slow> \S*\s*\w+ \w+")
        chat.press(CTRL_C)
        chat.wait_for(r"\(stopped\)")
        wait_until(lambda: all(one["closed_by_client"] for one in self.slow.calls()), "the model call is closed")
        chat.wait_for("you> ")
        chat.press("go on" + ENTER)
        chat.wait_for(r"slow> \S*\s*\w+ \w+")
        chat.press(CTRL_C)
        chat.wait_for("you> ")
        chat.press(CTRL_D)
        self.assertEqual(chat.exit_code(), OK)

    def test_ctrl_c_ends_what_waits_for_words(self):
        chat = Terminal("chat", "--server", self.server.origin)
        self.addCleanup(chat.kill)
        chat.wait_for("you> ")
        chat.press(CTRL_C)
        chat.press(CTRL_D)
        self.assertIn(chat.exit_code(), (OK, 130))

    def test_ctrl_c_interrupts_a_question(self):
        ask = Terminal("ask", "--server", self.server.origin, "--model", "slow", "a story, please")
        self.addCleanup(ask.kill)
        ask.wait_for(r"\w+ \w+")
        ask.press(CTRL_C)
        self.assertIn(ask.exit_code(), (130, -signal.SIGINT), "130 in a shell")


class WithoutModel(unittest.TestCase):
    def test_ask_prints_what_the_shop_knows(self):
        server = Server({}, fresh_data(), "--no-local-model")
        self.addCleanup(server.stop)
        done = run("ask", "--server", server.origin, "Do you ship to Osaka?")
        self.assertEqual((done.returncode, done.stdout), (OK, faq("shipping-osaka")["answer"]["en"] + "\n"))
        key = server.new_key()["key"]
        wait_until(lambda: run("ask", "--server", server.origin, "hi").returncode == UNREACHABLE, "a key is needed")
        self.assertEqual(run("ask", "--server", server.origin, "--key", key, "hi").returncode, OK)
        self.assertEqual(run("ask", "--server", server.origin, "hi", HAYATE_KEY=key).returncode, OK)


if __name__ == "__main__":
    unittest.main()
