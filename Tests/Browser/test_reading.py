"""A fax that was really read: its values framed on the page, decided field by field, and the referral that is made of them."""

import re
import subprocess
import time

import browser
import harness
from playwright.sync_api import expect

_kept = {}


def fax(number):
    """A sample fax of the program."""
    if number not in _kept:
        _kept[number] = subprocess.run(
            [str(harness.binary()), "sample", "fax", "--number", str(number)], capture_output=True, check=True, timeout=60).stdout
    return _kept[number]


class Arriving:
    """Faxes for tests that need one that was really read."""

    def arrived(self, page, number, seconds=90):
        """Brings a fax and waits until it is read; its id."""
        # A byte behind the picture makes it another document for each test.
        content = fax(number) + f"{self.id()} {time.time_ns()}".encode()
        answer = page.context.request.post(
            browser.server.url + "/documents?filename=fax.png", data=content, headers={"Content-Type": "image/png"})
        self.assertIn(answer.status, (200, 201), answer.text())
        identifier = answer.json()["document_ids"][0]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            row = self.call(page, "search", {"model": "care.document", "domain": [["id", "=", identifier]], "fields": ["reading_state"]})["rows"][0]
            if row["reading_state"] not in ("waiting", "none"):
                return identifier
            time.sleep(0.5)
        self.fail("the fax was not read in time")


