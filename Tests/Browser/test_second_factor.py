"""The second factor: set up in My settings, asked for at the door, taken away, and asked for by a role."""

import re
import subprocess

import browser
import harness
import phone
from playwright.sync_api import expect


class SecondFactor(browser.Case):
    def person(self, page, login, **values):
        """A user of this test's own, made by an administrator."""
        group = self.call(page, "search", {"model": "res.groups", "domain": [["name", "=", "Internal user"]], "fields": ["id"]})["rows"][0]["id"]
        groups = [group, *values.pop("groups", [])]
        return self.call(page, "save", {"model": "res.users", "values": {
            "name": login.title(), "login": login, "password": browser.PASSWORD, "group_ids": [[6, 0, groups]], **values}})["id"]

    def enter(self, page, login, password=browser.PASSWORD):
        page.get_by_label("Login").fill(login)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()

    def scanned(self, page, name):
        """What a camera reads from the picture on the page, which zbar plays."""
        picture = page.get_by_role("img", name=re.compile("^QR code"))
        expect(picture).to_be_visible()
        file = browser.SHOTS / f"{name}.png"
        picture.screenshot(path=str(file))
        return subprocess.run(["zbarimg", "--quiet", "--raw", str(file)], capture_output=True, text=True, check=True).stdout.strip()

    def test_a_person_sets_it_up_uses_it_and_an_administrator_resets_it(self):
        """a person sets up a second factor, signs in with a code and with a recovery code, and an administrator resets it"""
        admin = self.page("admin", "/app/users/list")
        user = self.person(admin, "second.one")
        page = self.page("second.one", "/app/me")
        page.get_by_role("button", name="Set up a second factor").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Password").fill("wrong")
        dialog.get_by_role("button", name="Continue").click()
        # Sessions that the set-up ends learn of it by their next call.
        self.allowed = ["status of 403", "status of 400", "status of 401", "status of 422", "favicon"]
        expect(dialog.get_by_role("alert")).to_contain_text("not right")
        dialog.get_by_label("Password").fill(browser.PASSWORD)
        dialog.get_by_role("button", name="Continue").click()
        key = page.locator(".phone-key").inner_text()
        self.shot(page, "second-factor-key")
        self.assert_accessible(page, "setting up a second factor")
        self.assertEqual(self.scanned(page, "second-factor-picture"), page.get_by_role("link", name="Open in the app").get_attribute("href"))
        self.assertIn(key.replace(" ", ""), self.scanned(page, "second-factor-picture"))
        # The key stands on the page and nowhere else.
        self.assertNotIn(key.replace(" ", ""), browser.server.log_path.read_text(errors="replace"))
        page.get_by_label("Code from your phone").fill("000000")
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_role("alert").last).to_contain_text("not right")
        page.get_by_label("Code from your phone").fill(phone.code(key))
        page.get_by_role("button", name="Confirm").click()
        codes = page.locator(".codes li")
        expect(codes).to_have_count(10)
        self.shot(page, "recovery-codes")
        recovery = codes.nth(2).inner_text()
        page.get_by_role("button", name="I have kept them").click()
        expect(page.get_by_text("10 recovery codes are left")).to_be_visible()

        fresh = self.page()
        self.enter(fresh, "second.one")
        fresh.get_by_role("heading", name="Second factor").wait_for()
        self.shot(fresh, "sign-in-code")
        self.assert_accessible(fresh, "sign-in with a code")
        fresh.get_by_label("Code from your phone").fill("123456")
        fresh.get_by_role("button", name="Sign in").click()
        expect(fresh.get_by_role("alert")).to_contain_text("not right")
        fresh.get_by_label("Code from your phone").fill(phone.code(key, 1))
        fresh.get_by_role("button", name="Sign in").click()
        expect(fresh.get_by_role("navigation", name="Main")).to_be_visible()

        paper = self.page()
        self.enter(paper, "second.one")
        paper.get_by_label("Code from your phone").fill(recovery)
        paper.get_by_role("button", name="Sign in").click()
        expect(paper.get_by_role("navigation", name="Main")).to_be_visible()

        # What these pages still ask is refused from now on: their sessions end with it.
        self.allowed.append("status of 401")
        self.call(admin, "action", {"model": "res.users", "id": user, "name": "action_totp_disable"})
        again = self.page()
        self.enter(again, "second.one")
        expect(again.get_by_role("navigation", name="Main")).to_be_visible()

    def test_a_role_asks_for_it_and_it_is_set_up_on_the_way_in(self):
        """a role asks for a second factor: whoever has none sets it up while signing in, on a phone as well, and cannot remove it"""
        admin = self.page("admin", "/app/roles/list")
        role = self.call(admin, "save", {"model": "res.groups", "values": {"name": "Careful people", "totp_required": True}})["id"]
        self.person(admin, "second.two", groups=[role])
        page = self.page(**browser.PHONE, color_scheme="dark")
        self.enter(page, "second.two")
        key = page.locator(".phone-key").inner_text()
        self.assertTrue(page.get_by_role("link", name=re.compile("Open in the app")).get_attribute("href").startswith("otpauth://totp/Baton:second.two?secret="))
        self.shot(page, "second-factor-enrolment-phone")
        self.assertIn(key.replace(" ", ""), self.scanned(page, "second-factor-picture-dark"))
        self.assert_accessible(page, "setting up a second factor on a phone")
        page.get_by_label("Code from your phone").fill(phone.code(key))
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("button", name="I have kept them").click()
        expect(page.locator("#main")).to_be_visible()
        page.goto(browser.server.url + "/app/me")
        expect(page.get_by_text("Your role asks for it.")).to_be_visible()
        expect(page.get_by_role("button", name="Remove the second factor")).to_have_count(0)
        with self.assertRaises(harness.RPCFault) as refused:
            browser.server.kw("res.partner", "search", [[]], user="second.two", password=browser.PASSWORD)
        self.assertIn("API key", str(refused.exception))
