"""Activities by record and kind, and lists as somebody arranged them: for everybody, a team, oneself."""

import re

import browser
from playwright.sync_api import expect


class Activities(browser.Case):
    def test_an_activity_is_planned_and_finished_in_the_view(self):
        """records stand with what is to be done by kind; one plans and finishes from there, with the keyboard too"""
        page = self.page("coordinator", "/app/referrals/list?filter=open")
        page.locator(".gridrow.active").wait_for()
        page.keyboard.press("v")
        page.keyboard.press("a")
        expect(page).to_have_url(re.compile("/app/referrals/activity"))
        table = page.locator(".activity-table")
        expect(table.locator("tbody tr").first).to_be_visible()
        self.shot(page, "activity")
        self.assert_accessible(page, "activity")
        row = table.locator("tbody tr").first
        name = row.locator("strong").inner_text()
        vacant = row.locator(".activity-cell.vacant").first
        vacant.focus()
        column = vacant.evaluate("(e) => e.closest('td').cellIndex")
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label(re.compile("^What is to be done")).fill("Ask about the picture")
        dialog.get_by_label(re.compile("^By$")).fill("+3")
        dialog.get_by_role("button", name=re.compile("^Plan")).click()
        expect(page.locator(".toast")).to_contain_text("Planned")
        cell = table.locator("tbody tr", has_text=name).first.locator("td").nth(column - 1)
        expect(cell).to_contain_text("Ask about the picture")
        cell.get_by_role("button").click()
        dialog = page.get_by_role("dialog", name=name)
        dialog.get_by_role("button", name="Done: Ask about the picture").click()
        expect(page.locator(".toast")).to_contain_text("Done: Ask about the picture")
        expect(table).not_to_contain_text("Ask about the picture")

    def test_records_without_activities_are_shown_when_asked_for(self):
        """patients and any other model with activities have the view, empty until one asks for all"""
        page = self.page("coordinator", "/app/documents/activity")
        box = page.get_by_label("Also records without activities")
        box.check()
        expect(page.locator(".activity-table tbody tr").first).to_be_visible()

    def test_on_a_phone(self):
        """the view fits a phone and the dark"""
        for name, options in {"phone": browser.PHONE, "dark": {"color_scheme": "dark"}}.items():
            with self.subTest(name):
                page = self.page("coordinator", "/app/referrals/activity?filter=open", **options)
                page.locator(".activity-table tbody tr").first.wait_for()
                self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
                self.shot(page, f"activity-{name}")
                self.assert_accessible(page, f"activity, {name}")
                page.context.close()


def columns(page):
    page.locator(".gridrow.active").wait_for()
    return [text.strip() for text in page.locator(".gridhead [role=columnheader]").all_inner_texts()[1:]]


def shown(dialog):
    return dialog.get_by_role("list", name="Shown, in this order")


def hidden(dialog):
    return dialog.get_by_role("list", name="Not shown")


class Layers(browser.Case):
    def arrange(self, page):
        page.get_by_role("button", name="Columns", exact=True).click()
        page.get_by_role("button", name="Columns and fields…").click()
        return page.get_by_role("dialog", name="Columns and fields")

    def test_columns_are_hidden_moved_and_shown_and_reset(self):
        """columns are hidden, moved and shown for oneself, on every machine, told in words, and reset"""
        page = self.page("nurse", "/app/patients/list")
        before = columns(page)
        dialog = self.arrange(page)
        shown(dialog).get_by_label("Sex", exact=True).click()
        dialog.get_by_role("button", name="Phone earlier").click()
        dialog.get_by_role("searchbox", name="Find a field").fill("email")
        hidden(dialog).get_by_label(re.compile("^E-?mail$", re.I)).click()
        self.shot(page, "arrange")
        self.assert_accessible(page, "columns")
        dialog.get_by_role("button", name="Keep").click()
        expect(page.locator(".toast")).to_contain_text("Arranged")
        after = columns(page)
        self.assertNotIn("Sex", after)
        self.assertTrue(any("mail" in name.lower() for name in after), after)
        # Another browser of the same person shows the same; somebody else's does not.
        self.assertEqual(columns(self.page("nurse", "/app/patients/list")), after)
        self.assertEqual(columns(self.page("coordinator", "/app/patients/list")), before)
        dialog = self.arrange(page)
        expect(dialog).to_contain_text("hides the column “Sex”")
        dialog.get_by_role("button", name=re.compile("^Reset: Mine")).click()
        expect(page.locator(".toast")).to_contain_text("Reset")
        expect(page.locator(".gridhead [role=columnheader]")).to_contain_text(["", *before])
        self.assertEqual(columns(page), before)

    def test_everybodys_columns_come_below_ones_own(self):
        """what an administrator hides is hidden for everybody, and whoever wants it back shows it for themselves"""
        admin = self.page("admin", "/app/contacts/list")
        before = columns(admin)
        dialog = self.arrange(admin)
        dialog.get_by_label("Everybody", exact=True).check()
        shown(dialog).get_by_label("City", exact=True).click()
        dialog.get_by_role("button", name="Keep").click()
        expect(admin.locator(".toast")).to_contain_text("Arranged")
        page = self.page("coordinator", "/app/contacts/list")
        self.assertNotIn("City", columns(page))
        dialog = self.arrange(page)
        expect(dialog).to_contain_text("Everybody’s, by an administrator")
        expect(dialog.get_by_role("button", name=re.compile("^Reset"))).to_have_count(0)
        dialog.get_by_role("searchbox", name="Find a field").fill("City")
        hidden(dialog).get_by_label("City", exact=True).click()
        dialog.get_by_role("button", name="Keep").click()
        expect(page.locator(".toast")).to_contain_text("Arranged")
        self.assertIn("City", columns(page))
        dialog = self.arrange(admin)
        dialog.get_by_role("button", name=re.compile("^Reset: Everybody")).click()
        expect(admin.locator(".toast")).to_contain_text("Reset")
        expect(admin.locator(".gridhead [role=columnheader]")).to_contain_text(["", *before])
        self.assertEqual(columns(admin), before)

    def test_on_a_phone(self):
        """the dialog fits a phone and the dark"""
        page = self.page("coordinator", "/app/patients/list", color_scheme="dark", **browser.PHONE)
        page.locator(".gridrow.active").wait_for()
        self.arrange(page).get_by_role("button", name="Keep").wait_for()
        self.shot(page, "arrange-phone")
        self.assert_accessible(page, "columns on a phone")
        self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
