"""Serves a fresh database, seeds it, drives `/jsonrpc` with rpc_client.py and compares the figures with thresholds.json.

CPU per operation is the server's own, user and system, from /proc; on a machine that others use too it is the steadier
figure. Requests/s and latencies are those of one Python client process, which tops out before the server does.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests" / "Clients"))

import growth  # noqa: E402
import harness  # noqa: E402
import peer  # noqa: E402
from durable import durable_writes  # noqa: E402
from engines import decisions, rules, scripts  # noqa: E402
from multiply import multiply  # noqa: E402
from postgres import Postgres  # noqa: E402
from reading import reading  # noqa: E402

# What reads comes first: the creating scenarios make the table larger than the 20,000 rows that are meant.
SCENARIOS = ["search_read", "read_group", "write", "create", "create_batch", "automation", "automation_off"]
# How many of the five rules run in one operation of `automation`: all of them, three on creation and two on the write.
RULES_PER_OPERATION = 5
CONCURRENCY = [1, 8, 32]
# A database that keeps what it says it kept.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "512MB"}
# The setting under which rules made over RPC hold at once.
DIRECT = ("governance.direct_changes", "base.automation,ir.actions.server,webhook.endpoint")
# Seconds that the reading of the demo's documents may take before anything is measured.
SETTLE_SECONDS = 300


def ours(server):
    """The server as the client asks it; with PostgreSQL its CPU time is counted as well."""
    database = server.postgres.processes()[:1] if getattr(server, "postgres", None) else []
    return peer.Target(server.url, harness.DATABASE, harness.ADMIN, harness.PASSWORD, [server.process.pid, *database])


def client(server, scenario, *more):
    """What rpc_client.py measured, as it prints it."""
    target = server if isinstance(server, peer.Target) else ours(server)
    command = [
        sys.executable, str(HERE / "rpc_client.py"), "--url", target.url, "--db", target.database, "--user", target.user,
        "--password", target.password, "--pids", ",".join(map(str, target.pids)), "--scenario", scenario, *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=1800)
    if done.returncode:
        raise SystemExit(f"bench: {scenario} failed: {(done.stdout + done.stderr)[-600:]}")
    return json.loads(done.stdout)


def resident_mb(server):
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return None


def start_seconds(server, times):
    """The median time from starting the program on an existing database to its first answer, and its memory then."""
    seconds, memory = [], []
    for _ in range(times):
        server.stop()
        server.start()
        seconds.append(server.seconds_to_answer)
        memory.append(resident_mb(server))
    return statistics.median(seconds), statistics.median(memory)


def settle(server):
    """Waits until the demo's documents are read: their workers' time would count as the server's."""
    end = time.monotonic() + SETTLE_SECONDS
    while server.kw("care.document", "search_count", [["|", ["state", "=", "received"], ["reading_state", "=", "waiting"]]]):
        if time.monotonic() > end:
            raise SystemExit(f"bench: the demo's documents were not read within {SETTLE_SECONDS} s")
        time.sleep(1)


def simulation(server, quick):
    """A draft of a rule held against every lead that was made, and what writes cost meanwhile; needs the rules of `automation`."""
    rule = server.kw("base.automation", "search", [[["name", "=", "BENCH rule 1"]]], {"context": {"active_test": False}})
    if not rule:
        return {}
    _, author = server.kw("ir.model.data", "check_object_reference", ["governance", "group_author"])
    server.kw("res.users", "write", [[server.login()], {"group_ids": [[4, author]]}])
    released = server.kw("governance.version", "search", [[["definition_id.res_model", "=", "base.automation"], ["definition_id.res_id", "=", rule[0]]]])
    # The client leaves its rules inactive: the draft is made from the last version that was not.
    active = [version["id"] for version in server.kw("governance.version", "read", [released, ["content"]]) if version["content"]["values"]["active"]]
    timing = ("--concurrency", 1, "--seconds", 1 if quick else 5, "--warmup", 0.3)
    alone = client(server, "write", *timing)
    draft = server.kw("governance.version", "action_copy", [active[:1]])
    run = server.kw("governance.version", "action_simulate", [draft], {"days": 30})
    began = time.monotonic()
    beside = client(server, "write", *timing)
    while time.monotonic() - began < 600:
        [state] = server.kw("governance.simulation", "read", [run, ["state", "report", "finished_on"]])
        if state["state"] == "done":
            break
        time.sleep(0.05)
    else:
        raise SystemExit("bench: the simulation did not end")
    seconds, report = time.monotonic() - began, state["report"]
    print(
        f"  simulation: {report['events']} events in {seconds:.1f} s, {report['concerned']} concerned, {report['microseconds']['draft']} us each; "
        f"one write p50 {alone['p50_ms']:.2f} ms alone, {beside['p50_ms']:.2f} ms beside it, p95 {alone['p95_ms']:.2f} and {beside['p95_ms']:.2f}", flush=True)
    return {
        "simulation.events_per_s": report["events"] / seconds, "simulation.write_p95_ms_alone": alone["p95_ms"],
        "simulation.write_p95_ms_beside": beside["p95_ms"], "simulation.writer_longest_ms": report["writer_milliseconds"]["longest"]}


