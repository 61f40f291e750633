"""Backups: taken while a server writes, read again, damaged on purpose, restored elsewhere, for both stores."""

import random
import re
import shutil
import subprocess
import threading
import time

import harness
from operations import FolderTestCase, baton, figures, figures_port
from postgres import Postgres, programs

PASSPHRASE = "a long enough passphrase"


class Load:
    """Writers that make contacts and remember which were acknowledged."""

    def __init__(self, server, writers=3):
        self.server, self.acknowledged, self.going = server, [], True
        self.uid = server.login()
        self.threads = [threading.Thread(target=self.write, args=(number,), daemon=True) for number in range(writers)]
        for thread in self.threads:
            thread.start()

    def write(self, number):
        count = 0
        while self.going:
            count += 1
            name = f"loaded {number} {count}"
            try:
                self.server.rpc("object", "execute_kw", harness.DATABASE, self.uid, harness.PASSWORD, "res.partner", "create", [{"name": name}], {})
                self.acknowledged.append(name)
            except (OSError, harness.RPCFault):
                time.sleep(0.05)

    def wait(self, count, seconds=60):
        """What is acknowledged as soon as it is so much."""
        deadline = time.monotonic() + seconds
        while len(self.acknowledged) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(self.acknowledged) >= count, f"only {len(self.acknowledged)} writes were acknowledged"
        return list(self.acknowledged)

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join(30)


