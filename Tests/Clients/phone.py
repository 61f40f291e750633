"""What an app on a phone shows: one-time passwords by RFC 6238, written a second time so that it checks the program's own."""

import base64
import hashlib
import hmac
import struct
import time


def code(key, later=0):
    """The six digits of a key in base 32, now or some steps later."""
    secret = base64.b32decode(key.replace(" ", "").upper())
    step = int(time.time()) // 30 + later
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
