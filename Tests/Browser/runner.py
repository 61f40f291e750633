"""Runs the suites of this folder in one browser against one served demo database and prints a closing line.

Exit code: 0 when everything passed, 1 when a test failed, 2 when server or browser did not come up.
"""

import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Clients")]

import browser  # noqa: E402
import harness  # noqa: E402

SHORT = ["test_kit", "test_desk.SignIn", "test_areas.Approvals"] + [
    "test_desk.Desk.test_" + name
    for name in ("finding_and_changing_a_referral_by_keyboard", "two_people_at_one_record", "an_action_asks_what_it_needs", "a_record_is_made")]


class SentenceResult(unittest.TextTestResult):
    """One line a test: its sentence and how it ended."""

    def getDescription(self, test):
        return f"{type(test).__name__}: {test.shortDescription() or test.id()}"


def load(names):
    loader = unittest.TestLoader()
    if names:
        return loader.loadTestsFromNames(names)
    return loader.discover(str(HERE), pattern="test_*.py", top_level_dir=str(HERE))


def main():
    names = [name for name in sys.argv[1:] if name != "--short"]
    if "--short" in sys.argv and not names:
        names = SHORT
    started = time.monotonic()
    suite = load(names)
    try:
        server = harness.Server(extra=["--client", str(harness.ROOT / "Client")]).start()
        browser.open(server)
    except Exception as error:
        print(f"browser tests: {error}", file=sys.stderr)
        return 2
    try:
        result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout, resultclass=SentenceResult).run(suite)
    finally:
        browser.close()
        server.stop()
    failed = len(result.failures) + len(result.errors)
    if failed:
        print("---- the end of the server's log ----")
        print(server.log_tail(20))
    server.forget()
    print(f"browser tests: {result.testsRun - failed} passed, {failed} failed in {time.monotonic() - started:.0f} s")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    os.chdir(HERE)
    sys.exit(main())
