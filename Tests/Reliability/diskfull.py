"""A full disk under load, on SQLite: a small tmpfs fills up, is held full, and gets room again. Prints one line of figures; exit code 1 on a miss.

Usage: diskfull.py [--hold 20] [--start 24] [--room 64]
Needs the right to mount (root). While the disk is full: every read is served, every write is refused with `store.full` and nothing else, /health
says yes, /ready says no, nothing is acknowledged that is not kept. With room again writing begins by itself, everything acknowledged is there
once, SQLite's own check and the audit trail are whole. Control: the same check must find a record missing that was never written.
"""

import argparse
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Clients"))

import harness  # noqa: E402


class Writers:
    """Clients that write all the time and count what they are answered."""

    def __init__(self, server, count):
        self.server, self.going, self.lock = server, True, threading.Lock()
        self.acknowledged, self.full, self.other, self.uid = [], 0, [], server.login()
        self.threads = [threading.Thread(target=self.write, args=(number,), daemon=True) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def write(self, number):
        turn = 0
        while self.going:
            turn += 1
            name = f"disk {number} {turn} " + "x" * 200
            try:
                self.server.rpc("object", "execute_kw", harness.DATABASE, self.uid, harness.PASSWORD, "res.partner", "create", [{"name": name}], {})
                with self.lock:
                    self.acknowledged.append(name)
            except harness.RPCFault as fault:
                with self.lock:
                    if "store.full" in json.dumps(fault.error) or "no room left" in json.dumps(fault.error):
                        self.full += 1
                    else:
                        self.other.append(str(fault)[:200])
                time.sleep(0.02)
            except OSError as error:
                with self.lock:
                    self.other.append(repr(error)[:200])
                time.sleep(0.1)

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join(30)


def missing(server, names):
    """Names that are not there exactly once."""
    rows = server.search_read("res.partner", [["name", "=like", "disk %"]], ["name"], limit=1_000_000)
    found = {}
    for row in rows:
        found[row["name"]] = found.get(row["name"], 0) + 1
    return [name for name in names if found.get(name) != 1]


def run(options, mount):
    def size(mebibytes, how="remount,"):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"{how}size={mebibytes}m", "tmpfs", str(mount)], check=True)

    problems, began = [], time.monotonic()
    size(options.start, "")
    server = harness.Server(data=mount / "data", demo=False).start()
    writers = Writers(server, 4)
    while writers.full == 0 and time.monotonic() - began < 300:
        time.sleep(0.1)
    if writers.full == 0:
        problems.append("the disk did not fill up")
    filled, reads, slowest = time.monotonic(), 0, 0.0
    acknowledged_when_full = len(writers.acknowledged)
    while time.monotonic() - filled < options.hold:
        start = time.monotonic()
        try:
            if not server.search_read("res.users", [], ["login"], limit=1):
                problems.append("a read gave nothing")
        except (harness.RPCFault, OSError) as error:
            problems.append(f"a read failed while the disk was full: {error}")
        reads, slowest = reads + 1, max(slowest, time.monotonic() - start)
        time.sleep(0.1)
    health, ready = server.get("/health")[0], server.get("/ready")
    if health != 200:
        problems.append(f"/health answered {health}")
    if ready[0] != 503 or json.loads(ready[2]).get("database") != "store.full":
        problems.append(f"/ready answered {ready[0]} {ready[2]!r}")
    refused, while_full = writers.full, len(writers.acknowledged) - acknowledged_when_full
    size(options.room)
    freed, before = time.monotonic(), len(writers.acknowledged)
    while len(writers.acknowledged) == before and time.monotonic() - freed < 30:
        time.sleep(0.02)
    recovery = time.monotonic() - freed
    if recovery > 5:
        problems.append(f"writing began again after {recovery:.1f} s only")
    time.sleep(6)
    if server.get("/ready")[0] != 200:
        problems.append("/ready says no although there is room")
    writers.stop()
    problems += [f"another answer than store.full: {text}" for text in dict.fromkeys(writers.other)]
    lost = missing(server, writers.acknowledged)
    if lost:
        problems.append(f"{len(lost)} acknowledged writes are not there once: {lost[:3]}")
    if not missing(server, ["disk that nobody wrote"]):
        problems.append("the control found a record that was never written")
    server.stop()
    with sqlite3.connect(server.data / "baton.sqlite") as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    audit = subprocess.run([str(harness.binary()), "audit", "verify", "--data", str(server.data)], capture_output=True, text=True)
    if verdict != "ok" or audit.returncode != 0:
        problems.append(f"integrity {verdict}, audit {audit.returncode}: {audit.stdout[-300:]}")
    print(
        f"diskfull: {len(writers.acknowledged)} acknowledged ({while_full} in gaps while full), {len(lost)} lost, {refused} refused with store.full, "
        f"{len(writers.other)} otherwise, {reads} reads served (slowest {slowest:.2f} s), writing again after {recovery:.2f} s, "
        f"integrity {verdict}, audit {'verified' if audit.returncode == 0 else 'broken'}, {time.monotonic() - began:.0f} s: "
        f"{'MISSED' if problems else 'met'}")
    for line in dict.fromkeys(problems):
        print("  " + line)
    if problems:
        print(server.log_tail(20))
    server.kill()
    return 1 if problems else 0


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hold", type=float, default=20)
    options.add_argument("--start", type=int, default=24)
    options.add_argument("--room", type=int, default=64)
    options = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("diskfull: only root may mount a disk of its own.")
    with tempfile.TemporaryDirectory(prefix="baton-full-") as folder:
        mount = pathlib.Path(folder) / "disk"
        mount.mkdir()
        try:
            return run(options, mount)
        finally:
            subprocess.run(["umount", "-l", str(mount)], capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
