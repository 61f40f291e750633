"""The viewer of documents: words found, selected and copied, pages jumped to and printed, originals kept; and files of records in it."""

import base64
import re
import subprocess
import time

import browser
import harness
from playwright.sync_api import expect

LETTER = ["Lakeside Family Practice", "Patient: Amara Okafór, born 14 February 1970", "Reason: chest pain on effort"]
SECOND = ["Second sheet of the letter", "Blood pressure 140 over 90 on both visits, no chest pain at rest"]


def pdf(*pages):
    """A PDF that says its words itself, a list of lines for each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", None, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for lines in pages:
        drawn = "BT /F1 14 Tf 72 700 Td 20 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream")
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


class Viewer(browser.Case):
    def arrived(self, page, content, name="letter.pdf", kind="application/pdf"):
        answer = page.context.request.post(f"{browser.server.url}/documents?filename={name}", data=content, headers={"Content-Type": kind})
        self.assertIn(answer.status, (200, 201), answer.text())
        identifier = answer.json()["document_ids"][0]
        end = time.monotonic() + 90
        while time.monotonic() < end:
            row = self.call(page, "search", {"model": "care.document", "domain": [["id", "=", identifier]], "fields": ["reading_state"]})["rows"][0]
            if row["reading_state"] not in ("waiting", "none"):
                return identifier
            time.sleep(0.3)
        self.fail("the document was not read in time")

    def letter(self, *lines, **options):
        page = self.page("coordinator", "/app/me", **options)
        page.locator("main h1").wait_for()
        identifier = self.arrived(page, pdf(LETTER + list(lines), SECOND))
        page.goto(f"{browser.server.url}/app/document/{identifier}")
        page.locator(".page-text span").first.wait_for()
        return page, identifier

    def test_words_are_found_on_every_page(self):
        """a word is found on every page whatever its case and accents, each hit is marked where it stands, and keys go on and back"""
        page, _ = self.letter("First")
        page.keyboard.press("/")
        field = page.get_by_role("searchbox", name="Find on the pages")
        expect(field).to_be_focused()
        field.fill("CHEST  pain")
        state = page.locator(".find-state")
        expect(state).to_have_text("1 of 2")
        expect(page.locator(".find-mark.now")).to_have_count(2)
        mark = page.locator(".find-mark.now").first.bounding_box()
        word = page.locator(".page-text span", has_text="chest").bounding_box()
        self.assertAlmostEqual(mark["x"], word["x"], delta=4)
        self.assertAlmostEqual(mark["y"], word["y"], delta=4)
        self.assertTrue(word["x"] - 4 <= mark["x"] and mark["width"] < word["width"] + 8)
        self.shot(page, "viewer-find")
        self.assert_accessible(page, "finding words")
        field.press("Enter")
        expect(state).to_have_text("2 of 2")
        expect(page.get_by_role("textbox", name="Page, of 2")).to_have_value("2")
        expect(page.locator(".find-mark.now").first).to_be_visible()
        field.press("Enter")
        expect(page.get_by_role("textbox", name="Page, of 2")).to_have_value("1")
        field.press("Shift+Enter")
        expect(state).to_have_text("2 of 2")
        field.fill("okafor, BORN")
        expect(state).to_have_text("1 of 1")
        field.fill("hippopotamus")
        expect(state).to_have_text("Not found")
        field.press("Escape")
        expect(field).to_have_count(0)
        expect(page.locator(".find-mark")).to_have_count(0)

    def test_text_is_selected_and_copied(self):
        """words of a page are selected over its picture and copied as lines, and a button copies the whole page"""
        page, _ = self.letter("Copied")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        words = page.locator(".page-text span")
        first, last = words.filter(has_text="Patient:").bounding_box(), words.filter(has_text="chest").bounding_box()
        page.mouse.move(first["x"] + 1, first["y"] + first["height"] / 2)
        page.mouse.down()
        page.mouse.move(last["x"] + last["width"] / 2, last["y"] + last["height"] / 2, steps=6)
        page.mouse.up()
        page.keyboard.press("Control+c")
        self.assertEqual(page.evaluate("() => navigator.clipboard.readText()"), "Patient: Amara Okafór, born 14 February 1970\nReason: chest")
        page.get_by_role("button", name="Copy the text of the page").click()
        expect(page.locator(".toast")).to_contain_text("was copied")
        self.assertEqual(page.evaluate("() => navigator.clipboard.readText()"), "\n".join([*LETTER, "Copied"]))

    def test_pages_are_jumped_to_and_printed_and_the_original_is_kept(self):
        """small pages and a number lead to a page, printing draws every page, and the original that is kept stands in the trail"""
        page, identifier = self.letter("Jump")
        page.get_by_role("button", name="Small pages").click()
        small = page.get_by_role("list", name="Small pages").get_by_role("button")
        expect(small).to_have_count(2)
        expect(small.first).to_have_attribute("aria-current", "page")
        small.nth(1).click()
        number = page.get_by_role("textbox", name="Page, of 2")
        expect(number).to_have_value("2")
        expect(page.locator(".page-text")).to_contain_text("Second")
        self.shot(page, "viewer-small-pages")
        self.assert_accessible(page, "small pages")
        number.fill("1")
        number.press("Enter")
        expect(page.locator(".page-text")).to_contain_text("Lakeside")
        number.fill("99")
        number.press("Enter")
        expect(number).to_have_value("2")
        # What would go to the printer.
        page.evaluate("() => { window.print = () => { window.printed = [...document.querySelectorAll('.print-pages img')].map((each) => each.naturalWidth > 0 && each.complete) } }")
        page.get_by_role("button", name="Print the pages").click()
        page.wait_for_function("() => window.printed")
        self.assertEqual(page.evaluate("() => window.printed"), [True, True])
        self.assertEqual(page.locator(".print-pages").count(), 0)
        with page.expect_download() as kept:
            page.get_by_role("link", name="Original").click()
        with open(kept.value.path(), "rb") as file:
            self.assertTrue(file.read().startswith(b"%PDF-1.4"))
        admin = self.page("admin", "/app/me")
        lines = self.call(admin, "audit", {"model": "care.document", "id": identifier, "kind": "export"})
        self.assertEqual(len(lines), 1, lines)

    def test_a_scan_is_searched_as_well_turned_on_a_phone_and_in_the_dark(self):
        """what was recognised on a scan is found too; its marks turn with the page, on a phone and in the dark"""
        fax = subprocess.run([str(harness.binary()), "sample", "fax", "--number", "1"], capture_output=True, check=True, timeout=60).stdout
        for name, options in {"phone": browser.PHONE, "dark": {"color_scheme": "dark"}}.items():
            with self.subTest(name):
                page = self.page("coordinator", "/app/me", **options)
                page.locator("main h1").wait_for()
                identifier = self.arrived(page, fax + f"{self.id()} {time.time_ns()}".encode(), "fax.png", "image/png")
                page.goto(f"{browser.server.url}/app/document/{identifier}")
                page.locator(".page-text span").first.wait_for()
                page.get_by_role("button", name="Find on the pages").click()
                page.get_by_role("searchbox", name="Find on the pages").fill("request form")
                expect(page.locator(".find-state")).to_have_text("1 of 1")
                self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
                self.shot(page, f"viewer-find-{name}")
                self.assert_accessible(page, f"finding words, {name}")
                upright = page.locator(".find-mark.now").first.bounding_box()
                page.get_by_role("button", name="Rotate").click()
                page.wait_for_timeout(150)
                turned = page.locator(".find-mark.now").first.bounding_box()
                self.assertGreater(upright["width"], upright["height"])
                self.assertGreater(turned["height"], turned["width"])
                page.context.close()

    def test_a_file_of_a_record_opens_in_the_viewer(self):
        """a file of a record, and of a message, opens page by page, is searched and kept; whoever may not read the record sees none of it"""
        page = self.page("coordinator", "/app/me")
        page.locator("main h1").wait_for()
        patient = self.call(page, "search", {"model": "care.patient", "domain": [], "fields": ["id"], "limit": 1})["rows"][0]["id"]
        file = browser.server.kw("ir.attachment", "create", [{
            "name": "letter to us.pdf", "datas": base64.b64encode(pdf(LETTER, SECOND)).decode(), "res_model": "care.patient", "res_id": patient}])
        browser.server.kw("care.patient", "message_post", [[patient]], {"body": "It came by post.", "message_type": "comment", "attachment_ids": [file]})
        page.goto(f"{browser.server.url}/app/patients/list?record={patient}")
        files = page.locator(".file-list")
        expect(files).to_contain_text("letter to us.pdf")
        expect(page.locator(".entry-files")).to_contain_text("letter to us.pdf")
        self.shot(page, "record-files")
        self.assert_accessible(page, "files of a record")
        files.get_by_role("link", name="letter to us.pdf", exact=True).click()
        expect(page.get_by_role("heading", name="letter to us.pdf")).to_be_visible()
        page.wait_for_function("() => document.querySelector('.page')?.naturalWidth > 0")
        page.keyboard.press("/")
        page.get_by_role("searchbox", name="Find on the pages").fill("blood pressure")
        expect(page.locator(".find-state")).to_have_text("1 of 1")
        expect(page.locator(".find-mark.now").first).to_be_visible()
        self.shot(page, "attachment")
        self.assert_accessible(page, "a file in the viewer")
        page.get_by_role("button", name="Back").click()
        expect(page.locator(".record h2")).to_be_visible()
        self.allowed = ["404", "403"]
        page.goto(f"{browser.server.url}/app/attachment/999999")
        expect(page.locator(".empty")).to_contain_text("no such document for you")
        note = browser.server.kw("ir.attachment", "create", [{
            "name": "note.txt", "datas": base64.b64encode(b"plain words").decode(), "res_model": "care.patient", "res_id": patient}])
        self.allowed += ["422"]
        page.goto(f"{browser.server.url}/app/attachment/{note}")
        expect(page.locator(".empty").get_by_role("link", name="Original")).to_be_visible()
