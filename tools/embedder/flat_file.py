"""Writes the embedder's flat file, which the server maps into memory as it is.

Layout, little endian (the reader is src/io/model/embedder/weights_file.cpp):

    0   8 bytes  magic "HAYATEUS"
    8   u32      format version
    12  u32      number of sections
    16  u64      size of the file
    24  8 bytes  zero
    32  32 bytes SHA-256 of everything from byte 64 on
    64  section table, 48 bytes each:
        name (24, zero padded), u64 offset, u64 bytes, u32 rows, u32 columns
    ..  sections, each at a multiple of 64 bytes

Sections: `table` is the uint8 embedding row of every piece id in order; a row i is dequantised with
`scale` and `lo` at i mod 17. Matrices are float32 in panels of 16 columns: [columns / 16][rows][16],
so that a multiplication reads them front to back. Vectors are plain float32. `sp_model` is the
SentencePiece model.
"""

import hashlib
import os
import struct
import tempfile

MAGIC = b"HAYATEUS"
VERSION = 1
HEADER_BYTES = 64
ENTRY = struct.Struct("<24sQQII")
ALIGNMENT = 64
PANEL_COLUMNS = 16
CHUNKS = 17
ORDERS = (2, 3, 5)  # of the n-gram branches


def in_panels(array):
    """A float32 matrix in column panels."""
    row_bytes, panel_bytes = array.cols * 4, PANEL_COLUMNS * 4
    if array.dtype != "<f4" or array.cols % PANEL_COLUMNS:
        raise ValueError("a matrix must be float32 with a multiple of 16 columns")
    view = memoryview(array.data)
    return b"".join(view[row * row_bytes + at:row * row_bytes + at + panel_bytes]
                    for at in range(0, row_bytes, panel_bytes) for row in range(array.rows))


def embedding_table(arrays):
    """The 17 quantised chunks as one table: piece i is row i // 17 of chunk i mod 17 + 1."""
    rows, cols = arrays["q1"].shape
    table = bytearray(rows * CHUNKS * cols)
    for chunk in range(CHUNKS):
        source = memoryview(arrays[f"q{chunk + 1}"].data)
        for row in range(rows):
            to = (row * CHUNKS + chunk) * cols
            table[to:to + cols] = source[row * cols:(row + 1) * cols]
    return rows * CHUNKS, cols, bytes(table)


def sections_of(arrays, sp_model):
    """(name, rows, columns, bytes) of every section."""
    yield ("table", *embedding_table(arrays))
    for name in ("scale", "lo", "ln_g", "ln_b", "cnn_b"):
        yield name, 1, arrays[name].cols, arrays[name].data
    for name in ("proj_b", "branch_g", "branch_b"):
        source = {"proj_b": "proj_b", "branch_g": "ln_g", "branch_b": "ln_b"}[name]
        parts = [arrays[f"{source}{order}"] for order in ORDERS]
        yield name, 1, sum(part.cols for part in parts), b"".join(part.data for part in parts)
    projections = [arrays[f"proj{order}"] for order in ORDERS]
    yield ("proj", projections[0].rows, sum(part.cols for part in projections),
           b"".join(in_panels(part) for part in projections))
    for order in ORDERS:
        for layer in ("1", "2"):
            bias = arrays[f"b{layer}_{order}"]
            yield f"b{layer}_{order}", 1, bias.cols, bias.data
    matrices = [f"w{layer}_{order}" for order in ORDERS for layer in ("1", "2")]
    for name in matrices + ["cnn_W", "d0", "d1", "p1", "d2", "p3", "d3"]:
        yield name, arrays[name].rows, arrays[name].cols, in_panels(arrays[name])
    yield "eps", 1, 1, struct.pack("<f", struct.unpack("<d", arrays["eps"].data)[0])
    yield "sp_model", 1, len(sp_model), sp_model


def layout(sections):
    """The whole file as bytes."""
    sections = list(sections)
    offset = HEADER_BYTES + ENTRY.size * len(sections)
    entries, bodies = [], []
    for name, rows, cols, data in sections:
        padding = -offset % ALIGNMENT
        offset += padding
        entries.append(ENTRY.pack(name.encode(), offset, len(data), rows, cols))
        bodies.append(bytes(padding) + data)
        offset += len(data)
    body = b"".join(entries + bodies)
    digest = hashlib.sha256(body).digest()
    numbers = struct.pack("<IIQ8x", VERSION, len(sections), HEADER_BYTES + len(body))
    return MAGIC + numbers + digest + body


def is_current(path):
    """True for a whole, undamaged file of this format version."""
    try:
        with open(path, "rb") as file:
            header = file.read(HEADER_BYTES)
            if header[:8] != MAGIC or struct.unpack_from("<I", header, 8)[0] != VERSION:
                return False
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
            return digest.digest() == header[32:64]
    except OSError:
        return False


def write_atomically(path, data):
    """The file is whole or not there, whatever happens in between."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".embedder-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
