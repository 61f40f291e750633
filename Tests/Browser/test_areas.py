"""Inbox, approvals, board, analysis, documents, audit, import and export, bulk changes, live updates and a lost connection."""

import io
import re
import zipfile

import browser
from playwright.sync_api import expect
from test_desk import open_first, open_list


class Inbox(browser.Case):
    def test_an_activity_is_done_from_the_inbox(self):
        """an activity opens its record beside the inbox, and leaves it when it is done"""
        page = self.page("coordinator", "/app/inbox")
        first = page.locator(".inbox-item").first
        name = first.locator(".inbox-name").inner_text()
        first.locator(".inbox-open").click()
        expect(page.locator(".record h2")).to_contain_text("REF/")
        before = page.locator(".inbox-item").count()
        page.get_by_role("button", name=re.compile("^Done: ")).first.click()
        expect(page.locator(".toast")).to_contain_text(name)
        expect(page.locator(".inbox-item")).to_have_count(before - 1)


class Approvals(browser.Case):
    def test_a_manager_decides_on_a_phone(self):
        """on a phone what, how much, who and what happens next stand on one screen, and approving needs no scrolling"""
        page = self.page("manager", "/app/approvals", **browser.PHONE)
        card = page.get_by_role("article")
        expect(card).to_be_visible()
        expect(card).to_contain_text("What happens next")
        approve = page.get_by_role("button", name="Approve")
        box = approve.bounding_box()
        self.assertGreaterEqual(box["height"], 44)
        self.assertLess(box["y"] + box["height"], 844 - 56)
        name = card.get_by_role("heading").inner_text()
        self.shot(page, "approval-phone")
        self.assert_accessible(page, "approvals on a phone")
        approve.click()
        dialog = page.get_by_role("dialog", name="Approve")
        dialog.get_by_label(re.compile("^Comment")).fill("Fine with me")
        dialog.get_by_role("button", name="Approve").click()
        expect(page.locator(".toast")).to_contain_text("is done")
        expect(page.get_by_role("article", name=name)).to_have_count(0)

    def test_declining_needs_a_reason(self):
        """declining asks for a reason and does nothing without one"""
        page = self.page("manager", "/app/approvals")
        page.get_by_role("button", name="Decline").click()
        dialog = page.get_by_role("dialog", name="Refuse")
        dialog.get_by_role("button", name="Refuse").click()
        expect(dialog).to_contain_text("Enter an answer")
        dialog.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("article")).to_be_visible()


def choose(card, column):
    """Moves a card by its menu."""
    menu = card.get_by_role("combobox")
    menu.focus()
    menu.select_option(label=column)


class Board(browser.Case):
    def test_a_card_moves_by_menu_keyboard_and_pointer(self):
        """a card of a written column moves by pointer, by keyboard and by its menu, and each can be taken back"""
        page = self.page("admin", "/app/opportunities/board")
        column = lambda name: page.get_by_role("region", name=name, exact=True)
        card = column("New").locator(".card").first
        name = card.locator("strong").inner_text()
        choose(card, "Qualified")
        expect(column("Qualified")).to_contain_text(name)
        page.get_by_role("button", name="Undo").click()
        expect(column("New")).to_contain_text(name)
        card = column("New").locator(".card", has_text=name)
        card.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        self.shot(page, "board-lifted")
        page.keyboard.press("Space")
        expect(column("Qualified")).to_contain_text(name)
        source = column("Qualified").locator(".card", has_text=name).bounding_box()
        target = column("Proposition").bounding_box()
        page.mouse.move(source["x"] + 60, source["y"] + 16)
        page.mouse.down()
        page.mouse.move(target["x"] + 80, target["y"] + 120, steps=8)
        expect(page.locator(".column.over")).to_have_count(1)
        page.mouse.up()
        expect(column("Proposition")).to_contain_text(name)

    def test_a_stage_that_only_actions_change(self):
        """a card of a guarded stage asks what its action needs, and says why where nothing leads"""
        page = self.page("coordinator", "/app/referrals/board?filter=open")
        column = page.get_by_role("region", name="Specialist assignment")
        card = column.locator(".card").first
        choose(card, "Documentation review")
        dialog = page.get_by_role("dialog", name="Back to review")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Cancel").click()
        self.assert_accessible(page, "board")


