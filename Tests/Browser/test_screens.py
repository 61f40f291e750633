"""Every screen in light, in dark and on a phone: no rule of axe broken, no sideways scrolling, a screenshot of each."""

import browser
from playwright.sync_api import expect

SCREENS = {
    "inbox": ("coordinator", "/app/inbox", ".inbox-item"),
    "list": ("coordinator", "/app/referrals/list", ".gridrow.active"),
    "groups": ("coordinator", "/app/referrals/list?group=stage", ".gridrow.header"),
    "patients": ("coordinator", "/app/patients/list", ".gridrow.active"),
    "exceptions": ("manager", "/app/exceptions/list", ".grid"),
    "activities": ("coordinator", "/app/referrals/activity?filter=open", ".activity-table tbody tr"),
    "dashboard": ("manager", "/app/dashboard", ".tile"),
    "users": ("admin", "/app/users/list", ".gridrow.active"),
    "roles": ("admin", "/app/roles/list", ".gridrow.active"),
    "teams": ("admin", "/app/teams/list", ".grid"),
    "rules": ("admin", "/app/rules/list", ".grid"),
    "versions": ("admin", "/app/versions/list", ".grid, .empty"),
    "audit": ("admin", "/app/audit", ".audit-table tbody tr"),
}
MODES = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": browser.PHONE}


class Screens(browser.Case):
    def test_every_screen_in_every_mode(self):
        """every screen is accessible in light, dark and on a phone, and fits its width"""
        for mode, options in MODES.items():
            for name, (login, path, ready) in SCREENS.items():
                with self.subTest(f"{name}, {mode}"):
                    page = self.page(login, path, **options)
                    page.locator(ready).first.wait_for()
                    self.shot(page, f"{name}-{mode}")
                    self.assert_accessible(page, f"{name}, {mode}")
                    self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"), "scrolls sideways")
                    page.context.close()

    def test_a_record_in_every_mode(self):
        """a record with its panel is accessible in light, dark and on a phone"""
        for mode, options in MODES.items():
            with self.subTest(mode):
                page = self.page("coordinator", "/app/referrals/list?filter=incomplete", **options)
                page.locator(".gridbody .gridrow").first.click()
                expect(page.locator(".record h2")).to_contain_text("REF/")
                page.locator(".timeline").wait_for(state="attached")
                self.shot(page, f"record-{mode}")
                self.assert_accessible(page, f"record, {mode}")
                self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"), "scrolls sideways")
                page.context.close()

    def test_small_and_large(self):
        """the desk fits 320 pixels"""
        page = self.page("coordinator", "/app/referrals/list", viewport={"width": 320, "height": 640})
        page.locator(".gridrow.active").wait_for()
        self.assertFalse(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))
        self.shot(page, "list-320")
