"""The web client on two nodes of one PostgreSQL database: presence, saves done once, and codes of a second factor."""

import http.client
import threading
import time
import unittest

import phone
import samples
from cluster import Nodes
from harness import ADMIN, PASSWORD
from postgres import programs

SECRET = "Quiet-harbour-77"


@unittest.skipUnless(programs(), "PostgreSQL is not installed")
class ClientOnTwoNodes(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.nodes = Nodes(2, extra=["--log-level", "warning"])
        cls.nodes.start()
        cls.addClassCleanup(cls.nodes.stop)
        cls.a, cls.b = cls.nodes.servers

    def enter(self, node, login=ADMIN, password=PASSWORD, **more):
        body = {"jsonrpc": "2.0", "params": {"login": login, "password": password, **more}}
        _, headers, answer = node.post_json("/web/session/authenticate", body)
        return {"Cookie": headers.get("set-cookie", "").split(";")[0]}, answer

    def call(self, node, head, name, body):
        status, _, answer = node.post_json(f"/app/api/{name}", body, head)
        self.assertEqual(status, 200, answer)
        return answer

    def user(self):
        login = samples.unique("quinn")
        self.a.kw("res.users", "create", [{"name": login, "login": login, "password": SECRET}])
        return login

    def listen(self, node, head, model, word, seconds=20):
        """Whether a stream of a node says a word in time."""
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=seconds)
        self.addCleanup(connection.close)
        connection.request("GET", f"/app/api/events?models={model}", headers=head)
        answer, until = connection.getresponse(), time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                line = answer.fp.readline().decode()
            except TimeoutError:
                return False
            if word in line:
                return True
        return False

    def test_presence(self):
        """who opens a record on one node is seen by those who listen on the other"""
        login = self.user()
        ann, _ = self.enter(self.a, login, SECRET)
        head, _ = self.enter(self.b)
        record = self.a.search_read("res.partner", [], ["id"], limit=1)[0]["id"]
        self.call(self.a, ann, "presence", {"model": "res.partner", "id": record, "page": "one"})
        self.assertTrue(self.listen(self.b, head, "res.partner", login))

    def test_a_save_is_done_once(self):
        """a save that is sent to one node and, its answer lost, to the other, is done once"""
        head, _ = self.enter(self.a)
        body = {"model": "res.partner", "values": {"name": samples.unique("once")}, "once": samples.unique("key-of-a-save")}
        first = self.call(self.a, head, "save", body)
        self.assertEqual(self.call(self.b, head, "save", body)["id"], first["id"])
        self.assertEqual(self.a.kw("res.partner", "search_count", [[["name", "=", body["values"]["name"]]]]), 1)

    def test_a_code_is_taken_once(self):
        """a code of a second factor opens one session, though it is shown to both nodes at the same time"""
        login = self.user()
        head, _ = self.enter(self.a, login, SECRET)
        key = self.call(self.a, head, "totp", {"step": "begin", "password": SECRET})["key"]
        self.call(self.b, head, "totp", {"step": "confirm", "code": phone.code(key, -1)})
        self.assertEqual(self.enter(self.b, login, SECRET)[1]["error"]["data"]["code"], "login.totp_required")
        code, answers = phone.code(key, 1), []

        def enter(node):
            answers.append(self.enter(node, login, SECRET, totp=code)[1])

        threads = [threading.Thread(target=enter, args=(node,)) for node in (self.a, self.b)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted("result" in answer for answer in answers), [False, True], answers)
