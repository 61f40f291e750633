"""Point-in-time recovery of PostgreSQL with its own tools, on a database that is served and written. Prints one line of figures; exit code 1 on a miss.

Usage: pitr.py [--seconds 12]
The steps of docs/operations/point-in-time.md: the write-ahead log archived, a base backup under load, a mistake of a person, back to the second
before it. Every write acknowledged before that second is there, none after it, and the audit trail is whole up to its end. Control: restored to
its newest state instead, the same cluster has the mistake.
"""

import argparse
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Clients"))

import harness  # noqa: E402
import postgres as servers  # noqa: E402


class Writer:
    """Makes contacts one after the other and remembers when each was acknowledged, by the database's own clock."""

    def __init__(self, server):
        self.server, self.going, self.acknowledged, self.uid = server, True, [], server.login()
        self.thread = threading.Thread(target=self.write, daemon=True)
        self.thread.start()

    def write(self):
        turn = 0
        while self.going:
            turn += 1
            name = f"kept {turn}"
            try:
                self.server.rpc("object", "execute_kw", harness.DATABASE, self.uid, harness.PASSWORD, "res.partner", "create", [{"name": name}], {})
                self.acknowledged.append((time.time(), name))
            except (OSError, harness.RPCFault):
                time.sleep(0.05)

    def stop(self):
        self.going = False
        self.thread.join(30)


def cluster(folder, base, archive, port, target):
    """A cluster from a base backup, recovered to a moment, or to its end; gives the server and the seconds that it took."""
    start = time.monotonic()
    shutil.copytree(base, folder / "data", symlinks=True)
    with open(folder / "data/postgresql.auto.conf", "a") as file:
        file.write(f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_action = 'promote'\n")
        if target:
            file.write(f"recovery_target_time = '{target}'\n")
    (folder / "data/recovery.signal").touch()
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "postgres:", str(folder)], check=True)
    server = servers.Postgres.__new__(servers.Postgres)
    server.port, server.folder, server.process, server.settings = port, folder, None, {"archive_mode": "off"}
    server.serve()
    words = ["psql", server.address, "-qAtc", "SELECT pg_is_in_recovery()"]
    while time.monotonic() - start < 120:
        if subprocess.run(words, capture_output=True, text=True).stdout.strip() == "f":
            return server, time.monotonic() - start
        time.sleep(0.1)
    raise RuntimeError("the cluster did not recover: " + (folder / "log").read_text()[-2_000:])


def present(server):
    return {row["name"] for row in server.search_read("res.partner", [["name", "=like", "kept %"]], ["name"], limit=1_000_000)}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=12)
    options = options.parse_args()
    if not servers.programs():
        sys.exit("pitr: PostgreSQL is not installed. Run scripts/setup --tests.")
    problems, began = [], time.monotonic()
    root = pathlib.Path(tempfile.mkdtemp(prefix="baton-pitr-"))
    root.chmod(0o711)
    archive = root / "wal"
    archive.mkdir()
    if os.geteuid() == 0:
        subprocess.run(["chown", "postgres:", str(archive)], check=True)
    more = {"fsync": "on", "wal_level": "replica", "archive_mode": "on", "archive_timeout": 60,
            "archive_command": f"test ! -f {archive}/%f && cp %p {archive}/.%f && mv {archive}/.%f {archive}/%f"}
    database = servers.Postgres(harness.free_port(), more).start()
    server = harness.Server(demo=False, environment={"BATON_DATABASE": database.address}).start()
    writer = Writer(server)
    base = root / "base"
    subprocess.run(["pg_basebackup", "-d", database.address, "-D", str(base), "-X", "stream", "-c", "fast"], check=True, capture_output=True)
    time.sleep(options.seconds)
    time.sleep(1.2)
    moment = time.time()
    target = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat()
    time.sleep(1.2)
    writer.stop()
    mistake = server.kw("res.partner", "search", [[["name", "=like", "kept %"]]])
    server.kw("res.partner", "unlink", [mistake])
    time.sleep(1)
    expected = {name for at, name in writer.acknowledged if at < moment}
    later = {name for at, name in writer.acknowledged if at > moment + 1}
    server.stop()
    subprocess.run(["psql", database.address, "-qc", "SELECT pg_switch_wal()"], check=True, capture_output=True)
    last = subprocess.run(["psql", database.address, "-qAtc", "SELECT pg_walfile_name(pg_current_wal_lsn() - 1)"], capture_output=True, text=True).stdout.strip()
    for _ in range(200):
        if (archive / last).exists():
            break
        time.sleep(0.1)
    database.process.kill()
    database.process.wait()
    figures = {}
    for name, until in (("moment", target), ("end", None)):
        folder = root / name
        folder.mkdir(mode=0o711)
        recovered, seconds = cluster(folder, base, archive, harness.free_port(), until)
        data = root / f"node-{name}"
        shutil.copytree(server.data, data)
        if until:
            # The checkpoints after the moment were taken back with the records.
            checked = subprocess.run(["psql", recovered.address, "-qAtc", "SELECT max(seq) FROM baton_audit"], capture_output=True, text=True)
            end = int(checked.stdout.strip())
            lines = (data / "audit/checkpoints.jsonl").read_text().splitlines()
            kept = [line for line in lines if json.loads(line)["seq"] <= end]
            (data / "audit/checkpoints.jsonl").write_text("".join(line + "\n" for line in kept))
        again = harness.Server(data=data, demo=False, environment={"BATON_DATABASE": recovered.address}).start()
        figures[name] = (present(again), seconds, time.monotonic())
        again.stop()
        audit = subprocess.run([str(harness.binary()), "audit", "verify", "--data", str(data), "--database", recovered.address], capture_output=True, text=True)
        if audit.returncode != 0:
            problems.append(f"{name}: audit {audit.stdout[-300:]}")
        doctor = subprocess.run([str(harness.binary()), "doctor", "--data", str(data), "--database", recovered.address], capture_output=True, text=True)
        if "audit trail" not in doctor.stdout:
            problems.append(f"{name}: the doctor did not reach the trail: {doctor.stdout[-500:]}")
        recovered.stop()
    found, seconds, _ = figures["moment"]
    lost, extra = expected - found, found & later
    if lost or extra:
        problems.append(f"{len(lost)} lost, {len(extra)} too many")
    if len(expected) < 20:
        problems.append(f"only {len(expected)} writes came before the moment")
    if expected & figures["end"][0]:
        problems.append("the control did not have the mistake")
    database.stop()
    shutil.rmtree(root, ignore_errors=True)
    print(
        f"pitr: {len(expected)} acknowledged before the moment, {len(lost)} lost, {len(extra)} of after it; recovered in {seconds:.1f} s, to the newest "
        f"state (control) with the mistake: {'yes' if not expected & figures['end'][0] else 'no'}, {time.monotonic() - began:.0f} s: "
        f"{'MISSED' if problems else 'met'}")
    for line in problems:
        print("  " + line)
    server.forget()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
