"""One Chromium for all suites, and what every test holds: no console error, no report of the content policy, no request elsewhere."""

import json
import os
import pathlib
import unittest

import axe_playwright_python
import harness
from playwright.sync_api import expect, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
]
AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOTS = pathlib.Path(os.environ.get("BATON_SHOTS", harness.ROOT / ".build" / "browser"))
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
PASSWORD = "demo-demo"

expect.set_options(timeout=10_000)
server = None
_driver = _chromium = None


def open(served):
    """Starts the browser for a server."""
    global server, _driver, _chromium
    server = served
    SHOTS.mkdir(parents=True, exist_ok=True)
    _driver = sync_playwright().start()
    _chromium = _driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)


def close():
    _chromium.close()
    _driver.stop()


class Case(unittest.TestCase):
    """A test with pages; at its end nothing may have gone wrong in any of them."""

    def setUp(self):
        self.contexts, self.wrong, self.allowed = [], [], []

    def tearDown(self):
        for context in self.contexts:
            context.close()
        left = [line for line in self.wrong if not any(text in line for text in self.allowed)]
        self.assertEqual(left, [], "something went wrong in a page")

    def page(self, login=None, path="/app", on=None, **options):
        """A page in a context of its own, signed in where a login is named; of another server than the usual one with `on`."""
        served = on or server
        context = _chromium.new_context(**{**DESK, "locale": "en-US", **options})
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.wrong.append(f"request elsewhere: {request.url}")
                if not request.url.startswith((served.url, "data:", "blob:")) else None)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("console", lambda line: self.wrong.append(f"console: {line.text} {line.location.get('url', '')}") if line.type in ("error", "warning") else None)
        page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))")
        if login:
            self.sign_in(context, login, on=served)
        page.goto(served.url + path)
        return page

    def sign_in(self, context, login, password=PASSWORD, on=None):
        """A session without the form."""
        answer = context.request.post(
            (on or server).url + "/web/session/authenticate",
            data={"jsonrpc": "2.0", "params": {"login": login, "password": harness.PASSWORD if login == "admin" else password}})
        self.assertNotIn("error", answer.json(), login)

    def call(self, page, name, body):
        """A call of the client's own, as the page's user."""
        answer = page.context.request.post(f"{server.url}/app/api/{name}", data=body)
        self.assertEqual(answer.status, 200, answer.text()[:400])
        return answer.json()

    def shot(self, page, name):
        page.wait_for_timeout(200)
        page.screenshot(path=str(SHOTS / f"{name}.png"))

    def assert_accessible(self, page, what):
        """No rule of axe is broken."""
        self.assertEqual(self.broken_rules(page), [], f"axe on {what}")

    def broken_rules(self, page):
        """The rules of axe that a page breaks. It comes by the debug protocol, so that the page's policy stays as strict as it is."""
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE})
        script = (
            f"axe.run(document,{{runOnly:{json.dumps(RULES)}}}).then(r=>JSON.stringify(r.violations.map(v=>[v.id,v.impact,v.nodes.length,"
            "v.nodes[0].html.slice(0,160),v.nodes[0].failureSummary.slice(0,300)])))")
        result = session.send("Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True})
        session.detach()
        return json.loads(result["result"]["value"])