class Analysis(browser.Case):
    def test_figures_open_their_cases(self):
        """a figure of the pivot opens exactly as many records as it says, a bar of the graph too"""
        page = self.page("coordinator", "/app/referrals/pivot")
        link = page.locator(".pivot tbody td .figure-link").first
        number = link.inner_text()
        self.shot(page, "pivot")
        self.assert_accessible(page, "pivot")
        link.click()
        expect(page.locator("#count")).to_have_text(f"{number} referrals")
        page.goto(browser.server.url + "/app/referrals/graph")
        bar = page.locator(".bar").first
        number = re.search(r": (\d+)$", bar.get_attribute("aria-label")).group(1)
        self.shot(page, "graph")
        self.assert_accessible(page, "graph")
        bar.focus()
        # The arrows read the chart, and Tab stops in it once.
        self.assertEqual(page.locator(".drawing [tabindex='0']").count(), 1)
        page.keyboard.press("End")
        self.assertNotEqual(page.evaluate("() => document.activeElement.getAttribute('aria-label')"), bar.get_attribute("aria-label"))
        page.keyboard.press("Home")
        bar.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#count")).to_have_text(f"{number} referrals")

    def test_the_dashboard_counts_what_it_opens(self):
        """a tile of the dashboard opens as many records as it counts"""
        page = self.page("manager", "/app/dashboard")
        tile = page.locator(".tile", has_text="Something missing")
        number = tile.locator(".figure").inner_text()
        for mode in ("light", "dark"):
            page.evaluate("(mode) => { document.documentElement.dataset.theme = mode }", mode)
            self.shot(page, f"dashboard-{mode}")
            self.assert_accessible(page, f"dashboard, {mode}")
        page.pdf(path=str(browser.SHOTS / "dashboard.pdf"), format="A4")
        tile.click()
        expect(page.locator("#count")).to_have_text(f"{number} referrals")

    def test_a_month_of_referrals(self):
        """the calendar shows referrals on their days and opens them"""
        page = self.page("coordinator", "/app/referrals/calendar")
        page.locator(".entry-button").first.wait_for()
        self.shot(page, "calendar")
        self.assert_accessible(page, "calendar")
        page.locator(".entry-button").first.click()
        expect(page.locator(".record h2")).to_contain_text("REF/")


class Transfer(browser.Case):
    def test_an_export_is_a_workbook_of_what_is_searched(self):
        """an export holds what is searched with the list's columns, as a workbook that opens, and as CSV without formulas"""
        page = open_list(self, "?filter=incomplete")
        count = int(re.search(r"\d+", page.locator("#count").inner_text()).group())
        with page.expect_download() as got:
            page.get_by_role("button", name="More", exact=True).click()
            page.get_by_role("menuitem", name="Export as XLSX").click()
        archive = zipfile.ZipFile(io.BytesIO(open(got.value.path(), "rb").read()))
        self.assertIsNone(archive.testzip())
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        self.assertEqual(sheet.count("<row "), count + 1)
        self.assertIn("Patient", sheet)
        with page.expect_download() as got:
            page.get_by_role("button", name="More", exact=True).click()
            page.get_by_role("menuitem", name="Export as CSV").click()
        self.assertEqual(len(open(got.value.path(), encoding="utf-8-sig").read().splitlines()), count + 1)

    def test_an_import_is_tried_made_and_taken_back(self):
        """an import matches columns by name, names what does not fit, leaves no trace when tried, and can be taken back"""
        page = self.page("admin", "/app/opportunities/list")
        page.locator(".gridrow.active").wait_for()
        before = page.locator("#count").inner_text()

        def choose(text, name="leads.csv"):
            page.get_by_label("A file with a head").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})

        page.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Import").click()
        dialog = page.get_by_role("dialog", name="Import")
        choose("Opportunity;Company name;Expected revenue\nFrom a file 1;Clinic A;100\nFrom a file 2;Clinic B;much\n")
        dialog.get_by_role("button", name="Try it").click()
        expect(dialog).to_contain_text("Row 3")
        self.shot(page, "import")
        self.assert_accessible(page, "import")
        choose("Opportunity;Company name;Expected revenue\nFrom a file 1;Clinic A;100\nFrom a file 2;\"Clinic; B\";200\n")
        dialog.get_by_role("button", name="Try it").click()
        expect(dialog).to_contain_text("2 records would be made")
        dialog.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("2 records made")
        expect(page.locator("#count")).not_to_have_text(before)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#count")).to_have_text(before)

    def test_many_records_change_and_come_back(self):
        """a change of many is shown before, leaves nothing else changed, and one Undo takes all of it back"""
        page = open_list(self)
        page.get_by_role("grid").focus()
        page.keyboard.press("Space")
        for _ in range(3):
            page.keyboard.press("Shift+ArrowDown")
        expect(page.locator(".statusbar")).to_contain_text("4 selected")
        page.get_by_role("button", name="Change", exact=True).click()
        page.get_by_label("Field").select_option(label="Urgency")
        page.get_by_label("New value").select_option(label="Routine")
        page.get_by_role("button", name="Show what will change").click()
        expect(page.get_by_role("dialog", name="What will change")).to_contain_text("4 records will change")
        self.shot(page, "bulk-preview")
        self.assert_accessible(page, "bulk preview")
        page.get_by_role("button", name=re.compile("^Change 4")).click()
        expect(page.locator(".toast")).to_contain_text("4 records changed")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".toast")).to_contain_text("Taken back")


