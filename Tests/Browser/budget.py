"""What the client costs, by the rows of the budget and by screen; budget.json holds bars and thresholds.

CPU is main-thread time by thread ticks, which is steady on a busy machine; wall time is not, so that it has a bar and no threshold.
"""

import json
import pathlib
import statistics

BUDGET = pathlib.Path(__file__).resolve().parent / "budget.json"
# name: (path, what shows that it is ready)
SCREENS = {
    "inbox": ("inbox", ".inbox-item"), "list": ("referrals/list", ".gridrow.active"), "groups": ("referrals/list?group=stage", ".gridrow.header"),
    "board": ("referrals/board", ".card"), "calendar": ("referrals/calendar", ".month, .calendar, [role=grid]"),
    "pivot": ("referrals/pivot", "table"), "graph": ("referrals/graph", "svg.chart, .chart"),
    "approvals": ("approvals", "article"), "dashboard": ("dashboard", ".tile"), "settings": ("me", "form"),
}
LINES = {"10 Mbps": (10e6 / 8, 40), "1.6 Mbps": (1.6e6 / 8, 150)}
# What a page notes of itself: when rows first stood there, shifts of the layout, long tasks, keys and clicks to the next paint.
WATCH = """
  window.budget = { rows: 0, shift: 0, longest: 0, presses: [] }
  const see = (kind, use, more) => new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type: kind, buffered: true, ...more })
  see('layout-shift', (entry) => { if (!entry.hadRecentInput) budget.shift += entry.value })
  see('longtask', (entry) => { budget.longest = Math.max(budget.longest, entry.duration) })
  see('event', (entry) => { if (entry.interactionId) budget.presses.push(entry.duration) }, { durationThreshold: 16 })
  const look = () => { if (document.querySelector('.gridrow.active')) budget.rows = performance.now(); else requestAnimationFrame(look) }
  requestAnimationFrame(look)
"""


class Meter:
    """Counts what a page sends, receives and computes."""

    SENT = """() => [performance.timeOrigin, ...['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
        .reduce(([bytes, count], entry) => [bytes + entry.transferSize, count + (entry.transferSize > 0)], [0, 0])]"""

    def __init__(self, page):
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _metrics(self):
        return {line["name"]: line["value"] for line in self.session.send("Performance.getMetrics")["metrics"]}

    def cpu(self, step):
        """Main-thread milliseconds of a step on one page."""
        before = self._metrics().get("TaskDuration", 0)
        step()
        return (self._metrics().get("TaskDuration", 0) - before) * 1000

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


