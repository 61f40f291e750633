"""Fields that hold code: an editor where set-up brought it, a plain field where it did not; and icons, with and without their picture."""

import re

import browser
from playwright.sync_api import expect

SCRIPT = "for (const record of records) {\n  record.write({ name: 'late' })\n}"


class Parts(browser.Case):
    def without_parts(self, page):
        """The page as it is where set-up found none of the other packages."""
        def answer(route):
            if route.request.resource_type != "document":
                return route.continue_()
            response = route.fetch()
            route.fulfill(response=response, body=re.sub('data-parts="[^"]*"', 'data-parts=""', response.text()))
        page.route("**/app**", answer)

    def model(self, page):
        return self.call(page, "search", {"model": "ir.model", "domain": [["model", "=", "care.referral"]], "fields": []})["rows"][0]["id"]

    def script(self, page, name):
        return self.call(page, "save", {"model": "ir.actions.server", "values": {
            "name": name, "model_id": self.model(page), "state": "code", "code": SCRIPT}})["id"]

    def kept(self, page, model, identifier, field):
        return self.call(page, "search", {"model": model, "domain": [["id", "=", identifier]], "fields": [field]})["rows"][0][field]


class Code(Parts):
    def test_a_script_is_edited_with_the_keyboard_alone(self):
        """a script has line numbers and colours, its label names it, Tab indents, Esc and Tab leave it, and Ctrl Enter saves it"""
        page = self.page("admin", "/app/me")
        page.locator("main h1").wait_for()
        identifier = self.script(page, "Late ones")
        page.goto(f"{browser.server.url}/app/actions/list?record={identifier}")
        code = page.get_by_role("textbox", name="Code", exact=True)
        code.scroll_into_view_if_needed()
        expect(page.locator(".CodeMirror-linenumber").first).to_have_text("1")
        expect(page.locator(".cm-keyword").first).to_have_text("for")
        expect(code).to_have_attribute("aria-multiline", "true")
        expect(page.locator("#field-code-keys")).to_contain_text("Esc and then Tab leaves the field")
        self.assertIn("field-code-keys", code.get_attribute("aria-describedby"))
        self.shot(page, "code")
        self.assert_accessible(page, "a script")
        page.locator("label[for=field-code]").click()
        # Its name says that it was changed, once it was.
        code = page.locator("#field-code")
        expect(code).to_be_focused()
        page.keyboard.press("Control+End")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("done()")
        expect(code).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(code).not_to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(code).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+Tab")
        expect(code).not_to_be_focused()
        expect(page.locator(".record h2")).to_be_visible()
        code.focus()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast")).to_contain_text("Saved")
        self.assertEqual(self.kept(page, "ir.actions.server", identifier, "code"), SCRIPT + "\n  done()")
        # What is thrown away stands there no longer.
        code.focus()
        page.keyboard.type("nonsense")
        page.get_by_role("button", name="Discard").click()
        expect(code).not_to_contain_text("nonsense")

    def test_code_in_the_dark_and_from_right_to_left(self):
        """code is legible in the dark, and runs from left to right where the page runs the other way"""
        page = self.page("admin", "/app/me", color_scheme="dark")
        page.locator("main h1").wait_for()
        identifier = self.script(page, "In the dark")
        page.goto(f"{browser.server.url}/app/actions/list?record={identifier}")
        page.get_by_role("textbox", name="Code", exact=True).scroll_into_view_if_needed()
        page.locator(".cm-keyword").first.wait_for()
        self.shot(page, "code-dark")
        self.assert_accessible(page, "a script in the dark")
        page.evaluate("() => { document.documentElement.dir = 'rtl' }")
        gutter, line = page.locator(".CodeMirror-linenumber").first.bounding_box(), page.locator(".CodeMirror-line").first.bounding_box()
        self.assertLess(gutter["x"], line["x"] + 1)
        self.assertEqual(page.evaluate("() => getComputedStyle(document.querySelector('.CodeMirror-line')).direction"), "ltr")
        self.shot(page, "code-rtl")

    def test_the_body_of_a_mail_keeps_its_markup(self):
        """the body of a mail template is edited as the markup that it is, and keeps what nobody touched"""
        page = self.page("admin", "/app/me")
        page.locator("main h1").wait_for()
        identifier = self.call(page, "save", {"model": "mail.template", "values": {
            "name": "Kind words", "model_id": self.model(page), "subject": "About you", "body_html": "<p>Dear <b>{{ object.name }}</b></p>"}})["id"]
        page.goto(f"{browser.server.url}/app/templates/list?record={identifier}")
        body = page.get_by_role("textbox", name="Body")
        page.locator(".cm-tag").first.wait_for()
        body.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("<p>Yours</p>")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("Saved")
        self.assertEqual(self.kept(page, "mail.template", identifier, "body_html"), "<p>Dear <b>{{ object.name }}</b></p><p>Yours</p>")

    def test_without_the_editor_code_is_edited_in_a_plain_field(self):
        """where set-up did not bring the editor, code stands in a plain field and is saved as well"""
        page = self.page("admin", "/app/me")
        page.locator("main h1").wait_for()
        identifier = self.script(page, "Plain")
        self.without_parts(page)
        page.goto(f"{browser.server.url}/app/actions/list?record={identifier}")
        code = page.get_by_label("Code", exact=True)
        code.scroll_into_view_if_needed()
        self.assertEqual(code.evaluate("(e) => e.tagName"), "TEXTAREA")
        code.fill("done()")
        page.wait_for_timeout(300)
        expect(page.locator(".CodeMirror")).to_have_count(0)
        self.shot(page, "code-plain")
        self.assert_accessible(page, "a script without the editor")
        code.press("Control+Enter")
        expect(page.locator(".toast")).to_contain_text("Saved")
        self.assertEqual(self.kept(page, "ir.actions.server", identifier, "code"), "done()")


