"""The database restarted under load, and a node that was slow; one line of figures each, 1 on a miss.

Usage: restart.py [--rounds 6] [--seed N]
Restarts by turns are a crash (immediate) and in good order (fast): no acknowledged write may be lost, and the nodes must go on by themselves.
The slow node is stopped while it has a job in hand and goes on after another has done that: what it writes late must be refused.
"""

import argparse
import json
import pathlib
import random
import signal
import sys
import time

from load import Load  # first: it makes the modules of the client tests known

import harness
from cluster import Nodes
from webhook_receiver import Receiver

RESUME_SECONDS = 5.0
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def restarts(nodes, rounds, seed):
    problems, resumed = [], []
    load = Load(nodes.servers, 1 << 30, clients=8, seed=seed).start()
    time.sleep(2)
    for number in range(rounds):
        how = signal.SIGQUIT if number % 2 == 0 else signal.SIGINT
        nodes.postgres.end(how)
        time.sleep(1)
        before = load.count
        nodes.postgres.serve()
        began = up = time.monotonic()
        while time.monotonic() - began < 60:
            try:
                nodes.postgres.query("SELECT 1")
                break
            except RuntimeError:
                up = time.monotonic()
        while load.count <= before + 10 and time.monotonic() - began < 60:
            time.sleep(0.02)
        resumed.append(time.monotonic() - up)
        if load.count <= before + 10:
            problems.append("the nodes did not go on")
        time.sleep(1.5)
    load.stop()
    lost, doubled = load.verify(nodes.servers[0])
    problems += [f"{len(lost)} lost: {lost[:3]}"] if lost else []
    problems += [f"{len(doubled)} doubled: {doubled[:3]}"] if doubled else []
    if max(resumed) > RESUME_SECONDS:
        problems.append(f"the nodes went on {max(resumed):.1f} s after the database")
    print(
        f"restart: {rounds} restarts, {load.count} operations acknowledged, {sum(load.failures.values())} calls failed, {len(lost)} lost, "
        f"{len(doubled)} doubled, on again after at most {max(resumed):.1f} s, longest time without an answer {load.gap():.1f} s, seed {seed}: "
        f"{'MISSED' if problems else 'met'}")
    return problems + [f"  {count} x {text}" for text, count in load.failures.most_common(4) if problems]


def slow(nodes):
    """A node is stopped while a receiver lets it wait, longer than others wait for a sign of life; then it goes on."""
    first, second = nodes.servers[:2]
    receiver = Receiver([(200, 2, {})])
    try:
        first.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", "127.0.0.1"])
        first.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "base.automation,ir.actions.server,webhook.endpoint"])
        endpoint = first.kw("webhook.endpoint", "create", [{"name": "slow", "url": receiver.url}])
        receiver.secret = first.kw("webhook.endpoint", "action_rotate_secret", [[endpoint]])["secret"]
        # The first node alone is there to take the job.
        second.stop()
        first.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        receiver.wait(1, seconds=20)
        first.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        second.start()
        state = None
        while time.monotonic() - began < 40 and state != "delivered":
            state = second.search_read("webhook.delivery", [["endpoint_id", "=", endpoint]], ["state"])[0]["state"]
            time.sleep(0.1)
        taken = time.monotonic() - began
    finally:
        first.process.send_signal(signal.SIGCONT)
    time.sleep(4)
    late = [json.loads(line) for line in pathlib.Path(first.log_path).read_text().splitlines() if "lease was lost" in line]
    row = nodes.postgres.query("SELECT state, attempts FROM baton_job WHERE queue = 'webhooks'")
    answer = first.get("/health", timeout=5)[0]
    receiver.stop()
    problems = []
    if state != "delivered":
        problems.append("the other node did not take the job")
    if not late:
        problems.append("the slow node's late write was not refused")
    if row != "completed|2":
        problems.append(f"the job ended as {row}")
    if answer != 200:
        problems.append("the slow node does not work again")
    print(
        f"slow node: its job was done by another {taken:.1f} s after it stopped (start of that one included), {len(late)} late write refused, "
        f"job {row}: {'MISSED' if problems else 'met'}")
    return problems


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=6)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = options.parse_args()
    nodes = Nodes(2, extra=["--log-level", "warning"], settings=DURABLE).start()
    try:
        problems = slow(nodes) + restarts(nodes, options.rounds, options.seed)
    finally:
        nodes.stop()
    for line in problems:
        print("  " + line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
