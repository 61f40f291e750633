"""Runs the suites of this folder in one browser against one served demo database and prints a closing line.

Exit code: 0 when everything passed, 1 when a test failed, 2 when server or browser did not come up.
"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Clients")]

import browser  # noqa: E402
import harness  # noqa: E402
import suites  # noqa: E402

SHORT = ["test_kit", "test_desk.SignIn", "test_areas.Approvals"] + [
    "test_desk.Desk.test_" + name
    for name in ("finding_and_changing_a_referral_by_keyboard", "two_people_at_one_record", "an_action_asks_what_it_needs", "a_record_is_made")]


def main():
    names = [name for name in sys.argv[1:] if name != "--short"]
    if "--short" in sys.argv and not names:
        names = SHORT
    if not names:
        # Pictures are taken before other tests change what they show.
        modules = sorted(path.stem for path in HERE.glob("test_*.py"))
        names = ["test_looks"] + [name for name in modules if name != "test_looks"]
    run = suites.Run("browser tests", suites.load(HERE, names))
    try:
        server = harness.Server(extra=["--client", str(harness.ROOT / "Client")]).start()
        browser.open(server)
    except Exception as error:
        print(f"browser tests: {error}", file=sys.stderr)
        return 2
    try:
        run.go()
    finally:
        browser.close()
        server.stop()
    return run.close(server)


if __name__ == "__main__":
    os.chdir(HERE)
    sys.exit(main())
