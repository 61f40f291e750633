"""The HTTP door under rude clients: slow, malformed, too large, too many; and a stop while somebody is being served."""

import json
import socket
import threading
import time

import harness
from harness import ServedTestCase


class Rude(ServedTestCase):
    def raw(self, data, seconds=15):
        """Everything that is answered until the server closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), seconds) as connection:
            connection.sendall(data)
            got = b""
            try:
                while True:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    got += piece
            except (TimeoutError, ConnectionError):
                pass
            return got

    def status(self, data):
        got = self.raw(data)
        return int(got.split()[1]) if got.startswith(b"HTTP/1.1 ") else None

    def assertAlive(self):
        self.assertEqual(self.server.get("/health", timeout=5)[0], 200)

    def test_malformed_requests(self):
        """requests that break the rules are answered 4xx and the connection closed"""
        host = b"Host: a\r\n"
        cases = [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET /health HTTP/1.1\r\n\r\n", b"GET /health HTTP/9.9\r\n" + host + b"\r\n",
            b"GET /health HTTP/1.1\r\n" + host + b"Bad Header: x\r\n\r\n", b"GET /health HTTP/1.1\r\n" + host + b"X: a\0b\r\n\r\n",
            b"POST /jsonrpc HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n", b"POST /jsonrpc HTTP/1.1\r\n" + host + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            b"POST /jsonrpc HTTP/1.1\r\n" + host + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"POST /jsonrpc HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", b"GET /health HTTP/1.1\r\n" + host + b" folded: x\r\n\r\n",
        ]
        for request in cases:
            with self.subTest(request=request[:70]):
                got = self.raw(request, 15)
                if got:
                    self.assertRegex(got[:13], rb"^HTTP/1\.1 (4|505)")
                    self.assertIn(b"connection: close", got.lower())
        self.assertAlive()

    def test_too_large(self):
        """a head or a body over its limit is refused by its own status"""
        self.assertIn(self.status(b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"), (431, 400, None))
        self.assertIn(self.status(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"), (414, 431, 400, None))
        huge = b"POST /jsonrpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
        self.assertEqual(self.status(huge + b"{"), 413)
        self.assertAlive()

    def test_slow_head(self):
        """somebody who sends a head byte by byte is cut off, and others are served meanwhile"""
        slow = [socket.create_connection(("127.0.0.1", self.server.port), 30) for _ in range(50)]
        for connection in slow:
            self.addCleanup(connection.close)
            connection.sendall(b"GET /health HTTP/1.1\r\nHo")
        began = time.monotonic()
        self.assertAlive()
        self.assertLess(time.monotonic() - began, 1)
        slow[0].settimeout(40)
        try:
            slow[0].recv(1000)
        except ConnectionError:
            pass
        self.assertLess(time.monotonic() - began, 35)

    def test_many_connections(self):
        """300 idle connections keep nobody from being served"""
        idle = []
        try:
            for _ in range(300):
                idle.append(socket.create_connection(("127.0.0.1", self.server.port), 5))
        except OSError:
            pass
        for connection in idle:
            self.addCleanup(connection.close)
        if len(idle) < 300:
            for connection in idle:
                connection.close()
        self.assertAlive()

    def test_pipelined(self):
        """requests sent at once are answered in order on one connection"""
        one = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        last = b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        self.assertEqual(self.raw(one * 4 + last).count(b"HTTP/1.1 200"), 5)

    def test_our_own_errors(self):
        """an unknown route is a problem document (RFC 9457) for a program"""
        status, headers, body = self.server.get("/no/such/route", {"Accept": "application/json"})
        self.assertEqual(status, 404)
        self.assertTrue(headers["content-type"].startswith("application/problem+json"), headers)
        problem = json.loads(body)
        self.assertEqual(problem["status"], 404)
        self.assertTrue(problem["title"])

    def test_method_not_allowed(self):
        """a known route by the wrong method is 405 with Allow"""
        status, headers, _ = self.server.request("DELETE", "/health")
        self.assertEqual(status, 405)
        self.assertIn("GET", headers["allow"])


class Stopping(ServedTestCase):
    def test_stop_finishes_what_is_running(self):
        """SIGTERM lets running requests finish: everything answered is there after a restart"""
        server = harness.Server(demo=False)
        self.addCleanup(server.forget)
        server.start()
        self.addCleanup(server.kill)
        answered, stopping = [], threading.Event()

        def client(number):
            count = 0
            while not stopping.is_set():
                name = f"stop {number} {count}"
                try:
                    server.kw("res.partner", "create", [{"name": name}])
                except (OSError, ValueError, harness.RPCFault):
                    return
                answered.append(name)
                count += 1

        threads = [threading.Thread(target=client, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(1.5)
        self.assertTrue(server.stop(), "it did not stop within its time")
        stopping.set()
        for thread in threads:
            thread.join(20)
        self.assertEqual(server.process.returncode, 0)
        server.start()
        names = [row["name"] for row in server.search_read("res.partner", [["name", "=like", "stop %"]], ["name"])]
        self.assertEqual(set(answered) - set(names), set())
        self.assertEqual(len(names), len(set(names)))