class Live(browser.Case):
    def test_changes_of_others_arrive(self):
        """a change of somebody else shows in the list by itself, and what is new is announced instead of jumping in"""
        page = open_list(self, "?filter=open&sort=name")
        row = page.locator(".gridbody .gridrow").nth(1)
        number = row.locator(".cell").nth(1).inner_text()
        found = self.call(page, "search", {"model": "care.referral", "domain": [["name", "=", number]]})["rows"][0]
        wanted = "routine" if found["urgency"] != "routine" else "urgent"
        other = self.page("manager")
        self.call(other, "save", {"model": "care.referral", "id": found["id"], "values": {"urgency": wanted}})
        expect(page.locator(".gridrow", has_text=number)).to_contain_text(wanted.capitalize(), timeout=8_000)
        specialty = found["specialty_id"]["id"]
        made = self.call(other, "save", {"model": "care.referral", "values": {
            "patient_id": found["patient_id"]["id"], "specialty_id": specialty, "company_id": 2, "requested_service": "Made by somebody else"}})
        self.assertIn("id", made)
        expect(page.locator(".held")).to_contain_text("1 new".replace("1", "one"), timeout=8_000)
        page.locator(".held button").click()
        expect(page.locator(".held")).to_have_count(0)


class Administration(browser.Case):
    def test_the_audit_trail(self):
        """an administrator reads the trail, narrows it to one record, and verifies the chain"""
        page = self.page("admin", "/app/audit")
        page.locator(".audit-table tbody tr").first.wait_for()
        self.shot(page, "audit")
        self.assert_accessible(page, "audit")
        page.get_by_role("button", name="Verify the chain").click()
        expect(page.locator(".verdict")).to_contain_text("The chain is whole", timeout=60_000)
        page.get_by_role("button", name="Only this record").first.click()
        expect(page).to_have_url(re.compile("model=.*&id="))

    def test_a_document_is_looked_at(self):
        """a document's pages are turned and enlarged beside what is known of it"""
        page = self.page("coordinator", "/app/documents/list")
        page.locator(".gridrow.active").wait_for()
        found = self.call(page, "search", {"model": "care.document", "domain": [["page_count", ">", 0]], "fields": ["name"]})["rows"][0]
        page.goto(f"{browser.server.url}/app/document/{found['id']}")
        picture = page.get_by_role("img", name=re.compile("^Page 1"))
        expect(picture).to_be_visible()
        page.wait_for_function("() => document.querySelector('.page').naturalWidth > 0")
        before = picture.bounding_box()["width"]
        page.get_by_role("button", name="Larger").click()
        page.wait_for_timeout(100)
        self.assertGreater(picture.bounding_box()["width"], before)
        self.shot(page, "document")
        self.assert_accessible(page, "document")

    def test_one_arranges_things_for_oneself(self):
        """look and language are chosen, a password needs the old one, and a key for a program is shown once and removed"""
        self.allowed = ["403", "422"]
        page = self.page("nurse", "/app/me")
        page.get_by_label("Dark", exact=True).check()
        self.assertEqual(page.evaluate("() => getComputedStyle(document.documentElement).colorScheme"), "dark")
        self.shot(page, "my-settings")
        self.assert_accessible(page, "my settings")
        page.get_by_label("Password until now").fill("wrong")
        page.get_by_label("New password", exact=True).fill("a longer password 7")
        page.get_by_label("New password, again").fill("a longer password 7")
        page.get_by_role("button", name="Change the password").click()
        expect(page.locator("#me-problem")).to_contain_text("incorrect")
        page.get_by_role("button", name="New key").click()
        dialog = page.get_by_role("dialog", name="New key")
        dialog.get_by_label("What for").fill("A test")
        dialog.get_by_label("Expires on").fill("2026-12-24T12:00")
        dialog.get_by_role("button", name="New key").click()
        key = page.get_by_label("Key", exact=True)
        self.assertGreater(len(key.input_value()), 30)
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
        page.get_by_role("button", name=re.compile("^Remove the key")).click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_text("There are none.")).to_be_visible()

    def test_any_model_has_a_form(self):
        """the screens of administrators are lists and forms like any other"""
        page = self.page("admin", "/app/users/list")
        for path in ("users", "roles", "rules", "actions", "templates", "schedules", "tables", "sites", "contacts"):
            with self.subTest(path):
                page.goto(f"{browser.server.url}/app/{path}/list")
                page.locator(".gridbody .gridrow, .nothing").first.wait_for()
                if page.locator(".gridbody .gridrow").count():
                    page.locator(".gridbody .gridrow").first.click()
                    page.locator(".record .sections").wait_for()
                self.shot(page, f"admin-{path}")
                self.assert_accessible(page, path)


