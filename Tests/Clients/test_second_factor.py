"""A second factor as programs and browsers meet it: what a password alone is still good for, and what it is not."""

import base64
import xmlrpc.client

import harness
import phone

PASSWORD = "twelve letters"


class SecondFactor(harness.ServedTestCase):
    @classmethod
    def setUpClass(cls):
        cls.login = "factor.client"
        server = harness.shared
        group = server.search_read("res.groups", [["name", "=", "Internal user"]], ["id"])[0]["id"]
        server.kw("res.users", "create", [{"name": "Factor", "login": cls.login, "password": PASSWORD, "group_ids": [[6, 0, [group]]]}])
        cls.user = server.login(cls.login, PASSWORD)
        cls.cookie, answer = cls.enter()
        assert "error" not in answer, answer
        cls.api_key = cls.call_kw(cls.cookie, "res.users.apikeys", "generate", {"name": "client tests", "scope": "rpc", "expiration_date": "2099-01-01 00:00:00"})
        cls.key = cls.totp({"step": "begin", "password": PASSWORD})["key"]
        cls.codes = cls.totp({"step": "confirm", "code": phone.code(cls.key, -1)})["codes"]

    @classmethod
    def enter(cls, **more):
        """A session by the form's call: the cookie and the answer."""
        body = {"jsonrpc": "2.0", "params": {"login": cls.login, "password": PASSWORD, **more}}
        _, headers, answer = harness.shared.post_json("/web/session/authenticate", body)
        return headers.get("set-cookie", "").split(";")[0], answer

    @classmethod
    def totp(cls, body):
        status, _, answer = harness.shared.post_json("/app/api/totp", body, {"Cookie": cls.cookie})
        assert status == 200, answer
        return answer

    @classmethod
    def call_kw(cls, cookie, model, method, kwargs):
        body = {"jsonrpc": "2.0", "params": {"model": model, "method": method, "args": [], "kwargs": kwargs}}
        return harness.shared.post_json("/web/dataset/call_kw", body, {"Cookie": cookie})[2]["result"]

    def test_a_password_alone_opens_nothing(self):
        """with a second factor a password alone is refused at every door, with a code and what to do, and an API key is taken"""
        _, answer = self.enter()
        self.assertEqual(answer["error"]["data"]["code"], "login.totp_required")
        fault = self.assertFault("odoo.exceptions.AccessError", "API key", harness.shared.rpc, "common", "login", harness.DATABASE, self.login, PASSWORD)
        self.assertEqual(fault.data["code"], "login.key_required")
        search = ("object", "execute_kw", harness.DATABASE, self.user)
        with self.assertRaises(harness.RPCFault) as refused:
            harness.shared.rpc(*search, PASSWORD, "res.partner", "search_count", [[]])
        self.assertEqual(refused.exception.data["code"], "login.key_required")
        self.assertGreater(harness.shared.rpc(*search, self.api_key, "res.partner", "search_count", [[]]), 0)
        server = xmlrpc.client.ServerProxy(harness.shared.url + "/xmlrpc/2/object")
        with self.assertRaises(xmlrpc.client.Fault) as fault:
            server.execute_kw(harness.DATABASE, self.user, PASSWORD, "res.partner", "search_count", [[]])
        self.assertIn("API key", fault.exception.faultString)
        for path, body in (("/app/api/start", {}), ("/app/api/search", {"model": "res.partner"}), ("/app/api/totp", {})):
            basic = base64.b64encode(f"{self.login}:{PASSWORD}".encode()).decode()
            status, _, answer = harness.shared.post_json(path, body, {"Authorization": "Basic " + basic})
            if path != "/app/api/start":
                self.assertEqual((status, answer["code"]), (403, "login.key_required"), path)
        status, _, answer = harness.shared.post_json("/app/api/totp", {}, {"Authorization": "Bearer " + self.api_key})
        self.assertEqual((status, answer["code"]), (403, "totp.browser_only"))

    def test_a_code_opens_a_session_once(self):
        """the code of the phone opens a session once, a wrong one none, and a recovery code once"""
        code = phone.code(self.key, 1)
        cookie, answer = self.enter(totp=code)
        self.assertEqual(answer["result"]["username"], self.login)
        self.assertTrue(cookie.startswith("session_id="))
        self.assertEqual(self.enter(totp=code)[1]["error"]["data"]["code"], "login.totp_wrong")
        self.assertEqual(self.enter(totp=self.codes[0])[1]["result"]["username"], self.login)
        self.assertEqual(self.enter(totp=self.codes[0])[1]["error"]["data"]["code"], "login.totp_wrong")

    def test_the_page_without_a_script_asks_for_it_too(self):
        """the sign-in page for browsers without a script asks for the code and takes it"""
        page = harness.shared.get("/login")[2].decode()
        mark = page.split('name="form_mark" value="')[1].split('"')[0]
        fields = {"form_mark": mark, "next": "/login", "login": self.login, "password": PASSWORD}
        status, headers, body = harness.shared.post_form("/login", fields)
        self.assertEqual(status, 422)
        self.assertIn(b'name="totp"', body)
        self.assertNotIn("set-cookie", headers)
        status, headers, _ = harness.shared.post_form("/login", {**fields, "totp": self.codes[5]})
        self.assertEqual(status, 303)
        self.assertIn("session_id=", headers["set-cookie"])
