"""What the client costs, held against budget.json: bytes, requests, main-thread time, heap and nodes of each step of a morning."""

import json
import pathlib

import browser
from playwright.sync_api import expect

BUDGET = json.loads((pathlib.Path(__file__).resolve().parent / "budget.json").read_text())


class Meter:
    """Counts what a page sends, receives and computes."""

    SENT = """() => [performance.timeOrigin, ...['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
        .reduce(([bytes, count], entry) => [bytes + entry.transferSize, count + (entry.transferSize > 0)], [0, 0])]"""

    def __init__(self, page):
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _metrics(self):
        return {line["name"]: line["value"] for line in self.session.send("Performance.getMetrics")["metrics"]}

    def measure(self, step):
        """What a step costs."""
        page, sent, asked = self.page.evaluate(self.SENT)
        before = self._metrics().get("TaskDuration", 0)
        step()
        self.page.wait_for_timeout(600)
        spent = self._metrics().get("TaskDuration", 0)
        # A navigation may begin a process of its own, which counts from zero.
        cost = (spent - before if spent >= before else spent) * 1000
        now, received, answered = self.page.evaluate(self.SENT)
        if now == page:
            received, answered = received - sent, answered - asked
        self.session.send("HeapProfiler.collectGarbage")
        after = self._metrics()
        return {
            "kilobytes": received / 1000, "requests": answered, "cpu_ms": cost, "heap_mb": after["JSHeapUsedSize"] / 1e6,
            "nodes": self.page.evaluate("() => document.querySelectorAll('*').length"),
        }


class Budget(browser.Case):
    def test_a_morning_stays_within_its_budget(self):
        """the first list, a record, the board and scrolling stay within bytes, requests, time, heap and nodes"""
        self.allowed = ["favicon.ico"]
        page = self.page("manager", "/health")
        meter = Meter(page)
        address = browser.server.url + "/app/referrals/"

        def visit(path, ready):
            page.goto(address + path)
            page.locator(ready).first.wait_for()

        def record():
            page.locator(".gridbody .gridrow").nth(2).click()
            expect(page.locator(".record h2")).to_contain_text("REF/")
            page.locator(".timeline").wait_for(state="attached")

        def scroll():
            page.get_by_role("grid").focus()
            page.keyboard.press("End")
            expect(page.locator(".gridrow.active")).to_contain_text("REF/")

        costs = {"first list": meter.measure(lambda: visit("list", ".gridrow.active"))}
        costs["list again"] = meter.measure(lambda: visit("list", ".gridrow.active"))
        costs["hundred rows further"] = meter.measure(scroll)
        costs["open record"] = meter.measure(record)
        costs["board"] = meter.measure(lambda: page.get_by_role("link", name="Board", exact=True).click() or page.locator(".card").first.wait_for())
        print("\n" + "step".ljust(24) + "".join(name.rjust(12) for name in BUDGET["first list"]))
        for step, cost in costs.items():
            print(step.ljust(24) + "".join(f"{cost[name]:12.0f}" for name in BUDGET[step]))
        over = [f"{step}: {name} {cost[name]:.0f} over {limit}" for step, cost in costs.items() for name, limit in BUDGET[step].items() if cost[name] > limit]
        self.assertEqual(over, [])

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