def timed(server, scenario, concurrency, quick):
    """One run of a scenario; ends the benchmark when something failed in it."""
    seconds, warm = (1, 0.3) if quick else (5, 1)
    got = client(server, scenario, "--concurrency", concurrency, "--seconds", seconds, "--warmup", warm)
    who = "the peer: " if isinstance(server, peer.Target) else ""
    if got.get("rules_verified") is False:
        raise SystemExit(f"bench: {who}the rules did not do what they should: {got['rules_sample']}")
    if got["errors"] or not got["ops"]:
        raise SystemExit(f"bench: {who}{scenario} at {concurrency}: {got['errors']} errors, {got['ops']} operations: {got['error_samples']}")
    return got


def drive(server, quick, scenarios, other=None):
    """Figures and runs of the server, and the runs of a peer, in turn with them so that both have the same neighbours."""
    figures, rows, theirs = {}, [], []
    for scenario in scenarios:
        # What one scenario leaves for autovacuum to do is not the next one's work.
        analyse(server)
        for concurrency in CONCURRENCY:
            got = timed(server, scenario, concurrency, quick)
            rows.append((scenario, concurrency, got))
            cpu = got.get("server_cpu_ms_per_op")
            print(
                f"  {scenario:12} c{concurrency:<3} {got['requests_per_s']:9.1f} requests/s   p50 {got['p50_ms']:8.2f} ms   p95 {got['p95_ms']:8.2f} ms   "
                + ("" if cpu is None else f"server CPU {cpu:7.3f} ms/op"), flush=True)
            if other:
                theirs.append((scenario, concurrency, timed(other, scenario, concurrency, quick)))
        found = [got for name, _, got in rows if name == scenario]
        # The best of the three concurrencies: neighbours on the machine make it worse, nothing makes it better.
        figures[f"{scenario}.cpu_ms_per_op"] = min((got.get("server_cpu_ms_per_op") or 0) for got in found)
        figures[f"{scenario}.requests_per_s"] = max(got["requests_per_s"] for got in found)
        figures[f"{scenario}.p95_ms_c1"] = found[0]["p95_ms"]
        if scenario == "automation":
            figures["automation.rules_per_s"] = max(got["ops_per_s"] for got in found) * RULES_PER_OPERATION
    return figures, rows, theirs


def is_other(name):
    return name.startswith(("postgres.", "growth.", "peer."))


def compare(figures):
    """Prints the table; the names of the figures that fell behind."""
    wanted = json.loads((HERE / "thresholds.json").read_text())["figures"]
    behind = []
    print(f"\n  {'figure':34} {'measured':>10} {'bar':>8}  {'':8} {'regression':>10}")
    for name, threshold in wanted.items():
        value = figures.get(name)
        # What this run did not measure says nothing: another store, growth, a peer.
        if value is None and (is_other(name) or any(is_other(key) for key in figures)):
            continue

        def good(limit):
            return value <= limit if threshold["better"] == "lower" else value >= limit

        bar, limit = threshold["bar"], threshold["regression"]
        verdict = "" if bar is None else "no figure" if value is None else "met" if good(bar) else "not met"
        fell = value is not None and limit is not None and not good(limit)
        behind += [name] if fell else []
        shown = "-" if value is None else f"{value:.3f}" if value < 10 else f"{value:.1f}"
        print(f"  {name:34} {shown:>10} {'-' if bar is None else bar:>8}  {verdict:9} {'-' if limit is None else limit:>9} {'WORSE' if fell else ''}")
    return behind


def embedded(server, options, scenarios):
    """What only the embedded store has, and what needs no store."""
    figures = simulation(server, options.quick)
    if "write" in scenarios:
        figures.update(durable_writes(server, options.quick))
    figures.update(decisions(1 if options.quick else 3))
    figures.update(scripts(1 if options.quick else 5))
    if not options.scenario:
        figures.update(reading(harness.binary(), os.path.join(server.own_folder, "faxes"), options.quick))
    figures.update(rules(os.path.join(server.own_folder, "rules"), options.quick))
    return figures


def second(options):
    """The peer, asked before anything else whether it can be measured; nothing without one."""
    if not options.peer:
        return None
    target = peer.Target(options.peer, options.peer_db, options.peer_user, options.peer_password, options.peer_pid or [])
    print(f"  peer: {options.peer}, version {target.check()}", flush=True)
    return target


