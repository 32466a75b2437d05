"""`hayate import` beside a running server: what is new is found, by its name as well, without a reload or a restart."""

import asyncio
import json
import re
import unittest

from support.chat import Chat
from support.http import call
from support.processes import Mock, Server, run, wait_until
from support.shop import fresh_data, rows, temporary_folder

SERIES = {**rows("catalog/series")[0], "id": "zephyr-gate", "aliases": ["ZG"], "genres": ["western"],
          "title": {"en": "Zephyr Gate", "ja": "ゼファーの門", "romaji": "Zefā no Mon"},
          "authors": [{"en": "Mirabel Quennerstedt", "ja": ""}]}
VOLUMES = [{**rows("catalog/products")[0], "sku": f"zephyr-gate-en-v00{volume}", "series": "zephyr-gate", "kind": "volume",
            "language": "en", "volume": volume, "price_yen": 900, "stock": 3, "release_date": "2024-01-01",
            "title": {"en": f"Zephyr Gate, Vol. {volume}", "ja": f"ゼファーの門 {volume}巻"}} for volume in (1, 2, 3)]


def import_catalog(data, series, products):
    folder = temporary_folder()
    (folder / "catalog").mkdir()
    for name, values in (("series", series), ("products", products)):
        (folder / f"catalog/{name}.jsonl").write_text("\n".join(map(json.dumps, values)) + "\n")
    return run("import", "--data", data, folder)


class CatalogChange(unittest.TestCase):
    def setUp(self):
        self.mock = Mock(ttft=1000)
        self.addCleanup(self.mock.stop)
        self.data = fresh_data()
        self.server = Server({"models": self.mock.models(), "auth": {"api_keys": "off"}}, self.data, "--threads", 2)
        self.addCleanup(self.server.stop)

    def follows(self):
        return len(re.findall(r"names_followed ", self.server.output))

    def skus(self, question):
        """Of the cards of the answer."""
        async def ask():
            async with Chat(self.server.port) as chat:
                answer = await chat.ask(question)
                assert answer.is_whole()
                return [frame["card"]["sku"] for frame in answer.of("card")]
        return asyncio.run(ask())

    def test_a_new_series_is_known_by_its_names_and_what_runs_goes_on(self):
        series, products = rows("catalog/series"), rows("catalog/products")
        self.assertFalse([sku for sku in self.skus("Do you have Zephyr Gate volume 2?") if "zephyr" in sku])

        async def ask_meanwhile():
            async with Chat(self.server.port) as chat:
                accepted = await chat.submit("Do you ship to Osaka?")
                done = await asyncio.to_thread(import_catalog, self.data, [*series, SERIES], [*products, *VOLUMES])
                frames = await chat.follow(accepted["response_id"])
                return done, frames
        done, frames = asyncio.run(ask_meanwhile())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("A running server notices within a second", done.stdout)
        self.assertEqual(frames[-1]["type"], "final", frames[-1])
        wait_until(self.follows, "the names follow the catalog")

        # By name alone: a volume 2 that is searched for by words brings those of other series along.
        for question in ("Do you have Zephyr Gate volume 2?", "ZG vol. 2 please", "ゼファーの門の2巻はありますか"):
            self.assertEqual(self.skus(question), ["zephyr-gate-en-v002"], question)

        # The folder does not have it; the store, which is what is served, does.
        key = self.server.new_key("admin")["key"]
        reloaded = call(self.server.admin_port, "POST", "/admin/reload", headers={"authorization": f"Bearer {key}"})
        self.assertEqual(reloaded.status, 200, reloaded.body)
        self.assertEqual(self.skus("Do you have Zephyr Gate volume 2?"), ["zephyr-gate-en-v002"])

        before = self.follows()
        done = import_catalog(self.data, series, products)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        wait_until(lambda: self.follows() > before, "the names follow again")
        self.assertFalse([sku for sku in self.skus("Do you have Zephyr Gate volume 2?") if "zephyr" in sku])

    def test_an_import_that_changes_no_name_trains_nothing(self):
        series, products = rows("catalog/series"), rows("catalog/products")
        done = import_catalog(self.data, series, [{**product, "price_yen": 333} for product in products])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        async def price():
            async with Chat(self.server.port) as chat:
                answer = await chat.ask("Do you have One Piece volume 1 in Japanese?")
                return [frame["card"]["price_yen"] for frame in answer.of("card")]
        wait_until(lambda: asyncio.run(price())[:1] == [333], "the new price is shown")
        done = import_catalog(self.data, [*series, SERIES], [*products, *VOLUMES])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        wait_until(self.follows, "the names follow the catalog")
        self.assertEqual(self.follows(), 1, "the import of prices alone made no names follow")


if __name__ == "__main__":
    unittest.main(verbosity=2)
