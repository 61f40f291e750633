"""Many records at once: all that match selected, changed, exported, imported and taken back; and what goes to paper."""

import csv
import io
import re

import browser
from playwright.sync_api import expect


class Many(browser.Case):
    def made(self, page, prefix, count):
        rows = [[f"{prefix} {n:04d}"] for n in range(count)]
        for start in range(0, count, 1_000):
            self.call(page, "import", {"model": "res.partner", "fields": ["name"], "rows": rows[start:start + 1_000]})

    def test_all_that_match_are_selected_and_changed_in_the_background(self):
        """Ctrl+A selects what is loaded and offers all; a change of all of them shows how far it is, and is undone as a whole"""
        page = self.page("admin", "/app/contacts/list")
        page.locator("main h1").wait_for()
        self.made(page, "Bulk", 620)
        page.goto(browser.server.url + "/app/contacts/list?q=Bulk")
        expect(page.locator("#count")).to_contain_text("620")
        page.locator(".grid").focus()
        page.keyboard.press("Control+a")
        page.get_by_role("button", name="Select all 620").click()
        expect(page.locator(".statusbar")).to_contain_text("620 selected")
        expect(page.get_by_role("button", name=re.compile("^Select all"))).to_have_count(0)
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search or run a command").fill("selected")
        expect(page.get_by_role("option", name="Export 620 selected")).to_be_visible()
        page.keyboard.press("Escape")
        with page.expect_download() as download:
            page.locator(".statusbar").get_by_role("button", name="Export").click()
        self.assertTrue(download.value.suggested_filename.endswith(".xlsx"))

    def test_an_import_tells_what_does_not_fit_and_is_taken_back_later(self):
        """rows that do not fit are downloaded with their problem; an import stays in the list of the day and is taken back from there"""
        page = self.page("admin", "/app/contacts/list")
        page.locator(".gridrow.active").wait_for()
        page.locator(".statusbar").get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Import").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("#import-file").set_input_files({"name": "c.csv", "mimeType": "text/csv", "buffer": b"Name,Country\nPaper One,Nowhere Land\nPaper Two,\n"})
        dialog.get_by_label("Field for Country").select_option("country_id")
        dialog.get_by_role("button", name="Try it").click()
        expect(dialog.get_by_role("status")).to_contain_text("Row 2")
        with page.expect_download() as download:
            dialog.get_by_role("button", name="Download the rows that do not fit").click()
        rows = list(csv.reader(io.StringIO(open(download.value.path(), encoding="utf-8-sig").read())))
        self.assertEqual(rows[0], ["Name", "Country", "Row", "Problem"])
        self.assertEqual(rows[1][:3], ["Paper One", "Nowhere Land", "2"])
        self.shot(page, "import-problems")
        self.assert_accessible(page, "an import with problems")
        dialog.get_by_label("Field for Country").select_option("")
        dialog.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("2 records made.")
        page.locator(".statusbar").get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Import").click()
        dialog.get_by_text("Imports of the last day").click()
        dialog.get_by_role("button", name="Take back").first.click()
        expect(page.locator(".toast")).to_contain_text("Taken back.")
        left = self.call(page, "search", {"model": "res.partner", "domain": [["name", "in", ["Paper One", "Paper Two"]]], "fields": ["name"]})
        self.assertEqual(left["total"], 0)


class Paper(browser.Case):
    def printed(self, page):
        page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; dispatchEvent(new Event('beforeprint')) }")

    def test_a_list_is_printed_whole_with_its_filter_and_the_trail_knows(self):
        """every row and column is on paper under the filter, the time and the name, nothing is cut, and the trail has a line"""
        page = self.page(None, "/health")
        self.sign_in(page.context, "coordinator")
        self.allowed = ["favicon"]
        self.printed(page)
        page.goto(browser.server.url + "/app/referrals/list?filter=open")
        page.locator(".gridrow.active").wait_for()
        total = int(re.search(r"\d+", page.locator("#count").inner_text()).group())
        page.keyboard.press("Control+p")
        page.wait_for_function("() => window.printed")
        page.emulate_media(media="print")
        # A4 on its side, without the margins.
        expect(page.locator(".print-sheet.wide")).to_have_count(1)
        page.set_viewport_size({"width": 1016, "height": 688})
        expect(page.locator(".print-sheet tbody tr")).to_have_count(total)
        expect(page.locator(".print-head")).to_contain_text("Filter: Open")
        expect(page.locator(".print-head")).to_contain_text("by Nora Samplewood")
        self.assertFalse(page.locator(".root").is_visible())
        clipped = page.evaluate("() => [...document.querySelectorAll('.print-sheet td, .print-sheet th')].filter((e) => e.scrollWidth > e.clientWidth + 1).length")
        self.assertEqual(clipped, 0)
        self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
        page.screenshot(path=str(browser.SHOTS / "print-list.png"))
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")
        expect(page.locator(".print-sheet")).to_have_count(0)
        admin = self.page("admin", "/health")
        lines = self.call(admin, "audit", {"kind": "export", "model": "care.referral"})
        self.assertIn('"format":"print"', lines[0]["detail"])
        self.assertEqual(len(lines[0]["ids"]), total)

    def test_a_record_is_printed_and_the_trail_knows(self):
        """a record on paper has its head, not the buttons, and stands in the trail"""
        page = self.page(None, "/health")
        self.sign_in(page.context, "coordinator")
        self.allowed = ["favicon"]
        self.printed(page)
        page.goto(browser.server.url + "/app/patients/list")
        page.locator(".gridbody .gridrow").first.click()
        page.locator(".record .sections .field").first.wait_for()
        page.keyboard.press("Control+p")
        page.wait_for_function("() => window.printed")
        page.emulate_media(media="print")
        expect(page.locator(".print-head")).to_contain_text("Printed")
        self.assertFalse(page.locator(".record .actions").is_visible())
        admin = self.page("admin", "/health")
        lines = self.call(admin, "audit", {"kind": "export", "model": "care.patient"})
        self.assertEqual(len(lines[0]["ids"]), 1)


