"""The client as it is released: few requests, the same policy, and every area still found when somebody goes there."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import browser
import bundle
import harness
from playwright.sync_api import expect


@unittest.skipUnless(shutil.which("esbuild"), "esbuild is not installed")
class Released(browser.Case):
    def test_the_released_client_is_one_core_and_areas_that_load_later(self):
        """the joined client begins with few requests, packs with Brotli, and every area, view and language of it loads under the policy"""
        with bundle.served() as server:
            page = self.page("manager", "/health", on=server)
            self.allowed = ["favicon.ico"]
            seen = []
            page.on("response", lambda response: seen.append((response.url.removeprefix(server.url), response.headers.get("content-encoding"))))
            page.goto(server.url + "/app/referrals/list")
            page.locator(".gridrow.active").wait_for()
            page.wait_for_timeout(500)
            self.assertLessEqual(len(seen), 15, [url for url, _ in seen])
            code = [(url, packed) for url, packed in seen if url.endswith(".js")]
            self.assertEqual({packed for _, packed in code}, {"br"}, code)
            self.assertEqual(sorted(url.rsplit("/", 1)[1] for url, _ in code), ["app.js", "core.js"])
            for path, ready in (
                ("inbox", ".inbox-item, .empty"), ("approvals", "h1"), ("dashboard", ".tile"), ("me", "form"), ("referrals/board", ".card"),
                ("referrals/calendar", "h1"), ("referrals/pivot", "table"), ("referrals/graph", "svg"), ("no/such/place", "h1"),
            ):
                with self.subTest(path):
                    page.goto(f"{server.url}/app/{path}")
                    page.locator(ready).first.wait_for()
            admin = self.page("admin", "/app/audit", on=server)
            admin.locator("table").first.wait_for()
            # What is no module of ours is found where it stands: icons at once, the editor with the first field of code.
            expect(admin.locator(".nav .icon[data-icon] > *").first).to_be_visible()
            admin.goto(server.url + "/app/actions/list?record=1")
            admin.locator("#field-code").scroll_into_view_if_needed()
            admin.locator(".CodeMirror").first.wait_for()
            page.goto(server.url + "/app/referrals/list")
            page.locator(".gridbody .gridrow").first.click()
            expect(page.locator(".record h2")).to_contain_text("REF/")
            # Before the server goes, which their streams of changes would complain of.
            while self.contexts:
                self.contexts.pop().close()

    def test_without_esbuild_the_plain_modules_are_taken(self):
        """where there is no esbuild, or none is wanted, the folder holds the plain modules"""
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder) / "client"
            subprocess.run(
                [str(harness.ROOT / "scripts" / "client-bundle"), str(target)], check=True, capture_output=True,
                env={**os.environ, "BATON_PLAIN_CLIENT": "1"})
            plain = {path.relative_to(harness.ROOT / "Client") for path in (harness.ROOT / "Client").rglob("*.js")}
            self.assertEqual({path.relative_to(target) for path in target.rglob("*.js")}, plain)
