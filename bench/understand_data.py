#!/usr/bin/env python3
"""Turns the published CLINC150 and BANKING77 files into what `hayate classify` reads.

  bench/understand_data.py clinc data_full.json OUT_DIR       # github.com/clinc/oos-eval, data/data_full.json
  bench/understand_data.py banking train.csv OUT.tsv          # github.com/PolyAI-LDN/task-specific-datasets
"""

import csv
import json
import pathlib
import sys


def row(intent: str, text: str) -> str:
    return "\t".join([intent, "en", "-", " ".join(text.split())]) + "\n"


def clinc(source: str, folder: str) -> None:
    data = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    parts = {"train": ["train"], "val": ["val", "oos_val"], "test": ["test", "oos_test"]}
    for name, keys in parts.items():
        rows = [row(intent, text) for key in keys for text, intent in data[key]]
        (out / f"clinc150_{name}.tsv").write_text("".join(rows), encoding="utf-8")


def banking(source: str, target: str) -> None:
    with open(source, encoding="utf-8", newline="") as file:
        rows = [row(line["category"], line["text"]) for line in csv.DictReader(file)]
    pathlib.Path(target).write_text("".join(rows), encoding="utf-8")


def main() -> int:
    if len(sys.argv) != 4 or sys.argv[1] not in ("clinc", "banking"):
        print(__doc__, file=sys.stderr)
        return 2
    (clinc if sys.argv[1] == "clinc" else banking)(sys.argv[2], sys.argv[3])
    return 0


if __name__ == "__main__":
    sys.exit(main())
