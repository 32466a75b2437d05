"""The shipped assistant's data: a database to start from, and facts to expect in answers."""

import atexit
import functools
import json
import pathlib
import shutil
import tempfile

from support.processes import ASSISTANT, run


def temporary_folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hayate-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def _imported():
    folder = temporary_folder()
    done = run("import", "--data", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def fresh_data():
    """A data folder of its own that holds the imported catalog, and nobody's conversations."""
    folder = temporary_folder()
    for file in _imported().iterdir():
        shutil.copy(file, folder)
    return folder


def rows(name):
    """The rows of a data file: rows("orders/orders")."""
    with open(ASSISTANT / f"{name}.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def order(id):
    return next(row for row in rows("orders/orders") if row["id"] == id)


def product(sku):
    return next(row for row in rows("catalog/products") if row["sku"] == sku)


def faq(id):
    return next(row for row in rows("faq/faq") if row["id"] == id)
