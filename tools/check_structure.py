#!/usr/bin/env python3
"""Checks what a compiler does not: the order of the rooms, where heavy headers may be included, line length, banned
calls, files nobody uses, and that documented commands exist. One line per finding; exit 1 if there is any."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

# docs/architecture.md: a room includes only rooms of earlier rows; rooms of one row do not include each other.
ORDER = [
    ["core/base"], ["core/stats", "core/text"], ["core/wire"], ["core/config"], ["core/observe"],
    ["io/runtime"], ["io/net"], ["io/export"], ["io/model", "io/store"],
    ["engine/understand"], ["engine/gate"], ["engine/stream"], ["engine/gather", "engine/route", "engine/answers"], ["engine/turn"],
    ["engine/precompute"], ["engine/bench"],
    ["app/mock"], ["app/front"], ["app/cli"],
]
LEVEL = {room: level for level, row in enumerate(ORDER) for room in row}
COLUMNS = 100
LINES_MAX = 500

# What must not be called, and what to use instead. Where: a regular expression on the path that is exempt.
BANNED = [
    (r"\bco_spawn\(", "runtime::TaskScope::spawn", r"io/runtime/"),
    (r"asio::detached", "runtime::TaskScope", r"io/runtime/"),
    (r"\bstd::this_thread::sleep_for", "runtime::sleep_until", r"_test\.cpp$|test/"),
    (r"\bstd::(cout|cerr)\b", "base::log or the CLI's terminal", r"app/cli/|_test\.cpp$"),
    (r"\bsqlite3_exec\(", "prepared statements", r"io/store/sqlite/"),
    (r"\b(gmtime|localtime|asctime|strtok|rand)\(", "fmt::gmtime, ICU, <random>", r"fmt::gmtime"),
    (r"\bnew std::thread|\.detach\(\)", "a joined thread", r"$^"),
]


def room_of(path: pathlib.Path) -> str:
    return "/".join(path.relative_to(SRC).parts[:2])


def sources():
    return sorted(p for ext in ("*.hpp", "*.cpp") for p in SRC.rglob(ext))


def check_includes(path, text, say):
    own = room_of(path)
    if own not in LEVEL:
        say(path, 1, f"unknown room '{own}': add it to the order in {pathlib.Path(__file__).name}")
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'#include "((?:core|io|engine|app)/\w+)/', line)
        if found and found[1] != own and LEVEL.get(found[1], 99) >= LEVEL[own]:
            say(path, number, f"{own} may not include {found[1]}")
        if "boost/beast" in line and own != "io/net":
            say(path, number, "Beast is included only by the sources of io/net")
        if "boost/beast" in line and path.suffix == ".hpp":
            say(path, number, "Beast stays out of headers: it costs 15 s per unit that includes it")
        if "asio/experimental" in line and own != "io/runtime":
            say(path, number, "Asio's experimental headers are included only by io/runtime")


def check_lines(path, text, say):
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        say(path, len(lines), f"more than {LINES_MAX} lines: split it")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            say(path, number, f"longer than {COLUMNS} columns")
        if line.lstrip().startswith("//"):
            continue
        for pattern, instead, exempt in BANNED:
            if re.search(pattern, line) and not re.search(exempt, str(path)) and not re.search(exempt, line):
                say(path, number, f"banned call {pattern!r}: use {instead}")
    if path.suffix == ".hpp" and "#pragma once" not in text:
        say(path, 1, "no #pragma once")


def check_unreferenced(say):
    included = set()
    for path in [*sources(), *(ROOT / "test").rglob("*.[ch]pp"), *(ROOT / "bench").rglob("*.[ch]pp")]:
        included.update(re.findall(r'#include "([^"]+)"', path.read_text()))
    for path in SRC.rglob("*.hpp"):
        if str(path.relative_to(SRC)) not in included:
            say(path, 1, "no file includes this header")


def check_manga(path, text, say):
    """Nothing of the shop's subject is in src/: it belongs to the assistant's folder."""
    if path.name.endswith("_test.cpp"):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"manga(?!assist)", line, re.IGNORECASE):
            say(path, number, "the assistant's subject does not belong in src/")


def check_docs(say):
    """Every make target that the documents name exists."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "bench").glob("*.md")]
    for path in documents:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for target in re.findall(r"`make ([a-z-]+)", line):
                if target not in targets:
                    say(path, number, f"'make {target}' does not exist")
            for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", line):
                if not (path.parent / link).exists():
                    say(path, number, f"dead link '{link}'")


def check_tracked(say):
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    for name in tracked:
        if re.search(r"(^|/)(node_modules|dist|build|__pycache__)/|\.gguf$", name):
            say(ROOT / name, 1, "generated or downloaded files are not committed")


def main() -> int:
    findings = []

    def say(path, line, text):
        findings.append(f"{path.relative_to(ROOT)}:{line}: {text}")

    for path in sources():
        text = path.read_text()
        check_includes(path, text, say)
        check_lines(path, text, say)
        check_manga(path, text, say)
    check_unreferenced(say)
    check_docs(say)
    check_tracked(say)
    print("\n".join(findings) if findings else f"structure: {len(sources())} files, no findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
