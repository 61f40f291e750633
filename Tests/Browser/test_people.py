"""People and their access: what they may do after all, invitations, suspending, and seeing as somebody else."""

import email
import email.policy
import re
import time

import browser
import harness
from playwright.sync_api import expect
from smtp_double import SMTP


class People(browser.Case):
    def user(self, page, login, group="Internal user", **values):
        """A user of this test's own; the id."""
        groups = self.call(page, "search", {"model": "res.groups", "domain": [["name", "=", group]], "fields": ["id"]})["rows"]
        return self.call(page, "save", {"model": "res.users", "values": {
            "name": login.title(), "login": login, "password": browser.PASSWORD, "group_ids": [[6, 0, [groups[0]["id"]]]], **values}})["id"]

    def opened(self, login, group="Internal user", **values):
        page = self.page("admin", "/app/users/list")
        page.locator("main h1").wait_for()
        identifier = self.user(page, login, group, **values)
        page.goto(f"{browser.server.url}/app/users/list?record={identifier}")
        page.locator(".access .roles li").first.wait_for()
        return page, identifier

    def test_what_a_user_may_do_is_told_with_the_roles_and_rules_behind_it(self):
        """beside a user stand the roles, and behind a button each kind of record with who gives the right, the rules and hidden fields"""
        page, _ = self.opened("access.one", "Referrals: coordinator")
        expect(page.locator(".access .roles")).to_contain_text("Referrals: coordinator")
        expect(page.locator(".access .roles")).to_contain_text("Internal user through Referrals: coordinator")
        self.shot(page, "user-access")
        self.assert_accessible(page, "a user's access")
        page.get_by_role("button", name="Show what is allowed").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Find a kind of record").fill("care.patient")
        row = dialog.get_by_role("row").filter(has=page.get_by_text("care.patient", exact=True))
        expect(row).to_contain_text("Referrals: coordinator")
        row.locator("summary").click()
        expect(row.locator("code").first).to_contain_text("company_id")
        self.shot(page, "user-access-table")
        self.assert_accessible(page, "the table of access")

    def test_an_administrator_sees_as_somebody_else_and_changes_nothing(self):
        """the bar says whose view it is, what is seen is theirs, a save is refused and kept, and a button ends it"""
        self.allowed = ["status of 403"]
        page = self.page("admin", "/app/users/list")
        page.locator("main h1").wait_for()
        who = self.call(page, "search", {"model": "res.users", "domain": [["login", "=", "coordinator"]], "fields": ["id"]})["rows"][0]["id"]
        page.goto(f"{browser.server.url}/app/users/list?record={who}")
        page.get_by_role("button", name="See as this user").click()
        page.get_by_role("dialog").get_by_role("button", name=re.compile("^See as")).click()
        bar = page.get_by_role("region", name="Seeing as somebody else")
        expect(bar).to_contain_text("You see this as Nora Samplewood does.")
        expect(page.locator(".nav")).not_to_contain_text("Users")
        page.locator(".inbox-item").first.wait_for()
        self.shot(page, "seeing")
        self.assert_accessible(page, "seeing as somebody else")
        page.goto(browser.server.url + "/app/referrals/list")
        page.locator(".gridbody .gridrow").first.click()
        page.locator(".record .sections textarea").first.fill("Changed by a stranger")
        page.locator(".record .sections textarea").first.blur()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("nothing can be changed")
        page.locator(".savebar").get_by_role("button", name="Discard").click()
        # Doors that would act as the administrator refuse the session meanwhile.
        answer = page.context.request.post(browser.server.url + "/web/dataset/call_kw", data={
            "jsonrpc": "2.0", "params": {"model": "res.partner", "method": "create", "args": [{"name": "Stranger"}], "kwargs": {}}})
        self.assertIn("nothing can be changed", answer.text())
        bar.get_by_role("button", name="Stop seeing as Nora Samplewood").click()
        expect(page.locator(".nav")).to_contain_text("Users")
        expect(bar).to_have_count(0)
        trail = self.call(page, "audit", {"limit": 100})
        self.assertTrue(any('"view_as":"view_as.end"' in line["detail"] for line in trail))
        self.assertTrue(any('"call":"search"' in line["detail"] and '"seen_as"' in line["detail"] for line in trail))

    def test_seeing_fits_a_phone_the_dark_and_right_to_left(self):
        """the bar stays on the page at 320 pixels, in the dark, and from right to left"""
        page = self.page("admin", "/app/users/list")
        page.locator("main h1").wait_for()
        who = self.call(page, "search", {"model": "res.users", "domain": [["login", "=", "coordinator"]], "fields": ["id"]})["rows"][0]["id"]
        self.call(page, "view_as", {"user": who})
        try:
            state = page.context.storage_state()
            for name, options in {"phone": {**browser.PHONE, "viewport": {"width": 320, "height": 640}}, "dark": {"color_scheme": "dark"}}.items():
                with self.subTest(name):
                    other = self.page(None, "/app/referrals/list", storage_state=state, **options)
                    other.get_by_role("region", name="Seeing as somebody else").wait_for()
                    other.locator(".gridrow.active").wait_for()
                    self.shot(other, f"seeing-{name}")
                    self.assert_accessible(other, f"seeing, {name}")
                    self.assertFalse(other.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
                    if name == "dark":
                        other.evaluate("() => { document.documentElement.dir = 'rtl' }")
                        self.shot(other, "seeing-rtl")
        finally:
            self.call(page, "view_as", {})

    def test_an_invitation_sets_a_password_once(self):
        """an administrator sends a link, whoever has it sets a password, and a link that was used says so"""
        self.allowed = ["status of 403", "status of 401", "status of 422"]
        page, _ = self.opened("invited.one", email="invited@clinic.example")
        page.get_by_role("button", name="Send a link to set the password").click()
        page.get_by_role("dialog").get_by_role("button", name="Send the link").click()
        expect(page.locator(".toast")).to_contain_text("A link is on its way to invited@clinic.example.")
        # The secret itself is only in the mail that goes out; a wrong one is told to be over.
        guest = self.page(None, "/app/join#" + "0" * 64)
        expect(guest.get_by_role("heading", name="This link holds no more")).to_be_visible()
        self.assertNotIn("#", guest.url)
        self.shot(guest, "join-over")
        self.assert_accessible(guest, "a link that is over")

    def test_suspending_ends_what_somebody_does(self):
        """a suspended user's page asks to sign in, and the password no longer lets in; letting in again does"""
        self.allowed = ["status of 401", "favicon"]
        page, identifier = self.opened("suspended.one")
        other = self.page("suspended.one", "/app/contacts/list")
        other.locator("main h1").wait_for()
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Suspend").click()
        expect(page.get_by_role("dialog")).to_contain_text("all sessions end at once")
        page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
        expect(page.get_by_role("button", name="Let in again")).to_be_visible()
        other.reload()
        expect(other.get_by_label("Login")).to_be_visible()
        page.get_by_role("button", name="Let in again").click()
        dialog = page.get_by_role("dialog")
        if dialog.count():
            dialog.get_by_role("button", name="Let in again").click()
        expect(page.locator(".access .roles li").first).to_be_visible()
        self.sign_in(other.context, "suspended.one")


class Invited(browser.Case):
    def link(self, post_box, seconds=30):
        """The address in the mail that came."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for mail in post_box.to("new@clinic.example"):
                message = email.message_from_bytes(mail, policy=email.policy.default)
                text = "".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
                return re.search(r"/app/join#[0-9a-f]{64}", text).group(0)
            time.sleep(0.2)
        self.fail("the mail did not come")

    def test_the_link_of_the_mail_lets_somebody_set_a_password_and_sign_in(self):
        """the mail that went out holds the link; its page sets the password, and one signs in with it"""
        post_box = SMTP().wait()
        self.addCleanup(post_box.stop)
        served = harness.Server(extra=["--client", str(harness.ROOT / "Client")], smtp=post_box).start()
        self.addCleanup(served.stop)
        admin = self.page("admin", "/app/users/list", on=served)
        admin.locator("main h1").wait_for()
        post = lambda name, body: admin.context.request.post(f"{served.url}/app/api/{name}", data=body).json()
        user = post("save", {"model": "res.users", "values": {"name": "New One", "login": "new.one", "email": "new@clinic.example"}})["id"]
        self.assertEqual(post("invite", {"id": user})["email"], "new@clinic.example")
        path = self.link(post_box)
        guest = self.page(None, path, on=served)
        guest.get_by_label("New password", exact=True).fill("a long pass phrase")
        guest.get_by_label("New password, again").fill("another one")
        guest.get_by_role("button", name="Set the password").click()
        expect(guest.get_by_role("alert")).to_contain_text("Both must be the same.")
        self.shot(guest, "join")
        self.assert_accessible(guest, "setting a password")
        guest.get_by_label("New password, again").fill("a long pass phrase")
        guest.get_by_role("button", name="Set the password").click()
        guest.get_by_role("button", name="Sign in").click()
        guest.get_by_label("Login").fill("new.one")
        guest.get_by_label("Password").fill("a long pass phrase")
        guest.get_by_role("button", name="Sign in").click()
        guest.locator(".nav").wait_for()
