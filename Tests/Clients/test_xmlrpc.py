"""Python's own `xmlrpc.client` against `/xmlrpc/2`, and the error shapes of both RPC doors."""

import http.client
import json
import xmlrpc.client

import samples
from harness import ADMIN, DATABASE, PASSWORD, ServedTestCase


class XMLRPC(ServedTestCase):
    def setUp(self):
        self.common = xmlrpc.client.ServerProxy(self.server.url + "/xmlrpc/2/common")
        self.object = xmlrpc.client.ServerProxy(self.server.url + "/xmlrpc/2/object")
        self.addCleanup(self.common("close"))
        self.addCleanup(self.object("close"))
        self.uid = self.common.authenticate(DATABASE, ADMIN, PASSWORD, {})

    def kw(self, model, method, *args, **kwargs):
        return self.object.execute_kw(DATABASE, self.uid, PASSWORD, model, method, list(args), kwargs)

    def fault(self, *args, **kwargs):
        with self.assertRaises(xmlrpc.client.Fault) as caught:
            self.kw(*args, **kwargs)
        return caught.exception

    def test_version(self):
        """version says 19.0 in the form of Odoo"""
        version = self.common.version()
        self.assertEqual(version["server_serie"], "19.0")
        self.assertEqual(version["server_version_info"][:3], [19, 0, 0])
        self.assertEqual(version["protocol_version"], 1)

    def test_authenticate(self):
        """authenticate and login answer the user's id, or false"""
        self.assertIsInstance(self.uid, int)
        self.assertEqual(self.common.login(DATABASE, ADMIN, PASSWORD), self.uid)
        self.assertIs(self.common.authenticate(DATABASE, "nobody-at-all", "wrong", {}), False)

    def test_life_of_a_partner(self):
        """create, search_read, write, name_search, copy and unlink a partner"""
        partner = self.kw("res.partner", "create", {"name": "Zeta Imaging & <Partners>", "email": "desk@zeta.example"})
        rows = self.kw("res.partner", "search_read", [["id", "=", partner]], fields=["name", "email", "parent_id", "active"])
        self.assertEqual(
            rows, [{"id": partner, "name": "Zeta Imaging & <Partners>", "email": "desk@zeta.example", "parent_id": False, "active": True}])
        self.assertIs(self.kw("res.partner", "write", [partner], {"phone": "+1 555 0100"}), True)
        self.assertIn([partner, "Zeta Imaging & <Partners>"], self.kw("res.partner", "name_search", "Zeta Imaging"))
        copies = self.kw("res.partner", "copy", [partner])
        self.assertIsInstance(copies, list)
        self.assertIs(self.kw("res.partner", "unlink", [partner] + copies), True)
        self.assertEqual(self.kw("res.partner", "search_count", [["id", "in", [partner] + copies]]), 0)

    def test_archiving(self):
        """an archived record leaves a search until active_test is off"""
        partner = self.kw("res.partner", "create", {"name": "Archive me"})
        self.kw("res.partner", "action_archive", [partner])
        self.assertEqual(self.kw("res.partner", "search", [["id", "=", partner]]), [])
        self.assertEqual(self.kw("res.partner", "search", [["id", "=", partner]], context={"active_test": False}), [partner])
        self.kw("res.partner", "unlink", [partner])

    def test_domains(self):
        """or, not, in, ilike, dotted paths, any and child_of mean what Odoo means"""
        parent = self.kw("res.partner", "create", {"name": "Domain Group", "is_company": True})
        one, two = self.kw("res.partner", "create", [{"name": "Domain One", "parent_id": parent}, {"name": "domain two", "city": "Bern"}])
        scope = ["id", "in", [parent, one, two]]

        def search(*domain):
            return sorted(self.kw("res.partner", "search", [scope, *domain], order="id"))

        self.assertEqual(search("|", ["city", "=", "Bern"], ["parent_id", "=", parent]), [one, two])
        self.assertEqual(search("!", ["name", "ilike", "domain o"]), [parent, two])
        self.assertEqual(search(["parent_id.name", "=", "Domain Group"]), [one])
        self.assertEqual(search(["parent_id", "any", [["is_company", "=", True]]]), [one])
        self.assertEqual(search(["id", "child_of", parent]), [parent, one])
        self.assertEqual(search(["city", "=", False]), [parent, one])
        self.assertEqual(search(["city", "=?", False]), [parent, one, two])
        self.kw("res.partner", "unlink", [one, two])
        self.kw("res.partner", "unlink", [parent])

    def test_read_group(self):
        """read_group and formatted_read_group agree"""
        old = self.kw("crm.lead", "read_group", [["type", "=", "opportunity"]], ["expected_revenue:sum"], ["stage_id"])
        new = self.kw(
            "crm.lead", "formatted_read_group", [["type", "=", "opportunity"]], groupby=["stage_id"], aggregates=["__count", "expected_revenue:sum"])
        self.assertEqual([row["stage_id"] for row in old], [row["stage_id"] for row in new])
        self.assertEqual([row["stage_id_count"] for row in old], [row["__count"] for row in new])
        self.assertEqual([row["expected_revenue"] for row in old], [row["expected_revenue:sum"] for row in new])

    def test_referral_action(self):
        """a referral action moves the stage, asks for its reason, and is refused when the stage is past"""
        referral = self.kw("care.referral", "create", samples.referral_values(self.server))
        before = self.kw("care.referral", "read", [referral], ["stage", "task_status", "name"])[0]
        self.assertEqual(before["stage"], "review")
        self.assertTrue(before["name"])
        needs_comment = self.kw("care.reason", "search", [["code", "=", "cancel.referrer"]])[0]
        self.assertEqual(self.fault("care.referral", "action_close", [referral], reason_id=needs_comment).faultCode, 2)
        self.kw("care.referral", "action_close", [referral], reason_id=needs_comment, comment="The practice called.")
        after = self.kw("care.referral", "read", [referral], ["stage", "task_status", "reason_id"])[0]
        self.assertEqual((after["stage"], after["task_status"], after["reason_id"][0]), ("closed", "cancelled", needs_comment))
        self.assertEqual(self.fault("care.referral", "action_close", [referral], reason_id=needs_comment, comment="Again").faultCode, 2)
        self.assertEqual(self.fault("care.referral", "write", [referral], {"stage": "triage"}).faultCode, 2)

    def test_faults(self):
        """each kind of error has Odoo's fault code"""
        self.assertEqual(self.fault("res.partner", "create", {"nope": 1}).faultCode, 1)
        self.assertIn("Invalid field 'nope' in 'res.partner'", self.fault("res.partner", "create", {"nope": 1}).faultString)
        self.assertEqual(self.fault("no.model", "search", []).faultCode, 2)
        self.assertEqual(self.fault("res.partner", "_search", []).faultCode, 4)
        self.assertEqual(self.fault("res.partner", "read", [999999999], ["name"]).faultCode, 2)
        with self.assertRaises(xmlrpc.client.Fault) as caught:
            self.object.execute_kw(DATABASE, self.uid, "wrong", "res.partner", "search", [[]])
        self.assertEqual(caught.exception.faultCode, 3)

    def test_malformed_xml(self):
        """broken XML, a bomb and an external entity are refused and the server lives on"""
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(8)) + "]><methodCall><methodName>&i;</methodName></methodCall>"
        outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><methodCall><methodName>&a;</methodName></methodCall>'
        for body in ("<methodCall><oops", "", bomb, outside, "\x00\xff" * 100):
            status, _, answer = self.server.request("POST", "/xmlrpc/2/common", body.encode(), {"Content-Type": "text/xml"})
            self.assertTrue(400 <= status < 500 or (status == 200 and b"<fault>" in answer), (status, answer[:200]))
        self.assertEqual(self.common.version()["server_serie"], "19.0")


