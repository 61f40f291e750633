"""An automation rule on its screen: read in words, changed by fields, tried, simulated, reviewed and released by somebody else."""

import re

import browser
from playwright.sync_api import expect


class Rules(browser.Case):
    def people(self, admin):
        groups = {name: number for number, name in self.call(admin, "choices", {"model": "res.groups", "limit": 80})}
        companies = [number for number, _ in self.call(admin, "choices", {"model": "res.company", "limit": 50})]
        every = [number for name, number in groups.items() if name.startswith("Referrals")]
        admins = [number for name, number in groups.items() if re.search("settings|administrat", name, re.I)]
        for login, name in {"ruler": "Definitions: write and submit", "judge": "Definitions: release"}.items():
            if self.call(admin, "search", {"model": "res.users", "domain": [["login", "=", login]], "fields": []})["total"]:
                continue
            self.call(admin, "save", {"model": "res.users", "values": {
                "name": login.title(), "login": login, "password": browser.PASSWORD, "company_ids": [[6, 0, companies]],
                "group_ids": [[4, number] for number in [groups[name], *every, *admins]]}})

    def made(self, page):
        model = self.call(page, "search", {"model": "ir.model", "domain": [["model", "=", "care.referral"]], "fields": []})["rows"][0]["id"]
        rule = self.call(page, "save", {"model": "base.automation", "values": {
            "name": "Mark the urgent", "model_id": model, "trigger": "on_create_or_write", "filter_domain": "[('urgency', '=', 'urgent')]"}})["id"]
        self.call(page, "save", {"model": "ir.actions.server", "values": {
            "name": "Say so", "model_id": model, "base_automation_id": rule, "state": "object_write", "update_path": "requested_service", "value": "Marked"}})
        return rule

    def test_a_rule_is_read_changed_tried_simulated_and_released(self):
        """a rule stands in words, its conditions are changed as lines, it is tried on a record, held against the past, and released by a second person"""
        self.allowed = ["422", "409"]
        admin = self.page("admin", "/app/users/list")
        self.people(admin)
        page = self.page("ruler", "/app/rules/list")
        page.locator("main h1").wait_for()
        rule = self.made(page)
        page.goto(f"{browser.server.url}/app/rules/list?record={rule}")
        page.get_by_role("link", name="Open the editor").click()
        words = page.locator(".rule-words")
        expect(words).to_contain_text("On create and edit")
        expect(words).to_contain_text("Urgency is Urgent")
        expect(words).to_contain_text("set Requested service to Marked")
        self.shot(page, "rule")
        self.assert_accessible(page, "rule")
        # One more condition, found by typing its name.
        group = page.get_by_role("group", name="Apply on")
        group.get_by_role("button", name="Add a condition").click()
        field = group.get_by_label("Condition 2, field")
        field.fill("Specialty")
        field.press("Tab")
        group.get_by_label("Condition 2, comparison").select_option(label="is set")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("Saved")
        expect(words).to_contain_text("Specialty is set")
        # Tried on one that meets it and on one that does not; nothing is changed by it.
        for urgency, said in {"urgent": "It would run on", "routine": "It would not run on"}.items():
            row = self.call(page, "search", {"model": "care.referral", "domain": [["urgency", "=", urgency], ["specialty_id", "!=", False], ["stage", "not in", ["completed", "closed"]]], "fields": ["requested_service"], "limit": 1})["rows"][0]
            box = page.get_by_role("combobox", name="Record", exact=True)
            box.click()
            box.fill("")
            box.press_sequentially(row["display_name"].split(" ")[0])
            page.locator("#try-on-list [role=option]", has_text=row["display_name"].split(" ")[0]).first.click()
            page.get_by_role("button", name="Try it").click()
            expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
            after = self.call(page, "search", {"model": "care.referral", "domain": [["id", "=", row["id"]]], "fields": ["requested_service"]})["rows"][0]
            self.assertEqual(after["requested_service"], row["requested_service"])
            self.shot(page, f"rule-tried-{urgency}")
        frame = page.locator(".release")
        frame.get_by_role("button", name="Check", exact=True).click()
        expect(frame).to_contain_text("No problem was found")
        frame.get_by_role("button", name="Simulate").click()
        page.get_by_role("dialog").get_by_role("button", name="Simulate").click()
        expect(frame.locator(".simulation")).to_contain_text("would have been different", timeout=90_000)
        self.shot(page, "rule-simulated")
        self.assert_accessible(page, "rule, simulated")
        frame.get_by_role("button", name="Submit for review").click()
        expect(frame.locator(".path .now")).to_contain_text("In review")
        expect(frame.get_by_role("button", name="Release")).to_have_count(0)
        other = self.page("judge", f"/app/rule/{rule}")
        other.locator(".release").get_by_role("button", name="Release").click()
        other.get_by_role("dialog", name="Release").get_by_role("button", name="Release").click()
        expect(other.locator(".release .path .now")).to_contain_text("In force")

    def test_on_a_phone_and_in_the_dark(self):
        """the rule's screen fits a phone and the dark"""
        admin = self.page("admin", "/app/users/list")
        admin.locator("main h1").wait_for()
        rule = self.made(admin)
        for name, options in {"phone": browser.PHONE, "dark": {"color_scheme": "dark"}}.items():
            with self.subTest(name):
                page = self.page("admin", f"/app/rule/{rule}", **options)
                expect(page.locator(".rule-words")).to_contain_text("Urgency is Urgent")
                page.locator(".record-body").wait_for()
                self.shot(page, f"rule-{name}")
                self.assert_accessible(page, f"rule, {name}")
                self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
                page.context.close()