def seed_peer(target, leads):
    """Its records are made by the same client; a peer that is Baton lets rules hold at once, as ours does."""
    client(target, "seed", "--seed-count", leads)
    user = target.call("common", "authenticate", target.database, target.user, target.password, {})["result"]
    target.call("object", "execute_kw", target.database, user, target.password, "ir.config_parameter", "set_param", list(DIRECT))


def remember(server):
    """With PostgreSQL, has what is remembered of further models count at once: else it does ten minutes after it was first asked for, when
    nobody can be at work any more who does not know that they are counted."""
    if server.postgres:
        for scenario in growth.SCENARIOS:
            client(server, scenario, "--concurrency", 1, "--seconds", 0.5, "--warmup", 0)
        server.postgres.query("UPDATE baton_change SET at = at - interval '1 hour', stamp = stamp + 1 WHERE model <> 'baton.form'")


def analyse(server):
    """With PostgreSQL, does what autovacuum does within a minute of such a load: before that the planner knows nothing of the table."""
    if server.postgres:
        server.postgres.query("VACUUM (ANALYZE)")
        server.postgres.query("CHECKPOINT")


def load(server, leads):
    """Makes leads until there are so many; with PostgreSQL it also does what autovacuum would do beside the measuring."""
    postgres = server.postgres
    first = min(leads, growth.STEPS[0]) if postgres else leads
    client(ours(server), "seed", "--seed-count", min(first, 200), "--concurrency", 1)
    remember(server)
    client(ours(server), "seed", "--seed-count", first, "--concurrency", growth.LOADERS)
    if not postgres:
        return leads
    count = multiply(postgres, leads)
    analyse(server)
    return count


def measure(server, options, other=None):
    scenarios = options.scenario or SCENARIOS
    server.start()
    print(f"  first start, database made: {server.seconds_to_answer:.2f} s", flush=True)
    if options.growth:
        settle(server)
        return growth.run(ours(server), client, options.quick, options.step, lambda step: load(server, step))
    leads = options.leads or (2000 if options.quick else 20000)
    seeded = client(server, "seed", "--seed-count", leads, "--concurrency", 1)
    print(f"  seeded {seeded['created']} leads at {seeded['records_per_s']} records/s", flush=True)
    start, memory = start_seconds(server, 1 if options.quick else 5)
    # Rules made over RPC hold at once, as in the system that we compare with; without this a second person releases each.
    server.kw("ir.config_parameter", "set_param", list(DIRECT))
    settle(server)
    remember(server)
    if other:
        seed_peer(other, leads)
    figures, rows, theirs = drive(server, options.quick, scenarios, other)
    figures.update({
        "start.seconds_to_first_answer": start, "memory.resident_mb_after_start": memory, "memory.resident_mb_after_load": resident_mb(server),
        "seed.records_per_s": seeded["records_per_s"]})
    if options.store == "sqlite" and not other:
        figures.update(embedded(server, options, scenarios))
    if other:
        figures.update(peer.table(rows, theirs))
    return figures


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json")
    options.add_argument("--scenario", action="append", choices=SCENARIOS)
    options.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--growth", action="store_true", help="what operations cost as the table grows, and nothing else")
    options.add_argument("--step", type=int, action="append", help="a size of the table for --growth")
    options.add_argument("--leads", type=int, help="how many leads are made first, instead of 20,000")
    options.add_argument("--peer", help="the address of a second server that speaks the same API")
    options.add_argument("--peer-db", default="odoo")
    options.add_argument("--peer-user", default="admin")
    options.add_argument("--peer-password", default="admin")
    options.add_argument("--peer-pid", type=int, action="append", help="a process of a peer on this machine, whose CPU time is counted as well")
    options = options.parse_args()
    try:
        other = second(options)
    except peer.Unusable as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    postgres = Postgres(harness.free_port(), DURABLE).start() if options.store == "postgres" else None
    server = harness.Server(demo=not (options.quick or options.growth or options.peer), environment={"BATON_DATABASE": postgres.address} if postgres else None)
    server.postgres = postgres
    try:
        print(f"bench: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {options.store}, {harness.binary()}", flush=True)
        figures = measure(server, options, other)
    except harness.NotServing as error:
        raise SystemExit(f"bench: {error}") from None
    finally:
        server.stop()
        server.forget()
        if postgres:
            postgres.stop()
    if postgres:
        figures = {"postgres." + name: value for name, value in figures.items()}
    behind = compare(figures)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(figures, indent=2) + "\n")
    print(f"bench: {'worse than the regression threshold: ' + ', '.join(behind) if behind else 'nothing fell behind its regression threshold'}")
    return 1 if behind and not options.quick else 0


if __name__ == "__main__":
    sys.exit(main())
