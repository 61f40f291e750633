"""Runs the suites of this folder, three modules side by side, each pair of hands with a served demo database of its own, and prints a closing line.

Exit code: 0 when everything passed, 1 when a test failed, 2 when a server did not come up.
"""

import io
import json
import os
import pathlib
import queue
import subprocess
import sys
import threading
import time
import unittest

import harness
import suites
from postgres import Postgres
from smtp_double import SMTP

HERE = pathlib.Path(__file__).resolve().parent
# What takes longest begins first, so that no pair of hands waits for the other at the end.
LONGEST = ["test_nodes", "test_backup", "test_doctor", "test_documents", "test_command", "test_packaging", "test_bad_input", "test_automation"]
NOT_SERVING = 2


class House:
    """The served demo database with what it needs beside it."""

    def __enter__(self):
        self.smtp = SMTP().wait()
        self.postgres = Postgres(harness.free_port()).start() if os.environ.get("BATON_STORE") == "postgres" else None
        environment = {"BATON_DATABASE": self.postgres.address} if self.postgres else None
        try:
            harness.shared = harness.Server(smtp=self.smtp, environment=environment).start()
        except harness.NotServing:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.stopped = harness.shared.stop()
        self.end()

    def end(self):
        self.smtp.stop()
        if self.postgres:
            self.postgres.stop()


def run(name, stream):
    """Runs one module, suite or test; gives how many ran, failed and were skipped."""
    result = unittest.TextTestRunner(verbosity=2, stream=stream, resultclass=suites.SentenceResult).run(unittest.TestLoader().loadTestsFromName(name))
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    return {"ran": result.testsRun, "failed": failed, "skipped": len(result.skipped)}


def hands():
    """Runs the names that come by lines on standard input, answers each with a line of JSON, and stops the server at the end of the input."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        with House() as house:
            for name in map(str.strip, sys.stdin):
                text, began = io.StringIO(), time.monotonic()
                counts = run(name, text)
                counts.update(name=name, text=text.getvalue(), seconds=time.monotonic() - began)
                print(json.dumps(counts), file=answers, flush=True)
    except harness.NotServing as error:
        print(f"client tests: {error}", file=sys.stderr)
        return NOT_SERVING
    if not house.stopped:
        print("the server had to be killed: it did not stop within its time", file=sys.stderr)
    log = harness.shared.log_tail()
    print(json.dumps({"ran": 0, "failed": 0 if house.stopped else 1, "skipped": 0, "log": log}), file=answers, flush=True)
    harness.shared.forget()
    return 0


class Run:
    """All the names, given out to pairs of hands one at a time."""

    def __init__(self, names):
        self.waiting, self.reports, self.lock, self.codes = queue.SimpleQueue(), [], threading.Lock(), []
        for name in names:
            self.waiting.put(name)

    def give_out(self):
        """Starts a pair of hands and gives it work until there is none."""
        child = subprocess.Popen([sys.executable, str(HERE / "runner.py"), "--hands"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while True:
            try:
                name = self.waiting.get_nowait()
                child.stdin.write(name + "\n")
                child.stdin.flush()
            except (queue.Empty, BrokenPipeError):
                break
            if not self.take(child.stdout.readline(), name):
                break
        child.stdin.close()
        self.take(child.stdout.readline(), None)
        self.codes.append(child.wait())

    def take(self, line, name):
        """Shows what a pair of hands reported; False when it went away in the middle."""
        if not line:
            if name:
                self.reports.append({"ran": 0, "failed": 1, "skipped": 0, "log": f"(the process went away during {name})"})
            return False
        report = json.loads(line)
        with self.lock:
            self.reports.append(report)
            if name:
                print(f"== {name}, {report['seconds']:.0f} s\n{report['text']}", end="", flush=True)
        return True

    def sum(self, key):
        return sum(report[key] for report in self.reports)


def modules():
    """Every module of tests, the longest first."""
    names = sorted(path.stem for path in HERE.glob("test_*.py"))
    return [name for name in LONGEST if name in names] + [name for name in names if name not in LONGEST]


def main(names):
    started = time.monotonic()
    names = names or modules()
    jobs = min(len(names), int(os.environ.get("CLIENT_JOBS") or 3))
    run = Run(names)
    threads = [threading.Thread(target=run.give_out) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if NOT_SERVING in run.codes:
        return NOT_SERVING
    failed = run.sum("failed")
    if failed:
        for report in run.reports:
            if "log" in report:
                print(f"---- the end of a server's log ----\n{report['log']}")
    skipped = f", {run.sum('skipped')} skipped" if run.sum("skipped") else ""
    print(f"client tests: {run.sum('ran') - run.sum('skipped') - failed} passed, {failed} failed{skipped} in {time.monotonic() - started:.0f} s")
    return 1 if failed or not run.sum("ran") else 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(hands() if sys.argv[1:] == ["--hands"] else main(sys.argv[1:]))
