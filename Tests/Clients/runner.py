"""Runs the suites of this folder against one served demo database and prints a closing line.

Exit code: 0 when everything passed, 1 when a test failed, 2 when the server did not come up.
"""

import os
import sys
import time
import unittest

import harness
from postgres import Postgres
from smtp_double import SMTP

HERE = os.path.dirname(os.path.abspath(__file__))


class SentenceResult(unittest.TextTestResult):
    """One line a test: its sentence and how it ended."""

    def getDescription(self, test):
        return f"{type(test).__name__}: {test.shortDescription() or test.id()}"


def load(names):
    loader = unittest.TestLoader()
    if names:
        return loader.loadTestsFromNames(names)
    return loader.discover(HERE, pattern="test_*.py", top_level_dir=HERE)


def main():
    sys.path.insert(0, HERE)
    started = time.monotonic()
    suite = load(sys.argv[1:])
    smtp = SMTP().wait()
    postgres = Postgres(harness.free_port()).start() if os.environ.get("BATON_STORE") == "postgres" else None
    environment = {"BATON_DATABASE": postgres.address} if postgres else None
    try:
        harness.shared = harness.Server(smtp=smtp, environment=environment).start()
    except harness.NotServing as error:
        print(f"client tests: {error}", file=sys.stderr)
        smtp.stop()
        if postgres:
            postgres.stop()
        return 2
    try:
        result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout, resultclass=SentenceResult).run(suite)
    finally:
        stopped = harness.shared.stop()
        smtp.stop()
        if postgres:
            postgres.stop()
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    if not stopped:
        print("the server had to be killed: it did not stop within its time")
        failed += 1
    if failed:
        print("---- the end of the server's log ----")
        print(harness.shared.log_tail())
    harness.shared.forget()
    passed = result.testsRun - len(result.skipped) - len(result.failures) - len(result.errors) - len(result.unexpectedSuccesses)
    skipped = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"client tests: {passed} passed, {failed} failed{skipped} in {time.monotonic() - started:.0f} s")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
