"""A lost connection: what one had open stays readable, what one saves waits and is sent, and money and decisions say that they do not wait."""

import re

import browser
from playwright.sync_api import expect
from test_desk import open_first, open_list


class Offline(browser.Case):
    def setUp(self):
        super().setUp()
        self.allowed = ["ERR_INTERNET_DISCONNECTED", "Failed to load resource", "ERR_FAILED"]

    def test_a_save_waits_for_the_connection_and_is_sent(self):
        """without a connection the page says so, what was typed stays, a save waits, and it is sent when the connection is back"""
        page = open_list(self)
        open_first(page)
        field = page.get_by_label("Requested service")
        page.context.set_offline(True)
        expect(page.locator(".live")).to_contain_text(re.compile("Offline|Reconnecting"))
        field.fill("Typed without a connection")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("Waiting to send")
        expect(page.locator(".away")).to_contain_text("Waiting to send, 1")
        expect(field).to_have_value("Typed without a connection")
        self.shot(page, "offline")
        self.assert_accessible(page, "a record without a connection")
        # Once more joins the same save.
        field.fill("Typed twice without a connection")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".away")).to_contain_text("Waiting to send, 1")
        page.context.set_offline(False)
        expect(page.locator(".toast")).to_contain_text("Sent:", timeout=20_000)
        expect(page.locator(".away")).to_be_empty(timeout=15_000)
        page.reload()
        expect(page.get_by_label("Requested service")).to_have_value("Typed twice without a connection")

    def test_a_save_that_is_refused_later_keeps_what_was_typed(self):
        """a save that waited and is refused, for somebody else was faster, opens with what was typed"""
        page = open_list(self)
        open_first(page)
        record = int(re.search(r"record=(\d+)", page.url)[1])
        field = page.get_by_label("Requested service")
        before = field.input_value()
        page.context.set_offline(True)
        field.fill("Mine")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".away")).to_contain_text("Waiting to send, 1")
        other = self.page("manager", "/app/inbox")
        name = page.evaluate("() => [...document.querySelectorAll('.record label')].find((l) => l.textContent.includes('Requested service')).htmlFor.slice(6)")
        self.call(other, "save", {"model": "care.referral", "id": record, "values": {name: before + " by another"}})
        page.context.set_offline(False)
        expect(page.locator(".toast.danger")).to_contain_text("Not saved", timeout=20_000)
        expect(field).to_have_value("Mine")

    def test_a_step_never_waits(self):
        """an action without a connection is not done, does not wait, and says both"""
        page = self.page("manager", "/app/approvals")
        page.get_by_role("article").first.wait_for()
        page.context.set_offline(True)
        page.get_by_role("button", name="Approve").click()
        dialog = page.get_by_role("dialog", name="Approve")
        dialog.get_by_label(re.compile("^Comment")).fill("Yes")
        dialog.get_by_role("button", name="Approve").click()
        expect(page.locator(".toast")).to_contain_text("nothing waits to be sent")
        expect(page.locator(".away")).not_to_contain_text("Waiting to send")
        page.context.set_offline(False)

    def test_the_program_and_what_was_open_are_there_without_a_connection(self):
        """loading again without a connection opens the program and the list and record that were open, to read; signing out leaves nothing"""
        page = open_list(self)
        open_first(page)
        title = page.locator(".record h2").inner_text()
        page.evaluate("() => navigator.serviceWorker.ready.then(() => 0)")
        page.wait_for_function("() => caches.open('baton-program').then((s) => s.keys()).then((k) => k.length > 10)", timeout=20_000)
        kept = page.evaluate("() => caches.open('baton-program').then((s) => s.keys()).then((k) => k.map((r) => new URL(r.url).pathname))")
        self.assertEqual([path for path in kept if not path.startswith("/app/assets/") and path != "/app/"], [])
        page.context.set_offline(True)
        page.reload()
        expect(page.locator(".record h2")).to_have_text(title)
        page.locator(".gridrow.active").wait_for()
        expect(page.locator(".away")).to_contain_text("what was opened last", timeout=10_000)
        self.shot(page, "offline-reading")
        page.context.set_offline(False)
        expect(page.locator(".live")).to_contain_text("Live", timeout=20_000)
        page.get_by_role("button", name=re.compile("^You: ")).click()
        page.get_by_role("menuitem", name="Sign out").click()
        page.get_by_label("Login").wait_for()
        self.assertEqual(page.evaluate("() => Object.keys(sessionStorage).filter((name) => name.startsWith('baton.'))"), [])
