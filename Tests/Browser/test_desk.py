"""The referral desk: sign in, find, read, change, act, and what happens when two people are at one record."""

import re

import browser
from playwright.sync_api import expect


class SignIn(browser.Case):
    def test_signing_in_and_out(self):
        """a wrong password says so and keeps the login; the right one opens the inbox; signing out asks again"""
        self.allowed = ["401"]
        page = self.page()
        expect(page).to_have_title("Baton")
        self.shot(page, "sign-in")
        self.assert_accessible(page, "sign-in")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("Enter your login")
        page.get_by_label("Login").fill("coordinator")
        page.get_by_label("Password").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("not right")
        expect(page.get_by_label("Login")).to_have_value("coordinator")
        page.get_by_label("Password").fill(browser.PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
        page.get_by_role("button", name=re.compile("^You:")).click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_label("Login")).to_be_visible()

    def test_an_address_is_kept_through_signing_in(self):
        """whoever opens a link and signs in stands where the link leads"""
        page = self.page(path="/app/referrals/list?filter=open")
        page.get_by_label("Login").fill("coordinator")
        page.get_by_label("Password").fill(browser.PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".facet")).to_contain_text("Open")
        expect(page.locator(".gridrow.active")).to_contain_text("REF/")

    def test_a_session_that_ends_is_begun_again_over_the_work(self):
        """a session that ends while one works is begun again without losing what was typed"""
        self.allowed = ["401"]
        page = open_list(self)
        open_first(page)
        page.get_by_label("Requested service").fill("Typed before the session ended")
        page.context.request.post(browser.server.url + "/web/session/destroy", data={"jsonrpc": "2.0", "params": {}})
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
        page.get_by_label("Login").fill("coordinator")
        page.get_by_label("Password").fill(browser.PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Sign in again")).to_have_count(0)
        expect(page.get_by_label("Requested service")).to_have_value("Typed before the session ended")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("Saved")


class Desk(browser.Case):
    def test_finding_and_changing_a_referral_by_keyboard(self):
        """a referral is found, opened, changed, saved and taken back with the keyboard alone"""
        page = open_list(self)
        page.keyboard.press("/")
        page.keyboard.type("stage:assignment")
        page.keyboard.press("Enter")
        expect(page.locator(".facet", has_text="Specialist assignment")).to_be_visible()
        page.get_by_role("grid").focus()
        expect(page.locator(".gridrow.active")).to_contain_text("REF/")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".record h2")).to_contain_text("REF/")
        expect(page).to_have_url(re.compile(r"record=\d+"))
        self.shot(page, "record-beside-list")
        field = page.get_by_label("Requested service")
        before = field.input_value()
        page.keyboard.press("e")
        field.focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("Second opinion")
        expect(page.locator(".savebar")).to_contain_text("Requested service")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast")).to_contain_text("Saved")
        expect(page.locator(".savebar")).to_have_count(0)
        page.locator(".record h2").focus()
        page.keyboard.press("Control+z")
        expect(field).to_have_value(before)

    def test_leaving_with_changes_asks(self):
        """leaving with unsaved changes asks, and Stay keeps them"""
        page = open_list(self)
        open_first(page)
        page.get_by_label("Requested service").fill("Not saved yet")
        page.get_by_role("link", name="Patients").click()
        dialog = page.get_by_role("dialog", name="Unsaved changes")
        expect(dialog).to_contain_text("Requested service")
        dialog.get_by_role("button", name="Stay").click()
        expect(page.get_by_label("Requested service")).to_have_value("Not saved yet")
        page.get_by_role("link", name="Patients").click()
        dialog.get_by_role("button", name="Discard").click()
        expect(page.get_by_role("heading", name="Patients", level=1)).to_be_visible()

    def test_what_was_typed_outlives_a_crash_but_no_sign_out(self):
        """what was typed is offered again after a reload, and gone after signing out"""
        page = open_list(self)
        identifier = open_first(page)
        page.get_by_label("Requested service").fill("Typed before the crash")
        page.evaluate("() => addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true })")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{browser.server.url}/app/referrals/list?record={identifier}")
        expect(page.get_by_label("Requested service")).to_have_value("Typed before the crash")
        page.get_by_role("button", name=re.compile("^You:")).click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_label("Login")).to_be_visible()
        self.assertEqual(page.evaluate("() => Object.keys(sessionStorage).filter((name) => name.startsWith('baton.draft'))"), [])

    def test_two_people_at_one_record(self):
        """when two people change one field each chooses knowingly, and other fields come together by themselves"""
        self.allowed = ["409"]
        page = open_list(self)
        identifier = open_first(page)
        page.get_by_label("Requested service").fill("Mine")
        page.get_by_label("Diagnosis codes").fill("I10")
        other = self.page("manager", f"/app/referrals/list?record={identifier}")
        other.get_by_label("Requested service").fill("Theirs")
        other.get_by_role("button", name="Save", exact=True).click()
        expect(other.locator(".toast")).to_contain_text("Saved")
        expect(page.locator(".notice")).to_contain_text("Mira Placeholder changed this record")
        page.get_by_role("button", name="Save", exact=True).click()
        dialog = page.get_by_role("dialog", name="Somebody else changed this record")
        expect(dialog).to_contain_text("Theirs")
        expect(dialog).to_contain_text("Mira Placeholder")
        expect(dialog).not_to_contain_text("I10")
        self.shot(page, "conflict")
        self.assert_accessible(page, "conflict")
        save = dialog.get_by_role("button", name="Save what I chose")
        expect(save).to_be_disabled()
        dialog.get_by_label("Yours").check()
        save.click()
        expect(page.locator(".toast")).to_contain_text("Saved")
        values = self.call(page, "record", {"model": "care.referral", "id": identifier})["values"]
        self.assertEqual((values["requested_service"], values["diagnosis_codes"]), ("Mine", "I10"))
        # The other page, which has nothing unsaved, follows by itself.
        expect(other.get_by_label("Requested service")).to_have_value("Mine")

    def test_an_action_asks_what_it_needs(self):
        """an action asks for what it needs, refuses to go on without it, and moves the referral on"""
        page = open_list(self, "?filter=open&f=" + facet("stage", "is", "assignment"))
        open_first(page)
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Close").click()
        dialog = page.get_by_role("dialog", name="Close")
        expect(dialog).to_contain_text("The referral ends here")
        dialog.get_by_role("button", name="Close", exact=True).click()
        expect(dialog).to_contain_text("Choose an answer")
        dialog.get_by_role("combobox", name="Reason").click()
        dialog.get_by_role("option").first.click()
        dialog.get_by_label(re.compile("^Comment")).fill("Tried in a test")
        self.shot(page, "action-asks")
        dialog.get_by_role("button", name="Close", exact=True).click()
        expect(page.locator(".path .now")).to_contain_text("Exception or closure")
        expect(page.locator(".timeline")).to_contain_text("Tried in a test")

    def test_a_note_stands_in_the_history_at_once(self):
        """a note stands in the history at once and says that it is internal"""
        page = open_list(self)
        open_first(page)
        page.locator("#composer").fill("Called the practice: no answer.")
        page.get_by_role("button", name="Keep note").click()
        expect(page.locator(".timeline .entry").first).to_contain_text("Called the practice")
        expect(page.locator(".timeline .entry").first).to_contain_text("Internal note")

    def test_two_people_never_take_the_same(self):
        """whoever takes the next gets the most urgent one that nobody has, and two people never get the same"""
        self.allowed = ["409"]
        pages = [open_list(self, login=login) for login in ("coordinator", "manager")]
        for page in pages:
            page.get_by_role("button", name="Take the next").click()
        taken = []
        for page in pages:
            expect(page.locator(".toast")).to_contain_text("is yours now")
            expect(page.locator(".record h2")).to_contain_text("REF/")
            taken.append(page.locator(".record h2").inner_text())
        self.assertEqual(len(set(taken)), 2)
        for page in pages:
            page.get_by_role("button", name="Undo").click()

    def test_a_record_is_made(self):
        """a new record begins with its defaults, names what is missing at its field, and stands open once it is saved"""
        page = self.page("coordinator", "/app/patients/list")
        page.locator(".gridrow.active").wait_for()
        page.keyboard.press("c")
        family = page.get_by_label("Family name")
        expect(family).to_be_visible()
        expect(page.get_by_role("combobox", name="Company")).to_have_value("Northlake Medical Center")
        page.get_by_label("Given name").fill("Mary")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".problem", has_text="Enter family name")).to_be_visible()
        expect(family).to_be_focused()
        page.get_by_role("link", name="Family name: Enter family name").click()
        expect(family).to_be_focused()
        self.assert_accessible(page, "new patient")
        family.fill("Examplewood")
        page.get_by_label("Birth date").fill("3 apr 1984")
        expect(page.get_by_text("Apr 3, 1984")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".record h2")).to_contain_text("Examplewood, Mary")
        expect(page).to_have_url(re.compile(r"record=\d+"))

    def test_an_activity_is_planned_and_done(self):
        """an activity is planned for a record by a day in words, and done there"""
        page = open_list(self)
        open_first(page)
        page.get_by_role("button", name="Plan an activity").click()
        dialog = page.get_by_role("dialog", name="Plan an activity")
        dialog.get_by_label("What is to be done").fill("Call the practice again")
        dialog.get_by_label("By", exact=True).fill("+3")
        dialog.get_by_role("button", name="Plan an activity").click()
        done = page.get_by_role("button", name="Done: Call the practice again")
        expect(done).to_be_visible()
        done.click()
        expect(done).to_have_count(0)

    def test_a_view_is_saved_and_opened_again(self):
        """a view is saved under a name, stands in the navigation, and opens with filter, grouping and order"""
        page = open_list(self, "?filter=open&group=specialty_id&sort=received_on")
        page.get_by_role("button", name="Saved views").click()
        page.get_by_role("menuitem", name="Save this view").click()
        page.get_by_label("Name").fill("Open by specialty")
        page.get_by_role("button", name="Save view").click()
        page.get_by_role("link", name="Patients").click()
        page.get_by_role("link", name="Open by specialty").click()
        expect(page).to_have_url(re.compile("filter=open&group=specialty_id&sort=received_on"))
        expect(page.locator(".gridrow.header").first).to_be_visible()


def facet(field, how, value):
    return "%5B%22{}%22%2C%22{}%22%2C%5B%22{}%22%5D%2C%5B%22{}%22%5D%5D".format(field, how, value, value)


def open_list(case, query="?filter=open", login="coordinator", **options):
    page = case.page(login, "/app/referrals/list" + query, **options)
    page.locator(".gridrow.active").wait_for()
    return page


def open_first(page, place=0):
    """Opens a row beside the list; its id."""
    page.locator(".gridbody .gridrow").nth(place).click()
    expect(page.locator(".record h2")).to_contain_text("REF/")
    return int(re.search(r"record=(\d+)", page.url).group(1))
