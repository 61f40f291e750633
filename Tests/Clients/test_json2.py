"""Odoo's JSON-2: `POST /json/2/<model>/<method>` with an API key."""

from harness import ServedTestCase


class JSON2(ServedTestCase):
    key = None

    def setUp(self):
        if JSON2.key is None:
            JSON2.key = self.server.api_key()

    def call(self, path, body, key=None):
        return self.server.post_json("/json/2/" + path, body, {"Authorization": f"bearer {key or JSON2.key}"})

    def test_life_of_a_partner(self):
        """create answers ids, and named arguments do the rest"""
        status, _, ids = self.call("res.partner/create", {"vals_list": [{"name": "JSON-2 Clinic"}]})
        self.assertEqual((status, len(ids)), (200, 1), ids)
        self.assertEqual(self.call("res.partner/write", {"ids": ids, "vals": {"city": "Graz"}})[2], True)
        rows = self.call("res.partner/search_read", {"domain": [["id", "in", ids]], "fields": ["name", "city"]})[2]
        self.assertEqual(rows, [{"id": ids[0], "name": "JSON-2 Clinic", "city": "Graz"}])
        self.assertEqual(self.call("res.partner/unlink", {"ids": ids})[2], True)

    def test_refusals(self):
        """each error has its HTTP status and the bare error object"""
        cases = [
            (404, "no.model/search", {}), (404, "res.partner/nosuch", {}), (422, "res.partner/search", {"domainz": []}),
            (422, "res.partner/search", {"ids": [1], "domain": []}), (404, "res.partner/write", {"ids": [999999999], "vals": {"name": "x"}}),
        ]
        for expected, path, body in cases:
            with self.subTest(path=path, body=body):
                status, _, error = self.call(path, body)
                self.assertEqual(status, expected, error)
                self.assertEqual(set(error), {"name", "message", "arguments", "context", "debug", "code", "instruction"})

    def test_keys(self):
        """no key and a wrong key are 401 with the way to do it"""
        for headers in ({}, {"Authorization": "bearer 0000000000000000000000000000000000000000"}):
            status, got, _ = self.server.post_json("/json/2/res.partner/search", {"domain": []}, headers)
            self.assertEqual(status, 401)
            self.assertIn("bearer", got["www-authenticate"].lower())

    def test_bad_json(self):
        """malformed JSON is 400, a GET is 404 that says what was meant"""
        head = {"Authorization": f"bearer {JSON2.key}", "Content-Type": "application/json"}
        self.assertEqual(self.server.request("POST", "/json/2/res.partner/search", b"{", head)[0], 400)
        status, _, body = self.server.get("/json/2/res.partner/search", head)
        self.assertEqual(status, 404)
        self.assertIn(b"POST /json/2/", body)
