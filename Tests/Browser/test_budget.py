"""What the client costs as it is released, held against budget.json, and lists of any length."""

import os

import browser
import budget
import bundle
from playwright.sync_api import expect


class Budget(browser.Case):
    def test_a_morning_stays_within_its_budget(self):
        """bytes, requests, time, heap and elements of every screen stay within what is stored, with the client as it is released"""
        self.allowed = ["favicon.ico"]
        with bundle.served() as server:
            morning = budget.Morning(server.url, lambda: self.page("manager", "/health", on=server), lambda page: len(self.broken_rules(page)))
            rows, screens = morning.rows(), morning.screens()
        lines = "\n".join(budget.table(rows, screens))
        print("\n" + lines)
        (browser.SHOTS / "budget.txt").write_text(lines + "\n")
        if os.environ.get("BATON_RENEW"):
            budget.renew(rows, screens)
        self.assertEqual(budget.over(rows, screens), [])


class LongLists(browser.Case):
    def test_a_hundred_thousand_rows(self):
        """a list of a hundred thousand rows holds a screenful of elements, jumps to its end, and reads only what it shows"""
        page = self.page("manager", "/app/patients/list")
        page.locator(".gridrow.active").wait_for()
        asked = []

        def answer(route):
            body = route.request.post_data_json
            response = route.fetch()
            real = response.json()
            offset = body.get("offset", 0)
            asked.append(offset)
            row = real["rows"][0] if real.get("rows") else self.sample
            self.sample = row
            rows = [{**row, "id": offset + place + 1, "name": f"Row {offset + place}"} for place in range(min(100, 100_000 - offset))]
            route.fulfill(response=response, json={**real, "total": 100_000, "rows": rows})

        page.route("**/app/api/search", answer)
        page.reload()
        expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "100001")
        page.get_by_role("grid").focus()
        page.keyboard.press("End")
        expect(page.locator(".gridrow.active")).to_contain_text("Row 99999")
        page.keyboard.press("PageUp")
        expect(page.locator(".gridrow.active")).to_contain_text("Row 999")
        self.assertLess(page.evaluate("() => document.querySelectorAll('*').length"), 1_000)
        self.assertLess(len(asked), 8)
