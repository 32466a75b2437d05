"""Reads NumPy's .npz and .npy files with the standard library alone.

Only what the embedder's weights need: C-ordered arrays of bytes, float32 and float64 (the format of
NumPy's NEP 1).
"""

import ast
import struct
import zipfile

ITEM_BYTES = {"|u1": 1, "|i1": 1, "<f4": 4, "<f8": 8}


class Array:
    """One array: its dtype as NumPy writes it, its shape, and its bytes in C order."""

    def __init__(self, dtype, shape, data):
        self.dtype, self.shape, self.data = dtype, shape, data

    @property
    def rows(self):
        return self.shape[0] if len(self.shape) > 1 else 1

    @property
    def cols(self):
        return self.shape[-1] if self.shape else 1


def parse_npy(data):
    if data[:6] != b"\x93NUMPY":
        raise ValueError("not a .npy file")
    wide = data[6] >= 2
    length = struct.unpack_from("<I" if wide else "<H", data, 8)[0]
    begin = 12 if wide else 10
    header = ast.literal_eval(data[begin:begin + length].decode("latin-1"))
    if header["fortran_order"] or header["descr"] not in ITEM_BYTES:
        raise ValueError(f"unsupported array: {header}")
    body = data[begin + length:]
    items = 1
    for size in header["shape"]:
        items *= size
    if len(body) != items * ITEM_BYTES[header["descr"]]:
        raise ValueError("array data is cut short")
    return Array(header["descr"], header["shape"], body)


def read_npz(file):
    """Name to Array, for a path or an open binary file."""
    with zipfile.ZipFile(file) as archive:
        return {name.removesuffix(".npy"): parse_npy(archive.read(name))
                for name in archive.namelist()}
