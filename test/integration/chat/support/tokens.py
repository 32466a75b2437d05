"""Customer tokens (JWT) as a shop would sign them, and as a forger would. RSA is done by openssl."""

import base64
import hashlib
import hmac
import json
import subprocess
import time

HOUR_S = 3600


def encoded(data):
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(customer, expires_in_s=HOUR_S, **more):
    return {"sub": customer, "exp": int(time.time()) + expires_in_s, **more}


def token(header, body, sign):
    signed = f"{encoded(header)}.{encoded(body)}"
    return f"{signed}.{encoded(sign(signed.encode()))}"


def hs256(secret, body):
    return token({"alg": "HS256", "typ": "JWT"}, body,
                 lambda signed: hmac.new(secret.encode(), signed, hashlib.sha256).digest())


def unsigned(body, algorithm="none"):
    return token({"alg": algorithm, "typ": "JWT"}, body, lambda signed: b"")


class RsaKey:
    """A fresh key pair in a folder."""

    def __init__(self, folder, name):
        self.private_file = folder / f"{name}.pem"
        self.public_file = folder / f"{name}.pub.pem"
        self._openssl("genrsa", "-out", self.private_file, "2048")
        self._openssl("rsa", "-in", self.private_file, "-pubout", "-out", self.public_file)

    @staticmethod
    def _openssl(*arguments, data=None):
        done = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=True)
        return done.stdout

    def rs256(self, body, algorithm="RS256"):
        return token({"alg": algorithm, "typ": "JWT"}, body,
                     lambda signed: self._openssl("dgst", "-sha256", "-sign", self.private_file, data=signed))
