"""Sends ready-made requests over many connections and counts the answers: a client so cheap that the server is what is measured.

rpc_client.py spends more CPU on a request than the server does; on a small machine the two share it. This one builds its
bodies beforehand, looks for the end of each answer and for the word `error` in it, and sends the next.
"""

import selectors
import socket
import time


class Line:
    """One connection with a request under way."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""

    def answer(self):
        """One whole answer, or nothing yet."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed a connection")
        self.got += piece
        head = self.got.find(b"\r\n\r\n")
        if head < 0:
            return None
        start = self.got.lower().find(b"content-length:", 0, head)
        length = int(self.got[start + 15:self.got.index(b"\r\n", start)])
        if len(self.got) < head + 4 + length:
            return None
        answer, self.got = self.got[:head + 4 + length], self.got[head + 4 + length:]
        return answer


def wrap(body):
    return b"POST /jsonrpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def pump(port, bodies, connections, seconds, warmup=1.0):
    """Answers a second over so many connections; an answer that is an error stops it."""
    requests = [wrap(body) for body in bodies]
    chooser = selectors.DefaultSelector()
    sent, counted = 0, 0
    for _ in range(connections):
        line = Line(port)
        chooser.register(line.socket, selectors.EVENT_READ, line)
        line.socket.sendall(requests[sent % len(requests)])
        sent += 1
    begin = time.monotonic() + warmup
    end = begin + seconds
    now = time.monotonic()
    while now < end:
        for key, _ in chooser.select(1):
            answer = key.data.answer()
            if answer is None:
                continue
            if not answer.startswith(b"HTTP/1.1 200") or b'"error"' in answer:
                raise SystemExit(f"pump: {answer[:400]!r}")
            counted += time.monotonic() >= begin
            key.data.socket.sendall(requests[sent % len(requests)])
            sent += 1
        now = time.monotonic()
    for key in list(chooser.get_map().values()):
        key.data.socket.close()
    return counted / seconds
