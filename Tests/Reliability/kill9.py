"""`kill -9` of the server at random moments during mixed intake; prints one line of figures and exits 1 on a miss.

Usage: kill9.py [--rounds 20] [--doors rpc,fhir,mllp,document] [--seed N]
What was acknowledged must be there exactly once after each restart, and the audit chain must verify at the end.
`kill -9` proves nothing about the disk: that is what powerloss.py is for.
"""

import argparse
import random
import subprocess
import sys
import time

from intake import Intake, chosen

import harness


def audit(server):
    """Verifies the audit chain offline, with the server down. The text of a failure, or nothing."""
    done = subprocess.run(
        [str(harness.binary()), "audit", "verify", "--data", str(server.data)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    return None if done.returncode == 0 else f"audit verify ended with {done.returncode}: {(done.stdout + done.stderr)[-500:]}"


def misses(name, found):
    return [f"{name} by {door}: {', '.join(marks[:5])}{' …' if len(marks) > 5 else ''} ({len(marks)})" for door, marks in found.items() if marks]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--doors", default="")
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = options.parse_args()
    chance, intake, began, starts = random.Random(options.seed), Intake(chosen(options.doors)), time.monotonic(), []
    server = harness.Server(demo=True).start()
    problems = []
    for number in range(options.rounds):
        intake.run(server)
        time.sleep(chance.uniform(0.3, 2.5))
        server.kill()
        intake.stop()
        server.start()
        starts.append(server.seconds_to_answer)
        lost, doubled = intake.verify(server)
        problems += misses("lost", lost) + misses("doubled", doubled)
        print(f"  kill {number + 1}: acknowledged {intake.total()}, up again in {starts[-1]:.2f} s", flush=True)
    intake.resend_open(server)
    lost, doubled = intake.verify(server)
    problems += misses("lost after repeating", lost) + misses("doubled after repeating", doubled)
    idle = [door for door, count in intake.total().items() if count == 0]
    problems += [f"nothing was acknowledged by {door}: {intake.last_refusal.get(door, 'refused')}" for door in idle]
    server.stop()
    problem = audit(server)
    problems += [problem] if problem else []
    total = intake.total()
    print(
        f"kill9: {options.rounds} kills, {sum(total.values())} acknowledged {total}, {sum(map(len, lost.values()))} lost, "
        f"{sum(map(len, doubled.values()))} doubled, audit {'broken' if problem else 'verified'}, slowest start {max(starts):.2f} s, "
        f"seed {options.seed}, {time.monotonic() - began:.0f} s: {'MISSED' if problems else 'met'}")
    for line in dict.fromkeys(problems):
        print("  " + line)
    if problems:
        print(server.log_tail(30))
    server.forget()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
