"""Durable writes through `/jsonrpc` beside the durable commits of the bare store, on the disk that is there and on a slower one."""

import json
import os
import pathlib
import random
import statistics
import subprocess

import harness
from pump import pump

# Microseconds that a commit takes on the slower disk: 500 a second one after the other, what an ordinary server disk does.
SLOW_COMMIT_US = 2000
# Writers at a time there: more, and the two cores of the machine are the limit, not the disk.
SLOW_WRITERS = (1, 8)


def slow_disk(folder):
    """The environment in which commits take longer, or nothing where there is no compiler."""
    library = os.path.join(folder, "slow_disk.so")
    source = pathlib.Path(__file__).resolve().parent / "slow_disk.c"
    try:
        subprocess.run(["clang", "-O2", "-shared", "-fPIC", "-o", library, str(source), "-ldl"], check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"  slow disk: no figure ({error})")
        return None
    return {"LD_PRELOAD": library, "BATON_COMMIT_US": str(SLOW_COMMIT_US)}


def store_commits(folder, seconds, writers, environment=None):
    """Durable commits/s of the bare store, each of the rows that a write leaves, or nothing when this build has no `bench store`."""
    command = [str(harness.binary()), "bench", "store", "--data", folder, "--seconds", str(seconds), "--concurrency", str(writers)]
    done = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, env={**os.environ, **(environment or {})})
    try:
        return json.loads(done.stdout)["commits_per_s"]
    except (ValueError, KeyError, TypeError):
        print(f"  store: no figure ({(done.stderr or done.stdout).strip().splitlines()[:1]})")
        return None


def bodies(server):
    """Requests that each write one field of a random lead."""
    uid = server.login()
    leads = server.kw("crm.lead", "search", [[]], {"limit": 20000})
    stages = server.kw("crm.stage", "search", [[["is_won", "=", False]]])
    chance = random.Random(7)

    def body():
        values = {"stage_id": chance.choice(stages)} if chance.random() < 0.5 else {"priority": chance.choice("0123")}
        arguments = [harness.DATABASE, uid, harness.PASSWORD, "crm.lead", "write", [[chance.choice(leads)], values]]
        return json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": "object", "method": "execute_kw", "args": arguments}}).encode()

    return [body() for _ in range(5000)]


def in_turn(server, requests, counts, seconds, environment=None, disk="this disk"):
    """Writes a second and commits of the bare store, in turn: a disk's pace changes by the minute."""
    rates, commits = [], []
    for turn, count in enumerate(counts):
        rates.append(pump(server.port, requests, count, seconds))
        folder = os.path.join(server.own_folder, f"store-{disk.replace(' ', '-')}-{turn}")
        commit = store_commits(folder, seconds, count, environment)
        commits += [commit] if commit else []
        print(f"  write, {disk}, c{count:<3} {rates[-1]:9.1f} requests/s   bare store {commit or 0:9.1f} commits/s", flush=True)
    return rates, commits


def durable_writes(server, quick):
    """The figures of durable writes, by name; starts the server again for the slower disk, and as it was at the end."""
    requests, seconds = bodies(server), 1 if quick else 4
    rates, commits = in_turn(server, requests, (32, 64) if quick else (32, 64, 32, 64), seconds)
    figures = {"write.durable_per_s": statistics.median(rates)}
    if commits:
        store = statistics.median(commits)
        figures.update({"store.commits_per_s": store, "write.share_of_store_commits": figures["write.durable_per_s"] / store})
    slow = slow_disk(server.own_folder)
    if slow is None:
        return figures
    usual = server.environment
    server.stop()
    server.environment = {**usual, **slow}
    server.start()
    rates, commits = in_turn(server, requests, SLOW_WRITERS, seconds, slow, "2 ms disk")
    if len(commits) == len(rates):
        figures["write.share_of_store_commits_2_ms_disk"] = min(rate / commit for rate, commit in zip(rates, commits))
    server.stop()
    server.environment = usual
    server.start()
    return figures