class Morning:
    """Goes through the client with a fresh browser for each figure; `open_page(login, path)` makes a page that is signed in."""

    def __init__(self, address, open_page, axe):
        self.address, self.open_page, self.axe = address + "/app/", open_page, axe

    def _fresh(self, watch=False):
        page = self.open_page()
        if watch:
            page.add_init_script(WATCH)
        return page, Meter(page)

    def _visit(self, page, path, ready):
        page.goto(self.address + path)
        page.locator(ready).first.wait_for()

    def screens(self):
        """Bytes, requests, time, heap and nodes of each screen, opened first thing in the morning."""
        found = {}
        for name, (path, ready) in SCREENS.items():
            page, meter = self._fresh()
            found[name] = meter.measure(lambda: self._visit(page, path, ready))
            page.context.close()
        page, meter = self._fresh()
        self._visit(page, "referrals/list", ".gridrow.active")
        found["record beside the list"] = meter.measure(lambda: self._open_record(page))
        page.context.close()
        return found

    def _open_record(self, page):
        page.locator(".gridbody .gridrow").nth(2).click()
        page.locator(".record h2", has_text="REF/").wait_for()
        page.locator(".timeline").wait_for(state="attached")

    def rows(self):
        """The rows of the budget: name to figure."""
        return {**self._opening(), **self._slow_lines(), **self._working()}

    def _opening(self):
        page, meter = self._fresh(watch=True)
        first = meter.measure(lambda: self._visit(page, "referrals/list", ".gridrow.active"))
        seen = page.evaluate("() => budget.rows")
        broken = self.axe(page)
        again = meter.measure(lambda: self._visit(page, "referrals/list", ".gridrow.active"))
        shift, longest = page.evaluate("() => [budget.shift, budget.longest]")
        rest = [meter.measure(lambda: self._visit(page, *SCREENS[name]))["kilobytes"] for name in ("board", "calendar", "pivot")]
        page.context.close()
        return {
            "first list, KB sent": first["kilobytes"], "list again, KB sent": again["kilobytes"],
            "four views, KB sent": first["kilobytes"] + sum(rest), "first list, requests": first["requests"],
            "first list, CPU ms": first["cpu_ms"], "rows visible, ms": seen, "heap, MB": first["heap_mb"], "list, elements": first["nodes"],
            "axe rules failed": broken, "layout shift": shift, "longest task, ms": longest,
        }

    def _slow_lines(self):
        found = {}
        for name, (bytes_a_second, delay) in LINES.items():
            page, meter = self._fresh(watch=True)
            meter.session.send("Network.enable")
            meter.session.send("Network.emulateNetworkConditions", {
                "offline": False, "latency": delay, "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second})
            meter.session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            self._visit(page, "referrals/list", ".gridrow.active")
            found[f"rows visible, {name}, ms"] = page.evaluate("() => budget.rows")
            page.context.close()
        return found

    def _working(self):
        page, meter = self._fresh(watch=True)
        self._visit(page, "patients/list", ".gridrow.active")
        page.wait_for_timeout(500)
        frames = 60
        scroll = meter.cpu(lambda: page.evaluate("""(frames) => new Promise((done) => {
            const grid = document.querySelector('.grid')
            const step = () => { grid.scrollTop += 40; if (--frames) requestAnimationFrame(step); else requestAnimationFrame(() => done(0)) }
            step()
        })""", frames)) / frames
        self._visit(page, "referrals/list", ".gridrow.active")
        page.get_by_role("grid").focus()
        page.evaluate("() => { budget.presses.length = 0 }")
        presses = 40
        for _ in range(presses):
            page.keyboard.press("ArrowDown")
        page.wait_for_timeout(400)
        noted = page.evaluate("() => budget.presses")
        # Presses under 16 ms are not noted.
        durations = sorted(noted + [16] * max(0, presses - len(noted)))
        # The panel's module is there after the first record, as on any day but for its first minute.
        self._open_record(page)
        page.keyboard.press("Escape")
        page.wait_for_timeout(400)
        page.evaluate("""() => addEventListener('click', () => {
            const begun = performance.now()
            const look = () => {
                if (document.querySelector('.record h2')?.textContent.includes('REF/')) requestAnimationFrame(() => (budget.opened = performance.now() - begun))
                else requestAnimationFrame(look)
            }
            look()
        }, { capture: true, once: true })""")
        opened = meter.cpu(lambda: self._open_record(page))
        painted = page.evaluate("() => budget.opened")
        page.keyboard.press("Escape")
        page.wait_for_timeout(400)
        board = meter.cpu(lambda: page.get_by_role("link", name="Board", exact=True).click() or page.locator(".card").first.wait_for())
        page.context.close()
        return {
            "scrolled frame, CPU ms": scroll, "arrow key to paint p95, ms": statistics.quantiles(durations, n=20)[18],
            "open record, CPU ms": opened, "open record to paint, ms": painted, "list to board, CPU ms": board,
        }


def table(rows, screens):
    """The figures as lines of text: each with its bar, whether it is met, and its threshold."""
    budget = json.loads(BUDGET.read_text())
    yield "what".ljust(34) + "figure".rjust(10) + "bar".rjust(10) + "  met" + "threshold".rjust(12)
    for name, figure in rows.items():
        line = budget["rows"].get(name, {})
        bar, limit = line.get("bar"), line.get("threshold")
        met = "" if bar is None else "yes" if figure <= bar else "NO"
        yield name.ljust(34) + f"{figure:10.2f}" + f"{'' if bar is None else bar:>10}" + f"  {met:3}" + f"{'' if limit is None else limit:>12}"
    yield ""
    columns = ["kilobytes", "requests", "cpu_ms", "heap_mb", "nodes"]
    yield "screen".ljust(34) + "".join(name.rjust(11) for name in columns)
    for name, cost in screens.items():
        yield name.ljust(34) + "".join(f"{cost[column]:11.1f}" for column in columns)


def over(rows, screens):
    """What is worse than its threshold."""
    budget = json.loads(BUDGET.read_text())
    wrong = [
        f"{name}: {figure:.2f} over {budget['rows'][name]['threshold']}" for name, figure in rows.items()
        if budget["rows"].get(name, {}).get("threshold") is not None and figure > budget["rows"][name]["threshold"]]
    for screen, cost in screens.items():
        for name, limit in budget["screens"].get(screen, {}).items():
            if cost[name] > limit:
                wrong.append(f"{screen}: {name} {cost[name]:.1f} over {limit}")
    return wrong


def renew(rows, screens):
    """Stores thresholds at 1.3 times the figures; bars stay, and what has no threshold on purpose gets none."""
    budget = json.loads(BUDGET.read_text())
    for name, line in budget["rows"].items():
        # A threshold that is the bar itself is no measured one.
        if line.get("threshold") not in (None, line["bar"]) and name in rows:
            line["threshold"] = rounded(rows[name])
    budget["screens"] = {screen: {name: rounded(figure) for name, figure in cost.items()} for screen, cost in screens.items()}
    lines = [f'  "note": {json.dumps(budget["note"])},\n  "rows": {{']
    lines.append(",\n".join(f"    {json.dumps(name)}: {json.dumps(line)}" for name, line in budget["rows"].items()) + "\n  },")
    lines.append('  "screens": {\n' + ",\n".join(f"    {json.dumps(name)}: {json.dumps(cost)}" for name, cost in budget["screens"].items()) + "\n  }")
    BUDGET.write_text("{\n" + "\n".join(lines) + "\n}\n")


def rounded(figure):
    limit = figure * 1.3
    return round(limit, 2) if limit < 10 else int(limit + 1)
