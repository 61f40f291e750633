"""What the runners of client tests and of browser tests share: finding tests, one line for each, the closing line."""

import sys
import time
import unittest


class SentenceResult(unittest.TextTestResult):
    """One line a test: its sentence and how it ended."""

    def getDescription(self, test):
        return f"{type(test).__name__}: {test.shortDescription() or test.id()}"


def load(folder, names):
    """The tests that are named, or all of a folder."""
    loader = unittest.TestLoader()
    if names:
        return loader.loadTestsFromNames(names)
    return loader.discover(str(folder), pattern="test_*.py", top_level_dir=str(folder))


class Run:
    """Tests that run and are counted."""

    def __init__(self, what, suite):
        self.what, self.suite, self.started, self.result = what, suite, time.monotonic(), None

    def go(self):
        self.result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout, resultclass=SentenceResult).run(self.suite)

    def close(self, server):
        """Prints the end of the server's log when something failed, and the closing line. The exit code."""
        failed = len(self.result.failures) + len(self.result.errors) + len(self.result.unexpectedSuccesses)
        if failed:
            print("---- the end of the server's log ----")
            print(server.log_tail())
        server.forget()
        passed = self.result.testsRun - len(self.result.skipped) - failed
        skipped = f", {len(self.result.skipped)} skipped" if self.result.skipped else ""
        print(f"{self.what}: {passed} passed, {failed} failed{skipped} in {time.monotonic() - self.started:.0f} s")
        return 1 if failed or not self.result.testsRun else 0