class JSONRPC(ServedTestCase):
    """The raw shapes of `/jsonrpc`, which clients depend on letter by letter."""

    def post(self, body, kind="application/json"):
        status, headers, answer = self.server.request("POST", "/jsonrpc", body if isinstance(body, bytes) else body.encode(), {"Content-Type": kind})
        return status, headers, answer

    def call(self, service, method, *args):
        return self.post(json.dumps({"jsonrpc": "2.0", "method": "call", "id": 7, "params": {"service": service, "method": method, "args": args}}))

    def test_envelope(self):
        """the answer has its members in Odoo's order, and the id of the question"""
        status, headers, answer = self.call("common", "version")
        self.assertEqual(status, 200)
        self.assertTrue(headers["content-type"].startswith("application/json"))
        self.assertEqual(list(json.loads(answer)), ["jsonrpc", "id", "result"])
        self.assertEqual(json.loads(answer)["id"], 7)

    def test_error_envelope(self):
        """an error is HTTP 200 with code, message and data"""
        status, _, answer = self.call("object", "execute_kw", DATABASE, 1, "wrong", "res.partner", "search", [[]])
        self.assertEqual(status, 200)
        error = json.loads(answer)["error"]
        self.assertEqual((error["code"], error["message"]), (0, "Odoo Server Error"))
        self.assertEqual(error["data"]["name"], "odoo.exceptions.AccessDenied")
        self.assertEqual(set(error["data"]), {"name", "message", "arguments", "context", "debug", "code", "instruction"})

    def test_not_json(self):
        """malformed JSON is HTTP 400, deep JSON too, and a GET is 415"""
        self.assertEqual(self.post("{not json")[0], 400)
        self.assertEqual(self.post(b"\xff\xfe{}")[0], 400)
        self.assertEqual(self.post("[" * 100_000)[0], 400)
        self.assertEqual(self.server.get("/jsonrpc")[0], 415)

    def test_words_of_refusals(self):
        """names and messages of the common errors are Odoo's"""
        kw, uid = self.server.kw, self.server.login()
        self.assertFault("odoo.exceptions.UserError", "Object no.model doesn't exist", kw, "no.model", "search", [[]])
        self.assertFault("builtins.AttributeError", "The method 'res.partner.nosuch' does not exist", kw, "res.partner", "nosuch", [])
        self.assertFault(
            "odoo.exceptions.AccessError", "Private methods (such as 'res.partner._search') cannot be called remotely.", kw, "res.partner", "_search", [])
        self.assertFault("builtins.ValueError", "Invalid field 'nope' on 'res.partner'", kw, "res.partner", "read", [[1], ["nope"]])
        self.assertFault("builtins.ValueError", "Invalid field 'nope' in 'res.partner'", kw, "res.partner", "create", [{"nope": 1}])
        self.assertFault(
            "builtins.ValueError", "Invalid field res.partner.nope in condition ('nope', '=', 1)", kw, "res.partner", "search", [[["nope", "=", 1]]])
        self.assertFault("odoo.exceptions.MissingError", "", kw, "res.partner", "write", [[999999999], {"name": "x"}])
        self.assertGreater(uid, 0)

    def test_login_of_n8n(self):
        """a client that logs in before each call is answered quickly: a verified password is remembered"""
        import time
        self.server.login()
        began = time.monotonic()
        for _ in range(20):
            self.assertTrue(self.server.login())
        self.assertLess((time.monotonic() - began) / 20, 0.05)

    def test_throttling(self):
        """guessing a password is slowed down, and the right one works for others meanwhile"""
        for _ in range(8):
            self.assertIs(self.server.login("nobody-here", "guess"), False)
        self.assertTrue(self.server.login())

    def test_keep_alive(self):
        """one connection carries many requests"""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        self.addCleanup(connection.close)
        sockets = set()
        for number in range(5):
            body = json.dumps({"jsonrpc": "2.0", "method": "call", "id": number, "params": {"service": "common", "method": "version", "args": []}})
            connection.request("POST", "/jsonrpc", body, {"Content-Type": "application/json"})
            self.assertEqual(json.loads(connection.getresponse().read())["id"], number)
            sockets.add(connection.sock and connection.sock.fileno())
        self.assertEqual(len(sockets), 1)