class Backup(FolderTestCase):
    def key(self):
        path = self.folder / "key"
        if not path.exists():
            self.assertEqual(baton("backup", "key", path).returncode, 0)
        return path

    def backup(self, data, name="one.backup", *more, key=None):
        file = self.folder / name
        run = baton("backup", "--data", data, "--to", file, "--backup-key", key or self.key(), *more)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return file

    def restore(self, file, name="restored", *more):
        run = baton("restore", file, "--data", self.folder / name, "--backup-key", self.key(), *more)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return self.folder / name

    def names(self, server):
        return {row["name"] for row in server.search_read("res.partner", [["name", "=like", "loaded%"]], ["name"])}

    def test_under_load(self):
        """a backup of a server that writes has every record acknowledged before it began, whole, even when the server is killed meanwhile"""
        server = self.serve("--metrics-port", "0", demo=True)
        load = Load(server)
        before = load.wait(20)
        first = self.backup(server.data, "first.backup", "--with-keys")
        load.wait(len(before) + 1)
        self.assertLess(figures(figures_port(server))[1]["baton_backup_age_seconds"], 60)
        middle = list(load.acknowledged)
        words = [str(harness.binary()), "backup", "--data", str(server.data), "--to", str(self.folder / "second.backup"), "--backup-key", str(self.key()), "--with-keys"]
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(0.15)
        server.kill()
        load.stop()
        self.assertEqual(running.wait(120), 0, running.stderr.read())
        running.stderr.close()
        for file, expected in ((first, before), (self.folder / "second.backup", middle)):
            drill = baton("restore", "drill", file, "--backup-key", self.key(), "--scratch", self.folder)
            self.assertEqual(drill.returncode, 0, drill.stdout + drill.stderr)
            self.assertRegex(drill.stdout, r"restored and verified in [\d.]+ s")
            again = self.serve(data=self.restore(file, file.stem))
            self.assertEqual(set(expected) - self.names(again), set())
            again.stop()
            self.assertEqual(baton("audit", "verify", "--data", self.folder / file.stem).returncode, 0)
        self.assertEqual([path.name for path in self.folder.iterdir() if "drill" in path.name or "partial" in path.name], [])

    def test_killed(self):
        """a backup that is killed leaves no file of that name, and the next one works"""
        server = self.serve(demo=True)
        words = [str(harness.binary()), "backup", "--data", str(server.data), "--to", str(self.folder / "one.backup"), "--backup-key", str(self.key())]
        for delay in (0.02, 0.08, 0.15, 0.25):
            running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            running.kill()
            running.wait()
            if (self.folder / "one.backup").exists():
                self.assertEqual(baton("backup", "verify", self.folder / "one.backup", "--backup-key", self.key()).returncode, 0)
                (self.folder / "one.backup").unlink()
        self.backup(server.data)
        self.assertFalse((server.data / "backup.scratch").exists())

    def test_flipped(self):
        """one flipped byte anywhere is found and its place named, as are a cut end and a longer one"""
        server = self.serve()
        server.stop()
        file = self.backup(server.data)
        good = file.read_bytes()
        head = good.index(b"\n", 15) + 1
        chance = random.Random(7)
        places = [0, 20, head - 20, head, head + 1, len(good) - 1] + [chance.randrange(head, len(good)) for _ in range(12)]
        bad = self.folder / "bad.backup"
        for place in places:
            content = bytearray(good)
            content[place] ^= 1 << chance.randrange(8)
            bad.write_bytes(content)
            run = baton("backup", "verify", bad, "--backup-key", self.key())
            self.assertEqual(run.returncode, 1, (place, run.stdout, run.stderr))
            self.assertRegex(run.stderr, r"\[backup\.(damaged|not_one|cut|wrong_key)\]")
            if place >= head:
                low, high = map(int, re.search(r"bytes (\d+) to (\d+)", run.stderr).groups())
                self.assertTrue(low <= place <= high, (place, run.stderr))
        for length in (10, head, head + 65553, len(good) - 1):
            bad.write_bytes(good[:length])
            self.assertEqual(baton("backup", "verify", bad, "--backup-key", self.key()).returncode, 1, length)
        bad.write_bytes(good + b"x")
        self.assertEqual(baton("backup", "verify", bad, "--backup-key", self.key()).returncode, 1)
        target = self.folder / "from-bad"
        run = baton("restore", bad, "--data", target, "--backup-key", self.key())
        self.assertEqual(run.returncode, 1)
        self.assertFalse((target / "baton.sqlite").exists())

    def test_keys(self):
        """another key, an open key file, a short passphrase and none at all are refused; a passphrase opens what it sealed; nothing is plain"""
        server = self.serve()
        server.kw("res.partner", "create", [{"name": "a plain canary in the records"}])
        server.stop()
        file = self.backup(server.data)
        self.assertNotIn(b"a plain canary", file.read_bytes())
        self.assertNotIn(b"SQLite format 3", file.read_bytes())
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        other = self.folder / "other"
        self.assertEqual(baton("backup", "key", other).returncode, 0)
        self.assertEqual(baton("backup", "key", other).returncode, 2)
        wrong = baton("backup", "verify", file, "--backup-key", other)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("the key is another one", wrong.stderr)
        other.chmod(0o644)
        self.assertIn("backup.bad_key", baton("backup", "verify", file, "--backup-key", other).stderr)
        self.assertIn("backup.no_key", baton("backup", "--data", server.data, "--to", self.folder / "x").stderr)
        short = baton("backup", "--data", server.data, "--to", self.folder / "x", environment={"BATON_BACKUP_PASSPHRASE": "short"})
        self.assertIn("backup.weak_passphrase", short.stderr)
        sealed = baton("backup", "--data", server.data, "--to", self.folder / "p.backup", environment={"BATON_BACKUP_PASSPHRASE": PASSPHRASE})
        self.assertEqual(sealed.returncode, 0, sealed.stderr)
        opened = baton("backup", "verify", self.folder / "p.backup", environment={"BATON_BACKUP_PASSPHRASE": PASSPHRASE})
        self.assertEqual(opened.returncode, 0, opened.stderr)
        self.assertEqual(baton("backup", "verify", self.folder / "p.backup", environment={"BATON_BACKUP_PASSPHRASE": PASSPHRASE + "!"}).returncode, 1)
        self.assertIn("backup.wrong_key", baton("backup", "verify", self.folder / "p.backup", "--backup-key", self.key()).stderr)
        self.assertIn("backup.exists", baton("backup", "--data", server.data, "--to", file, "--backup-key", self.key()).stderr)

    def test_private_keys(self):
        """without --with-keys a restored folder has no private keys, says so, and is not served before they are back"""
        server = self.serve()
        server.stop()
        data = self.restore(self.backup(server.data))
        self.assertEqual([path.name for path in (data / "keys").iterdir()], ["audit.pub"])
        refused = baton("serve", "--data", data, "--port", "0", timeout=30)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("audit.key", refused.stderr)
        self.assertIn("missing", baton("doctor", "--data", data).stdout)
        shutil.rmtree(data / "keys")
        shutil.copytree(server.data / "keys", data / "keys")
        self.assertTrue(self.serve(data=data).login())

    def test_not_empty(self):
        """a folder in which anything stands is not restored into, and stays as it was"""
        server = self.serve()
        server.stop()
        file = self.backup(server.data)
        before = (server.data / "baton.sqlite").read_bytes()
        run = baton("restore", file, "--data", server.data, "--backup-key", self.key())
        self.assertEqual(run.returncode, 2)
        self.assertIn("restore.not_empty", run.stderr)
        self.assertEqual((server.data / "baton.sqlite").read_bytes(), before)

    def test_damaged_trail(self):
        """a database whose trail is damaged is backed up all the same, and says so"""
        server = self.serve()
        server.stop()
        subprocess.run(["sqlite3", server.data / "baton.sqlite", "UPDATE baton_audit SET kind = kind || 'x' WHERE seq = 12"], check=True)
        run = baton("backup", "--data", server.data, "--to", self.folder / "one.backup", "--backup-key", self.key())
        self.assertEqual(run.returncode, 1)
        self.assertIn("DAMAGED", run.stdout)
        drill = baton("restore", "drill", self.folder / "one.backup", "--backup-key", self.key())
        self.assertEqual(drill.returncode, 0, drill.stderr)
        self.assertIn("DAMAGED", drill.stdout)


