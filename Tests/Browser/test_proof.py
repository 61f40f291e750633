"""Showing once more who one is before a high-risk step, and deciding at the line of the inbox."""

import re

import browser
import phone
import samples
from playwright.sync_api import expect


class Proof(browser.Case):
    def person(self, admin, login, **values):
        """A user of this test's own."""
        return self.call(admin, "save", {"model": "res.users", "values": {"name": login, "login": login, "password": browser.PASSWORD, **values}})["id"]

    def group(self, admin, name):
        return self.call(admin, "search", {"model": "res.groups", "domain": [["name", "=", name]], "fields": ["id"]})["rows"][0]["id"]

    def left_alone(self, login, path, key, **options):
        """A page whose session has shown nothing yet: it began with a key in the place of the password."""
        page = self.page(**options)
        self.sign_in(page.context, login, key)
        page.goto(browser.server.url + path)
        self.allowed = ["status of 401", "status of 403", "status of 422"]
        return page

    def set_up(self, page):
        """A second factor of the page's user; its key."""
        key = self.call(page, "totp", {"step": "begin", "password": browser.PASSWORD})["key"]
        self.call(page, "totp", {"step": "confirm", "code": phone.code(key)})
        return key

    def test_a_password_is_asked_for_before_a_reset(self):
        """who resets somebody's second factor at an open browser types the password first, and whoever cannot changes nothing"""
        admin = self.page("admin", "/app/users/list")
        groups = [self.group(admin, "Internal user"), self.group(admin, "Access rights")]
        login = samples.unique("proof")
        secret = samples.unique("only ours ")
        self.person(admin, login, password=secret, group_ids=[[6, 0, groups]])
        other = samples.unique("other")
        target = self.person(admin, other, group_ids=[[6, 0, groups[:1]]])
        self.set_up(self.page(other, "/app/me"))
        key = browser.server.kw("res.users.apikeys", "generate", ["for a test"], user=login, password=secret)
        page = self.left_alone(login, f"/app/users/list?record={target}&full=1", key)

        def reset():
            page.get_by_role("button", name="More actions").click()
            page.get_by_role("menuitem", name="Reset the second factor").click()
            page.get_by_role("dialog", name="Reset the second factor").get_by_role("button", name="Reset the second factor").click()

        enabled = lambda: self.call(admin, "record", {"model": "res.users", "id": target})["values"]["totp_enabled"]
        reset()
        dialog = page.get_by_role("dialog", name="Is it you?")
        expect(dialog.get_by_label("Password")).to_be_focused()
        self.shot(page, "proof-password")
        self.assert_accessible(page, "the question who one is")
        dialog.get_by_role("button", name="Cancel").click()
        expect(page.locator(".toast").last).to_contain_text("Nothing was done")
        self.assertTrue(enabled())
        reset()
        dialog.get_by_label("Password").fill("wrong")
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text("not right")
        expect(dialog.get_by_label("Password")).to_have_value("")
        dialog.get_by_label("Password").fill(secret)
        page.keyboard.press("Enter")
        expect(page.locator(".toast").last).to_contain_text("is done")
        expect(dialog).to_have_count(0)
        self.assertFalse(enabled())
        self.assertNotIn(secret, browser.server.log_path.read_text(errors="replace"))

    def test_a_code_is_asked_for_before_a_decision_at_the_inbox_line(self):
        """on a phone an approval is decided at its line: the reason is asked for, then the code where the policy wants it, and the line goes"""
        admin = self.page("admin", "/app")
        login = samples.unique("decider")
        decider = self.person(admin, login, group_ids=[[6, 0, [self.group(admin, "Internal user")]]])
        key = browser.server.kw("res.users.apikeys", "generate", ["for a test"], user=login, password=browser.PASSWORD)
        secret = self.set_up(self.page(login, "/app/me"))
        self.call(admin, "method", {"model": "ir.config_parameter", "name": "set_param", "arguments": {"key": "governance.direct_changes", "value": "approval.policy"}})
        name = samples.unique("Agreement")
        policy = self.call(admin, "save", {"model": "approval.policy", "values": {
            "name": name, "model": "crm.lead", "action": "action_set_won", "domain": f"[('name', '=', '{name}')]", "sequence": 1, "needs_proof": True,
            "step_ids": [[0, 0, {"name": "Decider", "kind": "users", "user_ids": [[6, 0, [decider]]]}]]}})["id"]
        lead = self.call(admin, "save", {"model": "crm.lead", "values": {"name": name}})["id"]
        self.call(admin, "action", {"model": "crm.lead", "id": lead, "name": "action_set_won"})
        page = self.left_alone(login, "/app/inbox", key, **browser.PHONE)
        line = page.locator(".inbox-item", has_text=name)
        for verb in ("Decline", "Approve"):
            box = line.get_by_role("button", name=re.compile(f"^{verb}: ")).bounding_box()
            self.assertGreaterEqual(box["height"], 44)
            self.assertLessEqual(box["x"] + box["width"], 390)
        self.shot(page, "inbox-approval-phone")
        self.assert_accessible(page, "an approval in the inbox")
        line.get_by_role("button", name=re.compile("^Decline: ")).click()
        question = page.get_by_role("dialog", name="Refuse")
        question.get_by_role("button", name="Refuse").click()
        expect(question).to_contain_text("Enter an answer")
        question.get_by_label("Reason").fill("Too dear")
        question.get_by_role("button", name="Refuse").click()
        dialog = page.get_by_role("dialog", name="Is it you?")
        expect(dialog.get_by_label("Code from your phone")).to_be_focused()
        self.shot(page, "proof-code-phone")
        self.assert_accessible(page, "the question for a code on a phone")
        dialog.get_by_label("Code from your phone").fill("000000")
        dialog.get_by_role("button", name="Continue").click()
        expect(dialog.get_by_role("alert")).to_contain_text("not right")
        dialog.get_by_label("Code from your phone").fill(phone.code(secret, 1))
        dialog.get_by_role("button", name="Continue").click()
        expect(page.locator(".toast").last).to_contain_text("is done")
        expect(line).to_have_count(0)
        found = self.call(admin, "search", {"model": "approval.decision", "domain": [["user_id", "=", decider]], "fields": ["decision", "comment"]})["rows"]
        self.assertEqual([(row["decision"], row["comment"]) for row in found], [("refuse", "Too dear")])
        self.call(admin, "save", {"model": "approval.policy", "id": policy, "values": {"active": False}})

    def test_an_approval_is_given_at_the_inbox_line(self):
        """beside the record at the desk an approval is given at its line after the question that the approvals screen asks, and stepping back does nothing"""
        page = self.page("manager", "/app/inbox?kind=approval")
        approve = page.get_by_role("button", name=re.compile("^Approve: ")).first
        approve.wait_for()
        before = page.locator(".inbox-item").count()
        self.shot(page, "inbox-approvals")
        name = page.locator(".inbox-name").first.inner_text()
        approve.click()
        dialog = page.get_by_role("dialog", name="Approve")
        # Whoever decides at a line reads in the question what it is about, and who asks.
        expect(dialog).to_contain_text(name)
        expect(dialog).to_contain_text(re.compile("Business trip|Equipment"))
        self.shot(page, "inbox-approval-question")
        dialog.get_by_role("button", name="Cancel").click()
        expect(page.locator(".inbox-item")).to_have_count(before)
        approve.click()
        dialog.get_by_label(re.compile("^Comment")).fill("Fine")
        dialog.get_by_role("button", name="Approve").click()
        expect(page.locator(".toast").last).to_contain_text("is done")
        expect(page.locator(".inbox-item")).to_have_count(before - 1)
