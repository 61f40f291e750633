"""Three nodes on one PostgreSQL, one of them killed with -9 every two seconds under mixed operations; one line of figures, 1 on a miss.

Usage: nodes.py [--operations 10000] [--seconds 600] [--every 2] [--control] [--seed N]
0 acknowledged operations lost, 0 doubled, 0 jobs stuck, and what a killed node had in hand is done by others within 5 s.
--control   senders repeat carelessly and one acknowledged record is taken away: the harness must notice both, else it ends with 1
"""

import argparse
import random
import subprocess
import sys
import threading
import time

from load import Load  # first: it makes the modules of the client tests known

import harness
from cluster import Nodes
from webhook_receiver import Receiver

# Moments stand in the table to the second.
ROUNDING = 1.0
RECOVERY_SECONDS = 5.0


class Watch:
    """Asks the database itself how long the oldest job that is due has waited."""

    def __init__(self, postgres):
        self.postgres, self.worst, self.stopping = postgres, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    SQL = ("SELECT coalesce(max(extract(epoch FROM now() AT TIME ZONE 'UTC' - greatest(run_at, created_at))), 0) FROM baton_job "
           "WHERE queue = 'webhooks' AND state IN ('available', 'running') AND run_at <= now() AT TIME ZONE 'UTC'")

    def _run(self):
        while not self.stopping.wait(0.5):
            try:
                self.worst = max(self.worst, float(self.postgres.query(self.SQL)))
            except (RuntimeError, ValueError):
                pass

    def stop(self):
        self.stopping.set()
        self.thread.join()


def killer(nodes, stopping, every, chance, starts, log):
    """Kills one node after the other, whichever it is, and starts it again at once."""
    while not stopping.wait(every):
        server = chance.choice(nodes.servers)
        server.kill()
        try:
            server.start()
            starts.append(server.seconds_to_answer)
        except harness.NotServing as error:
            log.append(f"a node did not come up again: {error}"[:600])


def drained(nodes, seconds):
    """Whether every job is done within some seconds; what is left otherwise."""
    sql = "SELECT count(*) FROM baton_job WHERE state IN ('available', 'running', 'retryable') AND queue = 'webhooks'"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if nodes.postgres.query(sql) == "0":
            return 0
        time.sleep(0.5)
    return int(nodes.postgres.query(sql))


def audit(nodes):
    command = [str(harness.binary()), "audit", "verify", "--data", str(nodes.servers[0].data), "--database", nodes.postgres.address]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)
    return None if done.returncode == 0 else f"audit verify ended with {done.returncode}: {(done.stdout + done.stderr)[-400:]}"


def run(options, nodes, receiver):
    problems, starts, chance = [], [], random.Random(options.seed)
    first = nodes.servers[0]
    first.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", "127.0.0.1"])
    first.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "base.automation,ir.actions.server,webhook.endpoint"])
    endpoint = first.kw("webhook.endpoint", "create", [{"name": "receiver", "url": receiver.url}])
    receiver.secret = first.kw("webhook.endpoint", "action_rotate_secret", [[endpoint]])["secret"]
    load = Load(nodes.servers, options.operations, endpoint, careless=options.control, seed=options.seed).start()
    watch, stopping = Watch(nodes.postgres), threading.Event()
    kills = threading.Thread(target=killer, args=(nodes, stopping, options.every, chance, starts, problems), daemon=True)
    kills.start()
    if not load.wait(options.seconds):
        problems.append(f"only {load.count} of {options.operations} operations were acknowledged")
    stopping.set()
    kills.join()
    stuck = drained(nodes, 30)
    watch.stop()
    undelivered = first.kw("webhook.delivery", "search_count", [[["endpoint_id", "=", endpoint], ["state", "!=", "delivered"]]])
    sent = {row["message_id"] for row in first.search_read("webhook.delivery", [["endpoint_id", "=", endpoint]], ["message_id"])}
    missing = sent - {headers["webhook-id"] for headers, _, _, _ in receiver.seen}
    if options.control:
        lead = sorted(load.acknowledged["rpc"])[0]
        nodes.postgres.query(f"DELETE FROM crm_lead WHERE name = '{lead}'")
    lost, doubled = load.verify(first)
    broken = audit(nodes)
    if options.control:
        problems = [] if len(lost) == 1 and doubled else [f"the harness saw {len(lost)} lost and {len(doubled)} doubled"]
    else:
        problems += [f"{len(lost)} lost: {lost[:3]}"] if lost else []
        problems += [f"{len(doubled)} doubled: {doubled[:3]}"] if doubled else []
        problems += [f"{stuck} jobs stuck, {undelivered} messages undelivered, {len(missing)} never seen"] if stuck or undelivered or missing else []
        if watch.worst > RECOVERY_SECONDS + ROUNDING:
            problems.append(f"a job waited {watch.worst:.0f} s")
        if load.hooks > len(sent):
            problems.append(f"{load.hooks} messages were acknowledged and {len(sent)} kept")
        problems += [broken] if broken else []
        problems += ["no node was killed"] if not starts else []
    seconds = max(load.times) - load.began
    print(
        f"nodes: {load.count} operations in {seconds:.0f} s, {len(starts)} kills, {sum(load.failures.values())} calls failed, {len(lost)} lost, "
        f"{len(doubled)} doubled, {stuck} stuck, longest wait of a job {max(0, watch.worst - ROUNDING):.1f} to {watch.worst:.1f} s, longest time "
        f"without an answer {load.gap():.1f} s, slowest start {max(starts, default=0):.1f} s, {len(sent)} messages, audit "
        f"{'broken' if broken else 'verified'}, seed {options.seed}{', control' if options.control else ''}: {'MISSED' if problems else 'met'}")
    for line in problems:
        print("  " + line)
    if problems:
        for text, count in load.failures.most_common(8):
            print(f"  {count} x {text}")
    return 1 if problems else 0


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--operations", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--every", type=float, default=2)
    options.add_argument("--control", action="store_true")
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = options.parse_args()
    receiver = Receiver()
    nodes = Nodes(3, extra=["--log-level", "warning"]).start()
    try:
        return run(options, nodes, receiver)
    finally:
        nodes.stop()
        receiver.stop()


if __name__ == "__main__":
    sys.exit(main())
