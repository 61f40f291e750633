"""Every screen looks as it did: in light, in dark, compact from right to left, and on a phone."""

import os

import browser
import looks
import test_reading
from playwright.sync_api import expect

# name: (login, path, what shows that it is ready, what changes from day to day)
SCREENS = {
    "sign in": (None, "/app", "#login", ()),
    "inbox": ("coordinator", "/app/inbox", ".inbox-item", (".inbox-open", ".inbox-due")),
    "list": ("coordinator", "/app/referrals/list", ".gridrow.active", (".gridbody .chip",)),
    "record": ("coordinator", "/app/referrals/list?filter=incomplete", ".gridrow.active", (".gridbody .chip", ".timeline", ".rail")),
    "board": ("coordinator", "/app/referrals/board", ".card", (".card .chip",)),
    "calendar": ("coordinator", "/app/referrals/calendar", "h1", (".split-main",)),
    "pivot": ("coordinator", "/app/referrals/pivot", "table", ()),
    "graph": ("coordinator", "/app/referrals/graph", "svg", (".split-main svg",)),
    "approvals": ("manager", "/app/approvals", "article", ()),
    "dashboard": ("manager", "/app/dashboard", ".tile", (".main svg",)),
    "settings": ("coordinator", "/app/me", "form", ()),
    "patients": ("coordinator", "/app/patients/list", ".gridrow.active", ()),
    "exceptions": ("manager", "/app/exceptions/list", ".grid", (".gridbody .chip",)),
    "audit": ("admin", "/app/audit", "table", ("tbody",)),
}
# The screen of a document that was really read: after all others, as a fax that comes changes lists.
DOCUMENT = ("coordinator", "/app/document/{fax}", ".read-box", ())
MODES = {
    "light": {}, "dark": {"color_scheme": "dark"}, "right to left": {}, "phone": browser.PHONE,
}
# What says when something was, whatever the screen.
DATED = "time, .when, .clock, .live"


class Looks(test_reading.Arriving, browser.Case):
    def test_a_broken_layout_is_seen_and_another_font_is_not(self):
        """the comparison sees a navigation that is gone and a list that lost its width, and does not mind another font"""
        self.allowed = ["favicon.ico"]
        page = self.page("coordinator", "/app/referrals/list")
        page.locator(".gridrow.active").wait_for()
        blank = self.blank()
        before = looks.grid(blank, page.screenshot(animations="disabled"))

        def share(change):
            """How much differs after a change of the page, which is then taken back."""
            page.evaluate(f"() => {{ {change} }}")
            return looks.difference(before, looks.grid(blank, page.screenshot(animations="disabled")))[0]

        self.assertEqual(share(""), 0)
        found = {
            "font": share("document.body.style.fontFamily = 'serif'"),
            "navigation": share("document.body.style.fontFamily = ''; document.querySelector('.nav').style.display = 'none'"),
            "width": share("document.querySelector('.nav').style.display = ''; document.querySelector('.main').style.inlineSize = '50%'"),
        }
        self.assertLess(found["font"], looks.SHARE, found)
        self.assertGreater(min(found["navigation"], found["width"]), looks.SHARE, found)

    def test_every_screen_looks_as_it_did(self):
        """every screen in four modes looks as it did, but for what changes from day to day"""
        blank, known, seen = self.blank(), looks.known(), {}
        screens = [(mode, name, screen) for mode in MODES for name, screen in SCREENS.items()]
        for mode, name, screen in screens + [(mode, "document", DOCUMENT) for mode in MODES]:
            login, path, ready, masks = screen
            with self.subTest(f"{name}, {mode}"):
                page = self.open(login, path.format(fax=self.fax() if name == "document" else 0), ready, mode, MODES[mode], name)
                picture = page.screenshot(
                    path=str(browser.SHOTS / f"look-{name}-{mode}.png".replace(" ", "-")), animations="disabled", caret="hide",
                    mask=[page.locator(one) for one in (*masks, DATED)], mask_color="#808080")
                page.context.close()
                key = f"{name}, {mode}"
                seen[key] = looks.grid(blank, picture)
                if os.environ.get("BATON_RENEW"):
                    continue
                self.assertIn(key, known, "it has no reference yet: look at the picture, then BATON_RENEW=1 Tests/Browser/run test_looks")
                share, drawing = looks.difference(known[key], seen[key])
                self.assertLessEqual(share, looks.SHARE, f"{share:.0%} of it differs:\n{drawing}")
        if os.environ.get("BATON_RENEW"):
            looks.keep(seen)

    def blank(self):
        return self.page(path="/health").context.new_page()

    def fax(self):
        """A fax that was read, once for all modes; its id."""
        if not hasattr(self, "known_fax"):
            page = self.page("coordinator", "/health")
            self.known_fax = self.arrived(page, 1)
            page.context.close()
        return self.known_fax

    def open(self, login, path, ready, mode, options, name):
        self.allowed = ["favicon.ico"]
        page = self.page(login, "/health", **options)
        if mode == "right to left":
            page.add_init_script("""document.addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl' })
                try { localStorage.setItem('baton.density', 'compact') } catch {}""")
        page.goto(browser.server.url + path)
        page.locator(ready).first.wait_for()
        if name == "record":
            page.locator(".gridbody .gridrow").first.click()
            expect(page.locator(".record h2")).to_contain_text("REF/")
            page.locator(".timeline").wait_for(state="attached")
        if name == "document":
            page.wait_for_function("() => document.querySelector('.page')?.naturalWidth > 0")
        page.wait_for_timeout(300)
        return page