class Languages(browser.Case):
    def test_spanish_from_sign_in_to_record(self):
        """whoever prefers Spanish gets Spanish, from the sign-in form to a record"""
        page = self.page(locale="es-MX")
        expect(page.get_by_role("heading", name="Iniciar sesión")).to_be_visible()
        page.get_by_label("Usuario").fill("coordinator")
        page.get_by_label("Contraseña").fill(browser.PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Bandeja", level=1)).to_be_visible()
        page.get_by_role("link", name="Derivaciones").first.click()
        page.locator(".gridbody .gridrow").first.click()
        expect(page.get_by_text("Lista de comprobación")).to_be_visible()
        self.shot(page, "spanish")

    def test_right_to_left(self):
        """right to left everything is mirrored and nothing overflows"""
        page = open_list(self)
        page.evaluate("() => { document.dir = 'rtl'; document.documentElement.dataset.density = 'compact' }")
        page.set_viewport_size({"width": 1441, "height": 900})
        open_first(page)
        self.shot(page, "right-to-left")
        self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))


class Definitions(browser.Case):
    def test_a_decision_table_is_changed_tested_and_released_by_two_people(self):
        """a decision table is copied, edited as a table, checked with its tests, simulated, submitted, and released by somebody else"""
        admin = self.page("admin", "/app/users/list")
        groups = {name: number for number, name in self.call(admin, "choices", {"model": "res.groups", "limit": 50})}
        wanted = {"drafter": ["Definitions: write and submit", "Decision tables: write and submit"], "second": ["Definitions: release"]}
        companies = [number for number, _ in self.call(admin, "choices", {"model": "res.company", "limit": 50})]
        for login, names in wanted.items():
            self.call(admin, "save", {"model": "res.users", "values": {
                "name": login.title(), "login": login, "password": browser.PASSWORD, "company_ids": [[6, 0, companies]],
                "group_ids": [[4, groups[name]] for name in names]}})
        page = self.page("drafter", "/app/versions/list?q=authorization&filter=released")
        page.locator(".gridbody .gridrow").first.click()
        page.get_by_role("button", name="Copy to a new draft").click()
        expect(page.locator(".record h2")).to_contain_text("referrals.authorization@2")
        page.get_by_role("button", name="Add a rule").click()
        rules = page.locator(".rules tbody tr")
        last = rules.count()
        page.get_by_label(f"Rule {last}, Specialty's code").fill('"NEUR"')
        page.get_by_label(f"Rule {last}, Authorization needed").fill("true")
        page.get_by_role("button", name=f"Rule {last} up").click()
        page.get_by_label("What changed and why").fill("Neurology needs one, too")
        self.shot(page, "decision-table")
        self.assert_accessible(page, "decision table")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("Saved")
        page.get_by_role("button", name="Check", exact=True).click()
        frame = page.locator(".release")
        expect(frame.locator(".checks .done").first).to_contain_text("No problem was found")
        expect(frame).to_contain_text("What differs")
        page.get_by_role("button", name="Simulate").click()
        page.get_by_role("dialog").get_by_role("button", name="Simulate").click()
        expect(frame.locator(".simulation")).to_contain_text("would have been different", timeout=60_000)
        self.shot(page, "decision-simulated")
        self.assert_accessible(page, "decision table, simulated")
        page.get_by_role("button", name="Submit for review").click()
        expect(page.locator(".path .now")).to_contain_text("In review")
        expect(page.get_by_role("button", name="Release")).to_have_count(0)
        other = self.page("second", page.url.replace(browser.server.url, ""))
        other.get_by_role("button", name="Release").click()
        dialog = other.get_by_role("dialog", name="Release")
        expect(dialog).to_contain_text("it decides what happens")
        dialog.get_by_role("button", name="Release").click()
        expect(other.locator(".path .now")).to_contain_text("Released")