class Icons(Parts):
    def test_every_icon_that_is_shown_is_in_the_picture(self):
        """every icon that screens show is drawn in the one picture of all"""
        page = self.page("admin", "/app/referrals/list")
        page.locator(".gridrow.active").wait_for()
        drawn = page.evaluate("""async () => {
            const answer = await fetch(`${document.documentElement.dataset.base}/vendor/icons.svg`)
            return [...(await answer.text()).matchAll(/<symbol id="([^"]+)"/g)].map((found) => found[1])
        }""")
        self.assertGreater(len(drawn), 40)
        shown = set()
        for path, ready in {
            "referrals/list?record=1": ".record-body", "inbox": ".inbox-item, .empty", "approvals": "h1", "dashboard": ".tile", "users/list": "h1", "me": "form", "audit": "table",
        }.items():
            page.goto(f"{browser.server.url}/app/{path}")
            page.locator(ready).first.wait_for()
            shown |= set(page.evaluate("() => [...document.querySelectorAll('.icon[data-icon]')].map((each) => each.dataset.icon)"))
        self.assertGreater(len(shown), 20)
        self.assertEqual(shown - set(drawn), set())

    def test_without_icons_words_say_what_buttons_do(self):
        """where set-up did not bring the icons, words stand where they would, and nothing is asked for that is not there"""
        for name, options in {"desk": {}, "phone": browser.PHONE}.items():
            with self.subTest(name):
                page = self.page("coordinator", "/health", **options)
                self.allowed = ["favicon.ico"]
                self.without_parts(page)
                page.goto(f"{browser.server.url}/app/referrals/list")
                page.locator(".gridrow.active").wait_for()
                self.assertEqual(page.locator(".icon[data-icon], .icon use").count(), 0)
                words = page.evaluate("() => { const e = document.querySelector('[aria-label=\"Switch dark mode\"]'); return [getComputedStyle(e, '::before').content, e.offsetWidth] }")
                self.assertIn("Switch dark mode", words[0])
                self.shot(page, f"no-icons-{name}")
                self.assert_accessible(page, f"a list without icons, {name}")
                page.context.close()
