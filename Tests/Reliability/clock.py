"""Jumps of the wall clock under load, forwards and backwards, with schedules, webhooks and sessions. Prints one line of figures; exit code 1 on a miss.

Usage: clock.py [--seed N]
The server's wall clock is moved (clockshift.c) and its monotonic one left alone, as a wrong time server does. A schedule of a day
must fire once for each day that begins for the first time, never twice for one that came again, and never early; webhooks arrive once; writes and
logins go on; the audit trail is whole. Control: without a jump the schedule must not fire.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Clients"))

import harness  # noqa: E402
from operations import shifted_clock  # noqa: E402
from webhook_receiver import Receiver  # noqa: E402

DAY = 86_400


class Clock:
    """The server's wall clock: so many seconds beside the machine's."""

    def __init__(self, folder):
        self.environment, self.file = shifted_clock(folder, 0)

    def set(self, offset):
        draft = self.file.with_suffix(".new")
        draft.write_text(str(offset))
        draft.rename(self.file)


def made(server):
    return server.kw("res.partner", "search_count", [[["name", "=", "made by the clock"]]])


def settled(server, wanted, seconds=25):
    """How often the schedule has fired, when it is as often as wanted or time is over; then a moment more for one too many."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and made(server) < wanted:
        time.sleep(0.5)
    time.sleep(6)
    return made(server)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = options.parse_args()
    chance, began, problems = random.Random(options.seed), time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="baton-clock-") as folder:
        clock = Clock(folder)
        # What is released is in force from then on: a clock before that day would take it out of force, as it should.
        clock.set(-400 * DAY)
        server = harness.Server(demo=False, environment=clock.environment).start()
        server.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "webhook.endpoint,ir.cron,ir.actions.server"])
        server.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", "127.0.0.1"])
        receiver = Receiver()
        endpoint = server.kw("webhook.endpoint", "create", [{"name": "clock", "url": receiver.url}])
        receiver.secret = server.kw("webhook.endpoint", "action_rotate_secret", [[endpoint]])["secret"]
        model = server.search_read("ir.model", [["model", "=", "res.partner"]], ["id"])[0]["id"]
        now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + DAY - 3_600))
        server.kw("ir.cron", "create", [{
            "name": "Clock", "model_id": model, "state": "object_create", "crud_model_id": model, "value": "made by the clock", "interval_number": 1,
            "interval_type": "days", "nextcall": now, "user_id": 2}])
        written, sent, expected, rows = 0, 0, 0, []
        # (seconds beside the machine's clock, how often the schedule has fired altogether by then)
        plan = [("stands still", 0, 0), ("an hour back", -3_600, 0), ("a day on", DAY, 1), ("back to now", 0, 1), ("a day on again", DAY + 60, 1),
                ("two days on", 2 * DAY, 2), ("a year back", -365 * DAY, 2), ("thirty days on", 30 * DAY, 3), ("thirty days on still", 30 * DAY + 5, 3)]
        for words, offset, expected in plan:
            clock.set(offset)
            fired = settled(server, expected)
            for _ in range(chance.randrange(3, 8)):
                server.kw("res.partner", "create", [{"name": f"at {words}"}])
                written += 1
            server.kw("webhook.endpoint", "action_send_test", [[endpoint]])
            sent += 1
            arrived = len(receiver.wait(sent, seconds=30))
            rows.append(f"{words}: fired {fired} (expected {expected}), {arrived} of {sent} webhooks")
            if fired != expected:
                problems.append(rows[-1])
            if arrived != sent:
                problems.append(f"{words}: {arrived} of {sent} webhooks arrived")
            if server.get("/ready")[0] != 200:
                problems.append(f"{words}: not ready")
        identities = [headers["webhook-id"] for headers, *_ in receiver.seen]
        if len(set(identities)) != len(identities):
            problems.append("a webhook came twice")
        kept = server.kw("res.partner", "search_count", [[["name", "=like", "at %"]]])
        if kept != written:
            problems.append(f"{kept} of {written} writes are there")
        clock.set(0)
        server.stop()
        audit = subprocess.run([str(harness.binary()), "audit", "verify", "--data", str(server.data)], capture_output=True, text=True)
        if audit.returncode != 0:
            problems.append("audit: " + audit.stdout[-300:])
        print(
            f"clock: {len(plan)} jumps from a year back to thirty days on, schedule fired {fired} times (expected {expected}), {len(identities)} of {sent} "
            f"webhooks once, {kept} of {written} writes, audit {'verified' if audit.returncode == 0 else 'broken'}, seed {options.seed}, "
            f"{time.monotonic() - began:.0f} s: {'MISSED' if problems else 'met'}")
        for line in dict.fromkeys(problems):
            print("  " + line)
        if problems:
            print("\n".join(rows) + "\n" + server.log_tail(20))
        receiver.stop()
        server.forget()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