class PostgresBackup(Backup):
    """The same between both stores."""

    def setUp(self):
        super().setUp()
        if not programs():
            self.skipTest("PostgreSQL is not installed")
        self.postgres = Postgres(harness.free_port()).start()
        self.addCleanup(self.postgres.stop)

    # What one store proves is not proved again.
    test_killed = test_flipped = test_keys = test_private_keys = test_not_empty = test_damaged_trail = None

    def create(self, name):
        command = ["createdb", "-h", "127.0.0.1", "-p", str(self.postgres.port), "-U", "baton", "-T", "template0", name]
        subprocess.run(command, check=True, env={"PGPASSWORD": "client-tests", "PATH": "/usr/bin:/bin"})
        return self.postgres.address.rsplit("/", 1)[0] + "/" + name

    def test_under_load(self):
        """PostgreSQL is backed up while it is written, and restored into SQLite and into another PostgreSQL database, equal in every table"""
        address = self.postgres.address
        server = self.serve(demo=True, environment={"BATON_DATABASE": address})
        load = Load(server)
        before = load.wait(20)
        file = self.backup(server.data, "pg.backup", "--with-keys", "--database", address)
        load.stop()
        server.stop()
        other = self.create("other")
        for name, extra in (("sqlite", []), ("postgres", ["--database", other])):
            data = self.restore(file, name, *extra)
            again = self.serve(data=data, environment={"BATON_DATABASE": other} if extra else None)
            self.assertEqual(set(before) - self.names(again), set(), name)
            made = again.kw("res.partner", "create", [{"name": "after the restore"}])
            self.assertGreater(made, max(row["id"] for row in again.search_read("res.partner", [["name", "=like", "loaded%"]], ["id"])))
            again.stop()
            self.assertEqual(baton("audit", "verify", "--data", data, *extra).returncode, 0)
        full = baton("restore", file, "--data", self.folder / "third", "--database", other, "--backup-key", self.key())
        self.assertEqual(full.returncode, 2)
        self.assertIn("store.copy_not_empty", full.stderr)
        self.assertFalse((self.folder / "third" / "keys").exists())