class Phone(browser.Case):
    def test_filters_are_in_a_sheet_on_a_phone(self):
        """one button opens a sheet with filters, grouping and views, which work at once"""
        page = self.page("coordinator", "/app/referrals/list", **browser.PHONE)
        page.locator(".gridrow.active").wait_for()
        page.get_by_role("button", name="Filter and group").click()
        sheet = page.get_by_role("dialog")
        self.shot(page, "phone-sheet")
        self.assert_accessible(page, "the sheet of filters")
        sheet.get_by_label("Open", exact=True).check()
        expect(page).to_have_url(re.compile("filter=open"))
        sheet.get_by_label("Group").select_option("stage")
        expect(page).to_have_url(re.compile("group=stage"))
        sheet.get_by_role("button", name=re.compile("^Show ")).click()
        expect(page.locator(".gridrow.header").first).to_be_visible()

    def test_nothing_runs_off_the_side_at_320_pixels(self):
        """no screen scrolls sideways at 320 pixels, as at 400 % zoom"""
        screens = {"coordinator": ["inbox", "referrals/list", "referrals/board", "referrals/calendar", "referrals/pivot", "referrals/graph", "referrals/activity", "me", "documents/list"],
                   "manager": ["approvals", "dashboard", "exceptions/list"], "admin": ["audit", "users/list", "roles/list", "tables/list"]}
        for login, paths in screens.items():
            for path in paths:
                with self.subTest(path):
                    page = self.page(login, f"/app/{path}", **{**browser.PHONE, "viewport": {"width": 320, "height": 640}})
                    page.locator("main h1").first.wait_for()
                    page.wait_for_timeout(400)
                    self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
                    page.context.close()