class Sessions(ServedTestCase):
    """`/web/session/*` and `/web/dataset/call_kw` with the cookie."""

    def test_session(self):
        """a session logs in, calls a method, and is over after destroy"""
        status, headers, answer = self.server.post_json(
            "/web/session/authenticate", {"jsonrpc": "2.0", "params": {"db": DATABASE, "login": ADMIN, "password": PASSWORD}})
        self.assertEqual(status, 200)
        self.assertIsInstance(answer["result"]["uid"], int)
        self.assertEqual(answer["result"]["db"], DATABASE)
        cookie = headers["set-cookie"]
        self.assertIn("session_id=", cookie)
        self.assertIn("HttpOnly", cookie)
        head = {"Cookie": cookie.split(";")[0]}
        call = {"jsonrpc": "2.0", "params": {"model": "res.partner", "method": "search_count", "args": [[]], "kwargs": {}}}
        self.assertGreater(self.server.post_json("/web/dataset/call_kw/res.partner/search_count", call, head)[2]["result"], 0)
        self.server.post_json("/web/session/destroy", {"jsonrpc": "2.0", "params": {}}, head)
        over = self.server.post_json("/web/dataset/call_kw", call, head)[2]["error"]
        self.assertEqual((over["code"], over["message"]), (100, "Odoo Session Expired"))

    def test_wrong_password(self):
        """a wrong password is Odoo's AccessDenied"""
        answer = self.server.post_json(
            "/web/session/authenticate", {"jsonrpc": "2.0", "params": {"db": DATABASE, "login": "nobody-else", "password": "no"}})[2]
        self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessDenied")

    def test_version_info(self):
        """version_info needs no login"""
        answer = self.server.post_json("/web/webclient/version_info", {"jsonrpc": "2.0", "params": {}})[2]
        self.assertEqual(answer["result"]["server_serie"], "19.0")
