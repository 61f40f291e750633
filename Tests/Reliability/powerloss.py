"""Power losses under load: the server's data lies on a file system that forgets unsynced writes (lossyfs.py).

Usage: powerloss.py [--rounds 25] [--control-rounds 3] [--doors rpc,fhir,mllp,document] [--seed N]
With the store as it is, 0 acknowledged writes may be lost and every database file must be whole. Then the same with
BATON_TEST_SYNCHRONOUS=OFF, which must lose: a harness that cannot fail proves nothing. Prints one line of figures; exits 1 on a miss.
"""

import argparse
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from intake import Intake, chosen

import harness

HERE = pathlib.Path(__file__).resolve().parent


class Disk:
    """A mounted lossy file system over a folder that stands for the disk."""

    def __init__(self, home):
        self.backing, self.mount, self.process = home / "disk", home / "mount", None
        self.backing.mkdir()
        self.mount.mkdir()

    def plug_in(self):
        self.process = subprocess.Popen([sys.executable, str(HERE / "lossyfs.py"), str(self.backing), str(self.mount)], stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not os.path.ismount(self.mount):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("powerloss: the file system did not mount. Is /dev/fuse there, and the packages fuse3 and libfuse2?")
            time.sleep(0.02)

    def lose_power(self):
        """Everything that was not synced is gone from here on, whatever the server still does."""
        self.process.kill()
        self.process.wait()

    def unplug(self):
        subprocess.run(["fusermount", "-uz", str(self.mount)], stderr=subprocess.DEVNULL, check=False)


def broken_databases(backing, scratch):
    """Files that SQLite finds damaged, looked at in a copy so that the disk stays as the loss left it."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(backing, scratch)
    found = []
    for path in scratch.rglob("*"):
        if not path.is_file() or path.stat().st_size == 0 or not path.read_bytes()[:16].startswith(b"SQLite format 3"):
            continue
        try:
            with sqlite3.connect(path) as database:
                answer = database.execute("pragma integrity_check").fetchone()[0]
                keys = database.execute("pragma foreign_key_check").fetchmany(3)
        except sqlite3.Error as error:
            answer, keys = str(error), []
        if answer != "ok" or keys:
            found.append(f"{path.name}: {answer} {keys or ''}")
    return found


def campaign(rounds, chance, environment, doors):
    """(acknowledged, lost, damaged, not started) after so many losses."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="baton-power-", dir=os.environ.get("TMPDIR", "/var/tmp")))
    disk, intake, lost_total, damaged, failed = Disk(home), Intake(chosen(doors)), set(), [], 0
    server = None
    try:
        for number in range(rounds + 1):
            disk.plug_in()
            server = harness.Server(data=disk.mount / "data", demo=False, environment=environment)
            server.log_path = home / "serve.log"
            try:
                server.start()
                lost, doubled = intake.verify(server)
            except (harness.NotServing, harness.RPCFault, OSError) as error:
                # A disk that lost a whole database: everything acknowledged is lost, and the next round begins with an empty disk.
                failed += 1
                print(f"  loss {number}: does not come up: {str(error).splitlines()[-1][:160]}", flush=True)
                lost, doubled = {name: sorted(marks) for name, marks in intake.acknowledged.items()}, {}
                server.kill()
                disk.lose_power()
                disk.unplug()
                shutil.rmtree(disk.backing)
                disk.backing.mkdir()
                disk.plug_in()
                if number < rounds:
                    server.start()
            for name, marks in lost.items():
                lost_total |= set(marks)
                intake.acknowledged[name] -= set(marks)
            damaged += [f"doubled {name}: {marks[:3]}" for name, marks in doubled.items() if marks]
            if number < rounds:
                intake.run(server)
                time.sleep(chance.uniform(0.5, 2.0))
                disk.lose_power()
                time.sleep(0.05)
            server.kill()
            if number < rounds:
                intake.stop()
            else:
                disk.lose_power()
            disk.unplug()
            damaged += broken_databases(disk.backing, home / "copy")
    finally:
        if server:
            server.kill()
        if disk.process and disk.process.poll() is None:
            disk.lose_power()
        disk.unplug()
        if os.environ.get("BATON_KEEP"):
            print(f"kept: {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)
    idle = [f"nothing was acknowledged by {door}: {intake.last_refusal.get(door, 'refused')}" for door, count in intake.total().items() if not count]
    return sum(intake.total().values()) + len(lost_total), len(lost_total), damaged, failed, idle


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=25)
    options.add_argument("--control-rounds", type=int, default=3)
    options.add_argument("--doors", default="rpc,fhir,mllp,document")
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = options.parse_args()
    began, chance = time.monotonic(), random.Random(options.seed)
    acked, lost, damaged, failed, idle = campaign(options.rounds, chance, {}, options.doors)
    control_acked, control_lost = campaign(options.control_rounds, chance, {"BATON_TEST_SYNCHRONOUS": "OFF"}, options.doors)[:2]
    missed = lost or damaged or failed or idle or not acked or not control_lost
    print(
        f"powerloss: {options.rounds} losses, {acked} acknowledged, {lost} lost, {len(damaged)} damaged, {failed} not started; control (synchronous=OFF): "
        f"{control_lost} of {control_acked} lost; seed {options.seed}, {time.monotonic() - began:.0f} s: {'MISSED' if missed else 'met'}")
    for line in damaged + idle:
        print("  " + line)
    if not control_lost:
        print("  the control lost nothing: this run proves nothing")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
