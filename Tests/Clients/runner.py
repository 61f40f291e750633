"""Runs the suites of this folder against one served demo database and prints a closing line.

Exit code: 0 when everything passed, 1 when a test failed, 2 when the server did not come up.
"""

import os
import sys

import harness
import suites
from postgres import Postgres
from smtp_double import SMTP

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    sys.path.insert(0, HERE)
    run = suites.Run("client tests", suites.load(HERE, sys.argv[1:]))
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
        run.go()
    finally:
        stopped = harness.shared.stop()
        smtp.stop()
        if postgres:
            postgres.stop()
    if not stopped:
        run.also_failed("the server had to be killed: it did not stop within its time")
    return run.close(harness.shared)


if __name__ == "__main__":
    sys.exit(main())
