"""The keyboard map: what single letters do at a record, and what the palette finds."""

import re

import browser
from playwright.sync_api import expect
from test_desk import open_first, open_list


class Keys(browser.Case):
    def test_letters_at_a_record(self):
        """N writes a note, M a message, A and S go where one assigns and moves on, D asks before it does the next step, J opens the next record"""
        page = open_list(self)
        open_first(page)
        title = page.locator(".record h2").inner_text()
        page.locator(".record h2").focus()
        page.keyboard.press("m")
        expect(page.get_by_label("Text", exact=True)).to_be_focused()
        expect(page.get_by_role("radio", name="Message to followers")).to_be_checked()
        page.locator(".record h2").focus()
        page.keyboard.press("n")
        expect(page.get_by_role("radio", name="Internal note")).to_be_checked()
        page.locator(".record h2").focus()
        page.keyboard.press("d")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        self.assert_accessible(page, "asking before the next step")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        page.locator(".record h2").focus()
        page.keyboard.press("s")
        self.assertTrue(page.evaluate("() => document.activeElement.matches('.record .actions button, .record select, .record input')"))
        page.locator(".record h2").focus()
        page.keyboard.press("j")
        expect(page.locator(".record h2")).not_to_have_text(title)

    def test_the_palette_narrows_by_its_first_sign(self):
        """in the palette > shows commands alone, # records by their number, @ people, and what was run last comes first"""
        page = open_list(self)
        number = page.locator(".gridbody .gridrow").nth(3).locator(".cell").nth(1).inner_text().strip()
        page.keyboard.press("Control+k")
        search = page.get_by_role("combobox", name="Search or run a command")
        options = page.get_by_role("option")
        search.fill("#" + number)
        expect(options.first).to_contain_text(number)
        search.fill("> dark")
        expect(options.first).to_contain_text("Switch dark mode")
        search.fill(">")
        self.assertFalse(any("Go to" in text and "G" not in text for text in options.all_inner_texts()))
        search.fill("@Samplewood")
        expect(options.first).to_contain_text(re.compile("Samplewood"))
        search.fill("> density")
        expect(options.first).to_contain_text("Switch density")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+k")
        expect(options.first).to_contain_text("Switch density")
        self.assert_accessible(page, "palette")
        self.shot(page, "palette")
