"""A WebSocket peer that may break every rule: the handshake, then frames byte by byte (RFC 6455)."""

import base64
import os
import socket
import struct

from support.processes import PATIENCE_S

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x11\x22\x33\x44"


def frame(payload, opcode=TEXT, is_final=True, is_masked=True, reserved=0, length=None):
    """One frame; `length` may lie about the payload's."""
    announced = len(payload) if length is None else length
    head = bytes([(0x80 if is_final else 0) | reserved << 4 | opcode])
    mask_bit = 0x80 if is_masked else 0
    if announced < 126:
        head += bytes([mask_bit | announced])
    elif announced < 65536:
        head += bytes([mask_bit | 126]) + struct.pack(">H", announced)
    else:
        head += bytes([mask_bit | 127]) + struct.pack(">Q", announced)
    if not is_masked:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


class RawWebSocket:
    """`with RawWebSocket(port) as raw`. The status of the handshake is in `status`."""

    def __init__(self, port, headers=()):
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        lines = ["GET /ws HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *headers]
        self.connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.received = b""
        while b"\r\n\r\n" not in self.received:
            chunk = self.connection.recv(4096)
            assert chunk, "closed during the handshake"
            self.received += chunk
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, data):
        self.connection.sendall(data)

    def _take(self, count):
        while len(self.received) < count:
            chunk = self.connection.recv(65536)
            if not chunk:
                raise ConnectionError("closed without a close frame")
            self.received += chunk
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def read(self):
        """The next frame: (opcode, payload)."""
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._take(8))
        return first & 0x0F, self._take(length)

    def close_code(self):
        """The code of the server's close frame, whatever it says before."""
        while True:
            opcode, payload = self.read()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if payload else None
