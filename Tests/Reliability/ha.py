"""Two nodes on a cluster of three under Patroni, under load, while its leader fails; one line of figures for each fault, 1 on a miss.

Usage: ha.py [--fault node --fault process …] [--seconds 55] [--clients 12] [--seed N]
node       the whole leader is killed: PostgreSQL, Patroni and etcd
process    PostgreSQL alone is killed
freeze     the whole leader is stopped for 40 s, then goes on as if nothing had been
partition  the leader reaches its peers no more; clients still reach it
switchover the leader is asked to hand over
No acknowledged operation may be lost or doubled. Needs root, Debian's etcd-server and the wheels of Tests/Reliability/requirements.txt.
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from load import Load  # first: it makes the modules of the client tests known
from ha_cluster import Cluster, inside

import harness

# The longest time without an answer that each fault may cost: Patroni's ttl, an election, a rewind, and our own second look.
SECONDS = {"node": 40, "process": 15, "freeze": 40, "partition": 40, "switchover": 10}
INSIDE = "BATON_HA_FOLDER"


def strike(cluster, fault, leader):
    """Does the fault; gives what heals it."""
    if fault == "node":
        cluster.send(f"n{leader}", signal.SIGKILL)
        return lambda: cluster.revive(leader)
    if fault == "process":
        os.kill(cluster.postmaster(leader), signal.SIGKILL)
        return lambda: None
    if fault == "freeze":
        cluster.send(f"n{leader}", signal.SIGSTOP)
        return lambda: cluster.send(f"n{leader}", signal.SIGCONT)
    if fault == "partition":
        cluster.cut(leader)
        return lambda: cluster.cut(leader, undo=True)
    cluster.ask(leader, "switchover", f'{{"leader": "n{leader}"}}'.encode())
    return lambda: None


def run(cluster, servers, fault, options):
    problems = []
    load = Load(servers, 1 << 30, clients=options.clients, seed=options.seed).start()
    time.sleep(6)
    leader, healthy = cluster.leader(), load.count
    heal = strike(cluster, fault, leader)
    began = time.monotonic()
    time.sleep(40 if fault in ("node", "freeze", "partition") else 20)
    heal()
    time.sleep(max(0, options.seconds - (time.monotonic() - began)))
    load.stop()
    if not cluster.ready(120):
        problems.append(f"the cluster is not whole again: {cluster.log()[-300:]}")
    lost, doubled = load.verify(servers[0])
    if not healthy:
        problems.append("nothing was acknowledged before the fault")
    problems += [f"{len(lost)} lost: {lost[:3]}"] if lost else []
    problems += [f"{len(doubled)} doubled: {doubled[:3]}"] if doubled else []
    if load.gap() > SECONDS[fault]:
        problems.append(f"{load.gap():.0f} s without an answer")
    if not any(moment > began + 5 for moment in load.times):
        problems.append("the nodes did not go on")
    print(
        f"ha: {fault:10} leader n{leader}, now n{cluster.leader()}, {load.count} acknowledged, {len(lost)} lost, {len(doubled)} doubled, "
        f"{sum(map(len, load.open.values()))} without an answer, longest time without one {load.gap():.1f} s, seed {options.seed}: "
        f"{'MISSED' if problems else 'met'}", flush=True)
    for line in problems:
        print("  " + line)
    if problems:
        for text, count in load.failures.most_common(6):
            print(f"  {count} x {text}")
    return bool(problems)


def served(cluster, options):
    """The runs, in the place of the clients."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-ha-nodes-"))
    servers = [harness.Server(data=str(folder / f"node{number}" / "data"), environment={"BATON_DATABASE": cluster.address},
                    extra=["--log-level", "warning"]) for number in range(2)]
    missed = False
    try:
        servers[0].start()
        shutil.copytree(servers[0].data / "keys", servers[1].data / "keys")
        servers[1].start()
        for fault in options.fault or list(SECONDS):
            missed = run(cluster, servers, fault, options) or missed
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", action="append", choices=list(SECONDS))
    parser.add_argument("--seconds", type=float, default=55)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    if os.getuid() != 0:
        print("ha: not run: network namespaces need root")
        return 0
    if INSIDE not in os.environ:
        # The network first; then the whole run again from where clients stand.
        cluster = Cluster()
        try:
            words = inside("cl", sys.executable, *sys.argv, "--seed", options.seed)
            return subprocess.run(words, env={**os.environ, INSIDE: str(cluster.connect().folder)}).returncode
        finally:
            cluster.stop()
    cluster = Cluster(pathlib.Path(os.environ[INSIDE]))
    cluster.start()
    return 1 if served(cluster, options) else 0


if __name__ == "__main__":
    sys.exit(main())