class Reading(Arriving, browser.Case):
    def opened(self, number=1, **options):
        page = self.page("coordinator", "/app/documents/list", **options)
        page.locator("main h1").first.wait_for()
        identifier = self.arrived(page, number)
        page.goto(f"{browser.server.url}/app/document/{identifier}")
        page.locator(".read-box").first.wait_for()
        page.wait_for_function("() => document.querySelector('.page')?.naturalWidth > 0")
        return page, identifier

    def states(self, page, identifier):
        rows = self.call(page, "search", {"model": "care.suggestion", "domain": [["document_id", "=", identifier]], "fields": ["field", "state", "final_value", "value"]})["rows"]
        return {row["field"]: row for row in rows}

    def test_a_fax_is_decided_by_keyboard_and_becomes_a_referral(self):
        """what was read is framed on the page, accepted, corrected, called wrong or absent by keyboard, and becomes a referral"""
        self.allowed = ["422"]
        page, identifier = self.opened()
        expect(page.locator("#answer-family_name")).not_to_have_value("")
        row = page.get_by_role("group", name="Family name", exact=True)
        row.locator(".page-link").click()
        box = page.locator("#box-family_name")
        expect(box).to_have_class(re.compile("focused"))
        # The frame lies on the page, where the value stands.
        frame, picture = box.bounding_box(), page.locator(".page").bounding_box()
        self.assertTrue(picture["x"] - 8 <= frame["x"] and frame["x"] + frame["width"] <= picture["x"] + picture["width"] + 8)
        self.shot(page, "reading")
        self.assert_accessible(page, "reading")
        page.keyboard.press("a")
        expect(row).to_contain_text("Accepted")
        focused = lambda: page.evaluate("() => document.activeElement.id")
        self.assertNotEqual(focused(), "answer-row-family_name")
        self.assertEqual(self.states(page, identifier)["family_name"]["state"], "accepted")
        # The other way round: a frame leads to its field.
        page.locator("#box-phone").click()
        expect(page.locator("#answer-row-phone")).to_be_focused()
        page.keyboard.press("x")
        expect(page.locator("#answer-row-phone")).to_contain_text("Not on the page")
        page.get_by_role("button", name="Decide again: Phone").click()
        expect(page.get_by_role("button", name="Accept Phone")).to_be_visible()
        # A value that is no date is told at its field and decided by nobody.
        born = page.locator("#answer-birth_date")
        before = born.input_value()
        born.fill("31 Feb 1970")
        born.press("Control+Enter")
        expect(page.locator("#answer-problem-birth_date")).to_contain_text("real date")
        self.assertEqual(self.states(page, identifier)["birth_date"]["state"], "proposed")
        born.fill("14 Feb 1970" if before != "1970-02-14" else "15 Feb 1970")
        born.press("Control+Enter")
        expect(page.locator("#answer-row-birth_date")).to_contain_text("Corrected")
        expect(page.locator("#answer-row-birth_date")).to_contain_text(f"read: “{before}”")
        page.locator("#answer-row-sex").focus()
        page.keyboard.press("w")
        expect(page.locator("#answer-row-sex")).to_contain_text("Wrong")
        # Each decision leads to the next one by itself.
        page.wait_for_timeout(500)
        for _ in range(25):
            left = page.locator(".answer-row.proposed").count()
            if left == 0:
                break
            page.keyboard.press("a")
            expect(page.locator(".answer-row.proposed")).to_have_count(left - 1)
            page.wait_for_timeout(200)
        expect(page.locator(".answers-foot")).to_contain_text("Everything that was read is decided")
        # Records that may be meant are chosen by a person, or none of them is.
        for group in page.locator(".match-group").all():
            if group.get_by_role("button", name=re.compile("^This one")).count():
                group.get_by_role("button", name=re.compile("^This one")).first.click()
                expect(group.locator(".match.chosen")).to_be_visible()
        self.shot(page, "reading-decided")
        page.get_by_role("button", name="Make the referral").click()
        expect(page.locator(".toast")).to_contain_text(re.compile("Referral REF/.* was made"))
        expect(page.locator(".record h2")).to_contain_text("REF/")
        found = self.states(page, identifier)
        self.assertEqual((found["birth_date"]["state"], found["sex"]["state"]), ("corrected", "rejected"))
        # The referral tells what was read for it, how sure, and who decided.
        block = page.locator(".readings")
        block.locator("summary").click()
        expect(block).to_contain_text("Corrected")
        expect(block).to_contain_text("Nora Samplewood")
        block.get_by_role("link", name="Page 1").first.click()
        expect(page.locator(".read-box").first).to_be_visible()
        expect(page.get_by_role("button", name="What was read")).to_have_attribute("aria-pressed", "true")

    def test_what_is_missing_is_told_and_nothing_is_lost(self):
        """sending without what is needed names each field, leads to it, and keeps what was typed"""
        self.allowed = ["422"]
        page, _ = self.opened(2)
        page.locator("#answer-family_name").fill("")
        page.locator("#answer-requested_service").fill("Typed by me")
        page.locator("#answer-requested_service").press("Tab")
        page.locator("#answer-birth_date").fill("tomorrow")
        page.get_by_role("button", name="Make the referral").click()
        page.wait_for_timeout(300)
        dialog = page.get_by_role("dialog")
        if dialog.count():
            dialog.get_by_role("button", name="Make the referral").click()
        summary = page.locator(".answer-summary")
        expect(summary).to_contain_text("family name")
        self.assert_accessible(page, "reading with problems")
        summary.get_by_role("link", name=re.compile("family name")).click()
        expect(page.locator("#answer-family_name")).to_be_focused()
        page.reload()
        expect(page.locator("#answer-requested_service")).to_have_value("Typed by me")

    def test_parts_are_told_by_a_person(self):
        """a person says what pages are and whose, and the packet's part shows it"""
        page, identifier = self.opened(3)
        parts = page.get_by_role("region", name="Parts of the packet")
        expect(parts).to_contain_text("Referral")
        parts.get_by_role("button", name=re.compile("^Change the part of")).click()
        page.get_by_role("menuitem", name="Say what it is").click()
        dialog = page.get_by_role("dialog", name="Say what it is")
        dialog.get_by_label(re.compile("^What the pages are")).select_option(label="Clinical note")
        dialog.get_by_label(re.compile("^Patient of the packet")).fill("2")
        dialog.get_by_role("button", name="Say what it is").click()
        expect(parts).to_contain_text("Clinical note")
        expect(parts).to_contain_text("patient 2")
        expect(parts).to_contain_text("told by a person")

    def test_a_fax_on_a_phone_in_the_dark_and_rotated(self):
        """on a phone and in the dark the page, its frames and the fields are reached, fit the width, and turn together"""
        for name, options in {"phone": browser.PHONE, "dark": {"color_scheme": "dark"}}.items():
            with self.subTest(name):
                page, _ = self.opened(1, **options)
                self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
                page.get_by_role("button", name="Accept Family name").click()
                expect(page.locator("#answer-row-family_name")).to_contain_text("Accepted")
                self.shot(page, f"reading-{name}")
                self.assert_accessible(page, f"reading, {name}")
                upright = page.locator("#box-family_name").bounding_box()
                # Where one reads from right to left the frame stays where the value stands.
                offset = upright["x"] - page.locator(".page").bounding_box()["x"]
                page.evaluate("() => { document.documentElement.dir = 'rtl' }")
                page.locator("#box-family_name").wait_for()
                mirrored = page.locator("#box-family_name").bounding_box()["x"] - page.locator(".page").bounding_box()["x"]
                self.assertAlmostEqual(offset, mirrored, delta=2)
                sheet, host = page.locator(".page").bounding_box(), page.locator(".viewer-pages").bounding_box()
                self.assertTrue(host["x"] <= sheet["x"] and sheet["x"] + sheet["width"] <= host["x"] + host["width"] + 2, "the page lies outside of its frame")
                self.shot(page, f"reading-rtl-{name}")
                page.evaluate("() => { document.documentElement.dir = 'ltr' }")
                page.get_by_role("button", name="Rotate").click()
                page.wait_for_timeout(100)
                turned = page.locator("#box-family_name").bounding_box()
                self.assertGreater(turned["height"], turned["width"])
                self.assertGreater(upright["width"], upright["height"])
                self.shot(page, f"reading-rotated-{name}")
                page.context.close()
