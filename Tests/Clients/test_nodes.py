"""Two nodes on one PostgreSQL database: what one knows the other knows, and what one does the other does not do again."""

import json
import pathlib
import shutil
import signal
import subprocess
import threading
import time
import unittest
import urllib.parse

import harness
import samples
from harness import ADMIN, DATABASE, PASSWORD, RPCFault
from cluster import Nodes
from operations import baton
from postgres import programs
from smtp_double import SMTP
from test_portal import REFERENCE, START, Visitor, fill

AUTHENTICATE = {"jsonrpc": "2.0", "params": {"db": DATABASE, "login": ADMIN, "password": PASSWORD}}
SECRET = "Quiet-harbour-77"


def soon(check, seconds):
    """Whether something holds within some seconds; the seconds that it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if check():
                return time.monotonic() - began
        except (OSError, RPCFault):
            pass
        time.sleep(0.05)
    return None


@unittest.skipUnless(programs(), "PostgreSQL is not installed")
class TwoNodes(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.smtp = SMTP().wait()
        cls.addClassCleanup(cls.smtp.stop)
        cls.nodes = Nodes(2, smtp=cls.smtp, extra=["--log-level", "warning"])
        cls.nodes.start()
        cls.addClassCleanup(cls.nodes.stop)
        cls.a, cls.b = cls.nodes.servers
        direct = "base.automation,ir.actions.server,webhook.endpoint,ir.cron"
        cls.a.kw("ir.config_parameter", "set_param", ["governance.direct_changes", direct])

    def user(self, login):
        return self.a.kw("res.users", "create", [{"name": login, "login": login, "password": SECRET}])

    def call(self, node, user, secret):
        return node.rpc("object", "execute_kw", DATABASE, user, secret, "res.users", "read", [[user], ["name"]])

    def rule(self, node, **values):
        model = node.search_read("ir.model", [["model", "=", "crm.lead"]], ["id"])[0]["id"]
        actions = [(0, 0, {"model_id": model, **action}) for action in values.pop("actions")]
        rule = node.kw("base.automation", "create", [{"name": samples.unique("rule"), "model_id": model, "action_server_ids": actions, **values}])
        self.addCleanup(node.kw, "base.automation", "unlink", [[rule]])
        return rule

    def session(self, node):
        status, headers, answer = node.post_json("/web/session/authenticate", AUTHENTICATE)
        self.assertEqual(status, 200, answer)
        return {"Cookie": headers["set-cookie"].split(";")[0]}

    def who(self, node, head):
        """The answer of a call by session."""
        call = {"model": "res.users", "method": "search_count", "args": [[]], "kwargs": {}}
        return node.post_json("/web/dataset/call_kw", {"jsonrpc": "2.0", "params": call}, head)[2]

    def test_sessions(self):
        """a session begun on one node is used on the other, and ended on one it is refused on the other at once"""
        head = self.session(self.a)
        for node in (self.a, self.b, self.b):
            self.assertIn("result", self.who(node, head))
        self.a.post_json("/web/session/destroy", {"jsonrpc": "2.0", "params": {}}, head)
        self.assertIn("error", self.who(self.b, head))

    def test_passwords(self):
        """a password that one node remembers is refused there as soon as another node changed it"""
        user = self.user(samples.unique("nora"))
        self.assertTrue(self.call(self.b, user, SECRET))
        self.a.kw("res.users", "write", [[user], {"password": "Other-harbour-88"}])
        with self.assertRaises(RPCFault):
            self.call(self.b, user, SECRET)
        self.assertTrue(self.call(self.b, user, "Other-harbour-88"))

    def test_rights(self):
        """a user archived on one node does nothing on the other a moment later"""
        user = self.user(samples.unique("olga"))
        self.assertTrue(self.call(self.b, user, SECRET))
        self.a.kw("res.users", "write", [[user], {"active": False}])
        time.sleep(0.3)
        with self.assertRaises(RPCFault):
            self.call(self.b, user, SECRET)

    def test_throttle(self):
        """wrong passwords are counted over both nodes, and the pause holds on both"""
        user = self.user(samples.unique("paul"))
        for number in range(7):
            with self.assertRaises(RPCFault) as caught:
                self.call((self.a, self.b)[number % 2], user, SECRET if number > 4 else "wrong")
            self.assertEqual("Too many login failures" in str(caught.exception), number > 4, (number, caught.exception))
        # The address is the same for all: the pause must not outlive this test.
        self.nodes.postgres.query("DELETE FROM baton_note WHERE room = 'login'")

    def test_no_login_is_readable(self):
        """what is kept of attempts names nobody: people type passwords into the wrong box"""
        self.assertFalse(self.a.login("my secret typed wrong", "x"))
        rows = self.nodes.postgres.query("SELECT name || words FROM baton_note")
        self.assertTrue(rows)
        self.assertNotIn("secret", rows)
        self.nodes.postgres.query("DELETE FROM baton_note WHERE room = 'login'")

    def test_portal(self):
        """a referral is begun on one node, filled in on the other and sent on the first, and no draft can be read in the database"""
        visitor = Visitor(self.a).open(START)
        values = fill(visitor.page.forms[-1])
        for _ in range(8):
            if "check" in visitor.page.text.lower():
                break
            visitor.server = self.b if visitor.server is self.a else self.a
            visitor.submit(fill(visitor.page.forms[-1]) or values)
            self.assertEqual(visitor.status, 200, visitor.page.text[:500])
        self.assertIn("Okafor", visitor.page.text)
        kept = self.nodes.postgres.query("SELECT encode(content, 'escape') || words || name FROM baton_note WHERE room = 'portal.draft'")
        self.assertTrue(kept)
        self.assertNotIn("Okafor", kept)
        visitor.server = self.a if visitor.server is self.b else self.b
        visitor.submit({}, visitor.page.forms[-1])
        self.assertTrue(REFERENCE.search(visitor.page.text), visitor.page.text[:500])

    def test_portal_rate(self):
        """how often an address may send a form is counted over both nodes"""
        before = int(self.nodes.postgres.query("SELECT count(*) FROM baton_note WHERE room = 'portal.form'"))
        statuses = [(self.a, self.b)[number % 2].post_form(START, {})[0] for number in range(80)]
        self.assertIn(429, statuses)
        first = statuses.index(429)
        self.assertEqual(statuses[first + 1], 429, "the other node took one more")
        self.assertGreaterEqual(int(self.nodes.postgres.query("SELECT count(*) FROM baton_note WHERE room = 'portal.form'")), before)
        self.nodes.postgres.query("DELETE FROM baton_note WHERE room = 'portal.form'")

    def test_hook_rate(self):
        """calls at a webhook are counted over both nodes, and both together never take more than a minute has"""
        rule = self.rule(self.a, trigger="on_webhook", record_getter="model.search([('name', '=', payload.get('name'))], limit=1)", webhook_per_minute=10, actions=[])
        path = urllib.parse.urlparse(self.a.search_read("base.automation", [["id", "=", rule]], ["url"])[0]["url"]).path
        while time.time() % 60 > 50:
            time.sleep(1)
        statuses = [(self.a, self.b)[number % 2].post_json(path, {})[0] for number in range(30)]
        self.assertEqual(len([status for status in statuses if status != 429]), 10, statuses)

    def test_rules(self):
        """a rule made on one node runs with the next record of the other, and archived there it runs nowhere any more"""
        rule = self.rule(self.a, trigger="on_create", actions=[{"state": "object_write", "update_path": "referred", "value": "by rule"}])
        lead = self.b.kw("crm.lead", "create", [{"name": "A"}])
        self.assertEqual(self.a.search_read("crm.lead", [["id", "=", lead]], ["referred"])[0]["referred"], "by rule")
        self.b.kw("base.automation", "write", [[rule], {"active": False}])
        lead = self.a.kw("crm.lead", "create", [{"name": "B"}])
        self.assertFalse(self.a.search_read("crm.lead", [["id", "=", lead]], ["referred"])[0]["referred"])

    def test_schedules(self):
        """a schedule that is due runs once, however many nodes look for it"""
        model = self.a.search_read("ir.model", [["model", "=", "crm.lead"]], ["id"])[0]["id"]
        name = samples.unique("by schedule")
        cron = self.a.kw("ir.cron", "create", [{
            "name": name, "model_id": model, "state": "code", "code": f"env('crm.lead').create({{name: '{name}'}});", "interval_number": 1,
            "interval_type": "days", "user_id": self.a.login()}])
        self.assertIsNotNone(soon(lambda: self.count(name) > 0, 30), self.a.search_read("ir.cron", [["id", "=", cron]], []))
        time.sleep(3)
        self.assertEqual(self.count(name), 1)

    def count(self, name):
        return self.b.kw("crm.lead", "search_count", [[["name", "=", name]]])

    def test_wake_up(self):
        """a job that one node queues is begun by another at once, not when it looks next"""
        seconds = []
        for _ in range(3):
            address = samples.unique("to").lower() + "@north.example"
            partner = self.a.kw("res.partner", "create", [{"name": "Northtown practice", "email": address}])
            post = {"body": "Hello.", "partner_ids": [partner], "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
            self.a.kw("res.partner", "message_post", [[partner]], post)
            seconds.append(soon(lambda: self.smtp.to(address), 20))
            self.assertIsNotNone(seconds[-1])
            self.assertEqual(len(self.smtp.to(address)), 1)
        self.assertLess(sorted(seconds)[1], 1.5, seconds)

    def test_watched_folder(self):
        """files in a folder that both nodes watch are taken once each"""
        names = [samples.unique("drop") + ".pdf" for _ in range(6)]
        for name in names:
            hidden = self.a.watch / ("." + name + ".part")
            hidden.write_bytes(samples.pdf(name))
            hidden.rename(self.a.watch / name)
        self.assertIsNotNone(soon(lambda: not any((self.a.watch / name).exists() for name in names), 60))
        found = self.b.search_read("care.document", [["name", "in", names]], ["name"])
        self.assertEqual(sorted(row["name"] for row in found), sorted(names))

    def test_other_keys(self):
        """a node whose keys are not those of the others does not start, and says what to copy from where"""
        server = self.nodes.node(7)
        with self.assertRaises(harness.NotServing) as caught:
            server.start()
        self.assertIn("node.other_keys", str(caught.exception))
        self.assertIn("Copy the folder keys/", str(caught.exception))

    def test_trail(self):
        """the trail that two nodes wrote and signed is whole"""
        for node in (self.a, self.b):
            node.kw("res.partner", "create", [{"name": "Trail"}])
        command = [str(harness.binary()), "audit", "verify", "--data", str(self.b.data), "--database", self.nodes.postgres.address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_z_frozen(self):
        """while the database is frozen `/health` says 503 within seconds and calls are refused clearly; afterwards all works by itself"""
        answers = []

        def call(node):
            began = time.monotonic()
            try:
                node.kw("res.partner", "search_count", [[]])
                answers.append(("answered", time.monotonic() - began))
            except (RPCFault, OSError) as error:
                answers.append((str(error), time.monotonic() - began))

        for node in (self.a, self.b):
            node.kw("res.partner", "search_count", [[]])
        self.nodes.postgres.send(signal.SIGSTOP)
        try:
            callers = [threading.Thread(target=call, args=(node,)) for node in (self.a, self.b) for _ in range(12)]
            for caller in callers:
                caller.start()
            for node in (self.a, self.b):
                self.assertIsNotNone(soon(lambda: node.get("/health", timeout=2)[0] == 503, 6), "no 503 within 6 s")
            for caller in callers:
                caller.join(25)
            self.assertEqual(len(answers), len(callers), "a call hangs")
            self.assertLess(max(seconds for _, seconds in answers), 16)
            for text, _ in answers:
                self.assertIn("cannot be reached", text)
            began = time.monotonic()
            call(self.a)
            self.assertLess(time.monotonic() - began, 1, "a call after that waits as well")
        finally:
            self.nodes.postgres.send(signal.SIGCONT)
        for node in (self.a, self.b):
            self.assertIsNotNone(soon(lambda: node.get("/health", timeout=2)[0] == 200, 10))
            self.assertTrue(node.kw("res.partner", "search_count", [[]]))

    def rotate(self, data, *more, code=0):
        done = baton("keys", "rotate", "--data", data, *more, environment={"BATON_DATABASE": self.nodes.postgres.address})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def stored(self, endpoint):
        """The secret as it stands in the database: `sealed:KEY:…`."""
        return self.nodes.postgres.query(f"SELECT secret_value FROM webhook_endpoint WHERE id = {endpoint}")

    def keys(self, server):
        return (pathlib.Path(server.data) / "keys/secrets.key").read_text().splitlines()

    def test_zz_keys_rotated(self):
        """refused while a node serves; then sealed anew; a node with the old keys does not start, with the new ones it opens what was sealed"""
        endpoint = self.a.kw("webhook.endpoint", "create", [{"name": "Lab", "url": "https://lab.example/hook"}])
        secret = self.a.kw("webhook.endpoint", "action_rotate_secret", [[endpoint]])["secret"]
        before, held = self.stored(endpoint), self.keys(self.a)
        self.assertTrue(before.startswith("sealed:"), before)
        apart = self.nodes.node(8)
        self.nodes.share_keys(apart)
        for data, refused in ((self.a.data, "data.in_use"), (apart.data, "keys.in_use")):
            self.assertIn(refused, self.rotate(data, code=2))
        self.assertEqual((self.stored(endpoint), self.keys(self.a), self.keys(apart)), (before, held, held))
        for server in (self.a, self.b):
            server.stop()
        strange = self.nodes.node(9)
        (pathlib.Path(strange.data) / "keys").mkdir(parents=True)
        self.assertIn("node.other_keys", self.rotate(strange.data, code=2))
        said = self.rotate(self.a.data)
        self.assertIn("copy ", said)
        after = self.stored(endpoint)
        self.assertNotEqual(before.split(":")[1], after.split(":")[1])
        self.assertIn(f"under the key {after.split(':')[1]}", said)
        with self.assertRaises(harness.NotServing) as caught:
            self.b.start()
        self.assertIn("node.other_keys", str(caught.exception))
        self.nodes.share_keys(self.b)
        self.b.start()
        self.assertNotIn(secret, json.dumps(self.b.kw("webhook.endpoint", "read", [[endpoint]])))
        self.b.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        self.assertNotIn("Secrets do not open", self.b.log_path.read_text())
        self.b.stop()
        self.rotate(self.b.data, "--forget-old")
        self.assertEqual(len(self.keys(self.b)), 1)
        shutil.copytree(pathlib.Path(self.b.data) / "keys", pathlib.Path(self.a.data) / "keys", dirs_exist_ok=True)
        self.a.start()
        self.assertNotIn("Secrets do not open", self.a.log_path.read_text())


if __name__ == "__main__":
    unittest.main()
