"""The referring provider's portal, used as a browser without JavaScript uses it."""

import re
import urllib.parse

import samples
from harness import ServedTestCase
from pages import Page

START = "/portal/referral"
REFERENCE = re.compile(r"\b[A-Z]{2,4}/\d{4}/\d{5,}\b")


class Visitor:
    """One browser: cookies, the current page, forms."""

    def __init__(self, server):
        self.server, self.cookies, self.page, self.path, self.status, self.headers = server, {}, None, None, None, {}

    def _take(self, answer, path):
        status, headers, body = answer
        for cookie in [headers["set-cookie"]] if "set-cookie" in headers else []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if status in (301, 302, 303, 307, 308):
            return self.open(urllib.parse.urljoin(path, headers["location"]))
        self.status, self.headers, self.path, self.page = status, headers, path, Page(body)
        return self

    def _head(self):
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def open(self, path):
        return self._take(self.server.get(path, self._head()), path)

    def submit(self, values, form=None):
        form = form or self.page.forms[-1]
        path = urllib.parse.urljoin(self.path, form.action or self.path)
        filled = {**form.values(), **values}
        if form.kind.startswith("multipart"):
            return self._take(self.server.post_multipart(path, filled, [], self._head()), path)
        return self._take(self.server.post_form(path, filled, self._head()), path)


def fill(form, **known):
    """Values for every required field, by what its name says."""
    words = [
        ("birth", "1970-02-14"), ("dob", "1970-02-14"), ("family", "Okafor"), ("last", "Okafor"), ("given", "Amara"), ("first", "Amara"),
        ("email", "desk@north.example"), ("phone", "+15550100"), ("npi", "1234567893"), ("date", "2026-11-20"), ("zip", "N1 2BB"),
        ("identifier", samples.unique("MRN")), ("number", samples.unique("MRN")), ("name", "Lena Bauer"), ("reason", "Chest pain on effort"),
        ("note", "Chest pain on effort")]
    values = {}
    for field in form.fields:
        name = field["name"].lower()
        options = [option for option in field["options"] if option]
        if field["type"] == "select":
            values[field["name"]] = options[0] if options else ""
        elif field["type"] == "radio":
            values.setdefault(field["name"], field["value"])
        elif field["type"] == "checkbox" and field["required"]:
            values[field["name"]] = field["value"] or "on"
        elif field["type"] in ("text", "textarea", "date", "email", "tel"):
            values[field["name"]] = next((value for word, value in words if word in name), "")
    return {**values, **known}


class Portal(ServedTestCase):
    def setUp(self):
        self.visitor = Visitor(self.server)

    def test_a_referral_from_the_form_to_its_status(self):
        """form, check-answers page, reference number, status page; without a script"""
        visitor = self.visitor.open(START)
        self.assertEqual(visitor.status, 200)
        visitor.submit(fill(visitor.page.forms[-1]))
        steps = 0
        while "check" not in visitor.page.text.lower() and steps < 8:
            self.assertEqual(visitor.status, 200, visitor.page.text[:500])
            visitor.submit(fill(visitor.page.forms[-1]))
            steps += 1
        self.assertIn("Okafor", visitor.page.text)
        visitor.submit({}, visitor.page.forms[-1])
        self.assertEqual(visitor.status, 200, visitor.page.text[:500])
        reference = REFERENCE.search(visitor.page.text)
        self.assertTrue(reference, visitor.page.text[:500])
        link = next(link for link in visitor.page.links if link.startswith("/portal/status/"))
        status = Visitor(self.server).open(link)
        self.assertEqual(status.status, 200)
        self.assertIn(reference.group(), status.page.text)
        self.assertNotIn("Okafor", status.page.text)
        self.assertNotIn("Chest pain", status.page.text)

    def test_errors_keep_what_was_typed(self):
        """a future birth date is refused beside the field, and nothing typed is lost"""
        visitor = self.visitor.open(START)
        values = fill(visitor.page.forms[-1])
        birth = next((name for name in values if "birth" in name.lower()), None)
        self.assertIsNotNone(birth, list(values))
        visitor.submit({**values, birth: "2199-01-01"})
        self.assertIn(visitor.status, (200, 400, 422))
        kept = visitor.page.forms[-1].values()
        typed = {name: value for name, value in values.items() if value and name in kept and name != birth}
        self.assertEqual({name: kept[name] for name in typed}, typed)
        self.assertTrue(re.search(r"future|birth", visitor.page.text, re.I))

    def test_page_is_accessible_and_needs_no_script(self):
        """the page has a language, a label for each field, and no script"""
        page = self.visitor.open(START).page
        self.assertTrue(page.lang)
        self.assertNotIn("script", page.tags)
        for field in page.forms[-1].fields:
            if field["type"] in ("text", "textarea", "date", "email", "tel", "select"):
                self.assertIn(field["id"], page.labels, field["name"])

    def test_markup_in_an_answer_stays_text(self):
        """what somebody types is shown, not run"""
        visitor = self.visitor.open(START)
        values = fill(visitor.page.forms[-1])
        reason = next((name for name in values if "reason" in name.lower() or "note" in name.lower()), None)
        self.assertIsNotNone(reason, list(values))
        visitor.submit({**values, reason: "<script>alert(1)</script>"})
        self.assertNotIn("script", visitor.page.tags)

    def test_headers(self):
        """pages forbid framing, sniffing and foreign scripts"""
        headers = self.visitor.open(START).headers
        self.assertIn("content-security-policy", headers)
        self.assertNotIn("unsafe-inline", headers["content-security-policy"].split("script-src")[-1].split(";")[0])
        self.assertEqual(headers.get("x-content-type-options"), "nosniff")

    def test_unknown_reference(self):
        """a reference number that does not exist is told politely"""
        self.assertIn(self.visitor.open("/portal/status/XX-00000000").status, (200, 404))
        self.assertNotIn("Traceback", self.visitor.page.text)