class Work(browser.Case):
    def test_an_activity_is_put_off_and_given_away_from_the_inbox(self):
        """an activity comes again tomorrow, with undo, and can be given to somebody else"""
        page = self.page("coordinator", "/app/inbox")
        page.locator(".inbox-item").first.wait_for()
        first = page.locator(".inbox-item").first
        name = first.locator(".inbox-name").inner_text()
        first.get_by_role("button", name=re.compile("^More:")).click()
        page.get_by_role("menuitem", name="Tomorrow").click()
        expect(page.locator(".toast")).to_contain_text(name)
        page.locator(".toast").get_by_role("button", name="Undo").click()
        expect(page.locator(".inbox-item").first.locator(".inbox-name")).to_have_text(name)

    def test_somebody_decides_for_me_while_i_am_away(self):
        """a stand-in is named with the days in My settings, is told there, and ends with a button"""
        page = self.page("manager", "/app/me")
        page.get_by_role("button", name="Somebody decides for me").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("combobox", name="Who").fill("Nora")
        dialog.get_by_role("option", name="Nora Samplewood").click()
        dialog.get_by_label("From").fill("2026-12-01 08:00" if dialog.get_by_label("From").get_attribute("type") != "datetime-local" else "2026-12-01T08:00")
        dialog.get_by_label("Until").fill("2026-12-09 18:00" if dialog.get_by_label("Until").get_attribute("type") != "datetime-local" else "2026-12-09T18:00")
        dialog.get_by_role("button", name="Somebody decides for me").click()
        expect(page.locator(".absence")).to_contain_text("Nora Samplewood decides for you")
        self.shot(page, "absence")
        self.assert_accessible(page, "who decides for me")
        page.get_by_role("button", name="End: Nora Samplewood").click()
        page.get_by_role("dialog").get_by_role("button", name="Decide myself").click()
        expect(page.locator(".absence")).to_contain_text("Nobody decides for you")

    def test_a_message_names_its_recipients_before_it_is_sent(self):
        """a note says that nothing is sent; a message says to whom it goes"""
        page = self.page("coordinator", "/app/referrals/list")
        page.locator(".gridbody .gridrow").first.click()
        page.locator(".composer").wait_for()
        expect(page.locator(".composer-to")).to_contain_text("Nothing is sent.")
        page.locator(".composer input[value=message]").check(force=True)
        expect(page.locator(".composer-to")).to_contain_text(re.compile("To: |Nobody follows"))

    def test_a_view_opens_first_and_is_changed_by_its_owner(self):
        """a saved view is shared with a team or everybody, opens first, and is changed in place"""
        page = self.page("nurse", "/app/referrals/list?filter=open")
        page.locator(".gridrow.active").wait_for()
        page.get_by_role("button", name="Saved views").click()
        page.get_by_role("menuitem", name="Save this view").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Name").fill("Paper view")
        dialog.get_by_label("Open this view first").check()
        dialog.get_by_role("button", name="Save view").click()
        expect(page.locator(".nav .saved")).to_contain_text("Paper view")
        expect(page.locator(".nav a", has_text="Referrals").first).to_have_attribute("href", re.compile("filter=open"))
        page.get_by_role("button", name="Saved views").click()
        page.get_by_role("menuitem", name="Change “Paper view”").click()
        dialog.get_by_label("Name").fill("Paper view two")
        dialog.get_by_role("button", name="Save view").click()
        expect(page.locator(".nav .saved")).to_have_text(re.compile("Paper view two"))
        self.assertEqual(page.locator(".nav .saved li").count(), 1)
        page.get_by_role("button", name="Saved views").click()
        page.get_by_role("menuitem", name="Delete “Paper view two”").click()
        expect(page.locator(".nav .saved")).to_have_count(0)

    def test_the_panel_is_as_wide_as_one_wants(self):
        """the edge of the panel is moved by arrow keys and by pointer, and stays so for the next record"""
        page = self.page("coordinator", "/app/referrals/list")
        page.locator(".gridbody .gridrow").first.click()
        edge = page.get_by_role("separator", name="Width of the panel")
        edge.focus()
        before = page.locator(".record").bounding_box()["width"]
        page.keyboard.press("ArrowLeft")
        self.assertEqual(round(page.locator(".record").bounding_box()["width"] - before), 24)
        box = edge.bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 200)
        page.mouse.down()
        page.mouse.move(box["x"] - 95, box["y"] + 200, steps=4)
        page.mouse.up()
        self.assertGreater(page.locator(".record").bounding_box()["width"], before + 80)
        self.assert_accessible(page, "a panel of another width")
        page.reload()
        page.locator(".record h2").wait_for()
        self.assertGreater(page.locator(".record").bounding_box()["width"], before + 80)

    def test_an_action_is_done_for_many_and_says_who_is_left_out(self):
        """what is offered for some of the selected is done for those, and the question says how many are left out"""
        page = self.page("nurse", "/app/referrals/list?q=REF")
        page.locator(".gridrow.active").wait_for()
        page.locator(".grid").focus()
        page.keyboard.press("Control+a")
        page.locator(".statusbar").get_by_role("button", name="Do", exact=True).click()
        dialog = page.get_by_role("dialog")
        self.assert_accessible(page, "actions for many")
        look = dialog.get_by_role("button", name=re.compile("^Look again"))
        offered, all_of_them = map(int, re.search(r"(\d+) of (\d+)", look.inner_text()).groups())
        self.assertLess(offered, all_of_them)
        look.click()
        dialog = page.get_by_role("dialog").last
        expect(dialog).to_contain_text(f"{offered} records; {all_of_them - offered} are left out")
        dialog.get_by_role("button", name="Look again").click()
        expect(page.locator(".toast")).to_contain_text("“Look again” is done.")

    def test_a_file_goes_with_a_note_and_comes_back_whole(self):
        """a file beside a note stands in the history and is handed over as it was"""
        page = self.page("coordinator", "/app/referrals/list")
        page.locator(".gridbody .gridrow").first.click()
        page.locator(".attach input").set_input_files({"name": "lab.txt", "mimeType": "text/plain", "buffer": b"\x00\xffK 4.1"})
        page.locator("#composer").fill("The lab called")
        page.get_by_role("button", name="Keep note").click()
        page.locator(".entry").first.get_by_role("link", name="lab.txt").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="Keep lab.txt").click()
        self.assertEqual(open(download.value.path(), "rb").read(), b"\x00\xffK 4.1")
