"""HTTP requests that two servers could read differently, and mutations that keep them so.

Every entry of AMBIGUOUS must get one 4xx and the end of the connection; see RFC 9112 sections 2, 5, 6 and 11.2.
"""

import random
import re

HOST = "Host: localhost"
# What a smuggler would hide: an answer to it is a second response.
HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def request(*fields, line="POST /healthz HTTP/1.1", body=b"hello", host=HOST):
    head = [line, *([host] if host else []), *fields]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def chunked(body, *fields):
    return request("Transfer-Encoding: chunked", *fields, body=body)


AMBIGUOUS = {
    "gzip and a length": request("Transfer-Encoding: gzip", "Content-Length: 5"),
    "xchunked and a length": request("Transfer-Encoding: xchunked", "Content-Length: 5"),
    "chunked, identity and a length": request("Transfer-Encoding: chunked, identity", "Content-Length: 5"),
    "gzip alone": request("Transfer-Encoding: gzip", body=b""),
    "identity": request("Transfer-Encoding: identity", body=b""),
    "gzip, chunked": request("Transfer-Encoding: gzip, chunked", body=CHUNKS),
    "chunked twice in a field": request("Transfer-Encoding: chunked, chunked", body=CHUNKS),
    "chunked in two fields": request("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=CHUNKS),
    "chunked and identity in two fields":
        request("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=CHUNKS),
    "an empty coding": request("Transfer-Encoding: , chunked", body=CHUNKS),
    "no coding": request("Transfer-Encoding:", body=CHUNKS),
    "chunked in quotes": request('Transfer-Encoding: "chunked"', body=CHUNKS),
    "chunked with a parameter": request("Transfer-Encoding: chunked;a=b", body=CHUNKS),
    "chunked after a vertical tab": request("Transfer-Encoding: \x0bchunked", body=CHUNKS),
    "chunked before a no-break space": request("Transfer-Encoding: chunked\xa0", body=CHUNKS),
    "chunked in HTTP/1.0": request("Transfer-Encoding: chunked", line="POST /healthz HTTP/1.0", body=CHUNKS),
    "length, then chunked": request("Content-Length: 5", "Transfer-Encoding: chunked", body=CHUNKS),
    "chunked, then length": request("Transfer-Encoding: chunked", "Content-Length: 5", body=CHUNKS),
    "a list of equal lengths": request("Content-Length: 5, 5"),
    "equal lengths": request("Content-Length: 5", "Content-Length: 5"),
    "different lengths": request("Content-Length: 5", "Content-Length: 6"),
    "a positive length": request("Content-Length: +5"),
    "a negative length": request("Content-Length: -5"),
    "a hexadecimal length": request("Content-Length: 0x5"),
    "a length beyond 64 bits": request("Content-Length: 18446744073709551621"),
    "a length of words": request("Content-Length: five"),
    "no length": request("Content-Length:"),
    "two numbers as a length": request("Content-Length: 5 5"),
    "a length with a fraction": request("Content-Length: 5.0"),
    "a length with NUL": request("Content-Length: 5\x00"),
    "a folded field": request("X-A: b\r\n c", "Content-Length: 5"),
    "a folded encoding": request("Transfer-Encoding:\r\n chunked", body=CHUNKS),
    "a folded length": request("Content-Length:\r\n 5"),
    "a first field that is folded": request("Content-Length: 5", host=" X: y\r\n" + HOST),
    "no host": request("Content-Length: 5", host=None),
    "two hosts": request("Host: evil.example", "Content-Length: 5"),
    "equal hosts": request(HOST, "Content-Length: 5"),
    "a target for another host": request("Content-Length: 5", line="POST http://evil.example/healthz HTTP/1.1"),
    "an authority as target": request("Content-Length: 5", line="POST localhost:80 HTTP/1.1"),
    "raw 8-bit bytes in the target": request("Content-Length: 5", line="POST /\xe6\xbc\xab HTTP/1.1"),
    "a space in the target": request("Content-Length: 5", line="POST /heal thz HTTP/1.1"),
    "a tab in the target": request("Content-Length: 5", line="POST /heal\tthz HTTP/1.1"),
    "a fragment in the target": request("Content-Length: 5", line="POST /healthz#x HTTP/1.1"),
    "NUL in the target": request("Content-Length: 5", line="POST /healthz\x00 HTTP/1.1"),
    "no target": request("Content-Length: 5", line="POST HTTP/1.1"),
    "no version": request("Content-Length: 5", line="POST /healthz"),
    "HTTP/2.0": request("Content-Length: 5", line="POST /healthz HTTP/2.0"),
    "HTTP/1.2": request("Content-Length: 5", line="POST /healthz HTTP/1.2"),
    "HTTP/0.9": request("Content-Length: 5", line="POST /healthz HTTP/0.9"),
    "http/1.1": request("Content-Length: 5", line="POST /healthz http/1.1"),
    "a space before the method": request("Content-Length: 5", line=" POST /healthz HTTP/1.1"),
    "no method": request("Content-Length: 5", line="/healthz HTTP/1.1"),
    "a method of signs": request("Content-Length: 5", line="P(ST /healthz HTTP/1.1"),
    "a space before the colon": request("Content-Length : 5"),
    "a tab before the colon": request("Transfer-Encoding\t: chunked", body=CHUNKS),
    "a field without a name": request(": 5", "Content-Length: 5"),
    "a field without a colon": request("Content-Length 5"),
    "NUL in a name": request("Content\x00-Length: 5"),
    "NUL in a value": request("X-A: a\x00b", "Content-Length: 5"),
    "a bare CR in a value": request("X-A: a\rX-B: b", "Content-Length: 5"),
    "a bare CR before a length": request("X-A: a\rContent-Length: 5", body=b""),
    "a bare LF after a field": request("X-A: a\nX-B: b", "Content-Length: 5"),
    "200 fields": request(*(f"X-{number}: a" for number in range(200)), "Content-Length: 5"),
    "fields beyond 8 KiB": request("X-A: " + "a" * 9000, "Content-Length: 5"),
    "a body beyond 1 MiB": request("Content-Length: 1048577", body=b""),
    "a compressed body": request("Content-Encoding: gzip", "Content-Length: 5"),
    "a chunk with an extension": chunked(b"5;x=y\r\nhello\r\n0\r\n\r\n"),
    "a chunk with a space": chunked(b"5 ;x\r\nhello\r\n0\r\n\r\n"),
    "a chunk size with a sign": chunked(b"+5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size of 0x5": chunked(b"0x5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size of 17 digits": chunked(b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    "a chunk size beyond 1 MiB": chunked(b"100001\r\nhello"),
    "an empty chunk size": chunked(b"\r\nhello\r\n0\r\n\r\n"),
    "a chunk that is longer than its size": chunked(b"4\r\nhello\r\n0\r\n\r\n"),
    "a chunk size that ends with LF": chunked(b"5\nhello\r\n0\r\n\r\n"),
    "a chunk that ends with LF": chunked(b"5\r\nhello\n0\r\n\r\n"),
    "a trailer": chunked(b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"),
    "nothing of HTTP": b"hello\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}

CLEAR = {
    "a GET": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
    "a length": (request("Content-Length: 5"), 405),
    "a length of 0": (request("Content-Length: 0", body=b""), 405),
    "chunks": (chunked(CHUNKS), 405),
    "capital letters": (request("TRANSFER-ENCODING: CHUNKED", body=CHUNKS), 405),
    "the same host in the target": (request("Content-Length: 5", line="POST http://localhost/healthz HTTP/1.1"), 405),
    "empty lines before": (b"\r\n\r\n" + request("Content-Length: 5"), 405),
    "100 fields": (request(*(f"X-{number}: a" for number in range(98)), "Content-Length: 5"), 405),
    "spaces around a value": (request("Content-Length: \t 5 \t"), 405),
}


def still_ambiguous(source, random: random.Random):
    """Another writing of an ambiguous request: no change here makes it any clearer."""
    head, mark, body = source.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for _ in range(random.randint(1, 4)):
        change = random.randrange(4)
        at = random.randrange(1, len(lines)) if len(lines) > 1 else 0
        if change == 0 and at:  # letter case of a field's name
            name, colon, value = lines[at].partition(b":")
            lines[at] = bytes(byte ^ 0x20 if chr(byte).isalpha() and byte < 128 and random.random() < 0.5 else byte
                              for byte in name) + colon + value
        elif change == 1:  # a harmless field more, not inside a fold
            lines.append(random.choice([b"Accept: */*", b"X-Forwarded-For: 1.2.3.4", b"Via: 1.1 proxy", b"TE: trailers",
                                        b"Cookie: a=b", b"User-Agent: x", b"Connection: keep-alive"]))
        elif change == 2 and at:  # spaces around a value that ends with an ordinary letter
            if re.search(rb"^[A-Za-z-]+:.*[A-Za-z0-9]$", lines[at]):
                lines[at] += random.choice([b" ", b"\t", b"  "])
        elif change == 3:  # another method or path, of the same form
            lines[0] = re.sub(rb"^POST", random.choice([b"POST", b"PUT", b"DELETE", b"GET"]), lines[0])
            lines[0] = re.sub(rb"/healthz(?= HTTP/1\.1$)", random.choice([b"/healthz", b"/", b"/v1/models?a=b"]), lines[0])
    return b"\r\n".join(lines) + mark + body


def damaged(source, random: random.Random):
    """Bytes of a request changed, dropped, doubled or swapped, at random."""
    data = bytearray(source + HIDDEN)
    for _ in range(random.randint(1, 5)):
        at = random.randrange(len(data))
        change = random.randrange(4)
        if change == 0:
            data[at] = random.choice(b"\r\n\t :,;0159aAzZ\x00\x7f\x80\xff")
        elif change == 1:
            del data[at:at + random.randint(1, 3)]
        elif change == 2:
            data[at:at] = data[at:at + random.randint(1, 20)]
        elif len(data) > 1:
            other = random.randrange(len(data))
            data[at], data[other] = data[other], data[at]
    return bytes(data) or b"\r\n"
