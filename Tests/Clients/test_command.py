"""The command `baton`: help, exit codes, inspect, migrate and the offline check of the audit trail."""

import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import harness
import samples

COMMANDS = [["serve"], ["migrate"], ["audit", "verify"], ["inspect"]]
MEMBERS = {"file", "index", "format", "structure", "version", "verdict", "ack", "error", "position"}


def baton(*arguments, data=None):
    return subprocess.run([str(harness.binary()), *map(str, arguments)], input=data, capture_output=True, timeout=120)


class Command(harness.ServedTestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-command-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def test_help(self):
        """the program and each of its commands explain themselves"""
        overview = baton("--help")
        self.assertEqual(overview.returncode, 0)
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assertIn(command[0].encode(), overview.stdout)
                done = baton(*command, "--help")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(b"--", done.stdout)

    def test_mistakes(self):
        """a mistake on the command line ends with a code and says what to do"""
        for line in (["no-such-command"], ["serve", "--no-such-option"], ["serve", "--port", "many"], ["inspect"], ["audit", "verify", "--data", self.folder / "nowhere"]):
            with self.subTest(line=line):
                done = baton(*line)
                self.assertNotIn(done.returncode, (0, 134, -6, -4, -5, 132, 133), done.stderr[-300:])
                self.assertTrue(done.stderr.strip(), "nothing was said")

    def test_inspect_hl7(self):
        """inspect tells strict from rejected, one JSON object a message"""
        good, bad = self.folder / "good.hl7", self.folder / "bad.hl7"
        good.write_text(samples.ref_i12())
        bad.write_text("this is no message")
        done = baton("inspect", "--format", "hl7v2", good, bad)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([row["verdict"] for row in rows], ["strict", "rejected"], rows)
        self.assertEqual(set(rows[0]) - MEMBERS, set())
        self.assertEqual((rows[0]["structure"], rows[0]["version"], rows[0]["ack"]), ("REF_I12", "2.5.1", "AA"))
        self.assertTrue(rows[1]["error"])

    def test_inspect_emits(self):
        """inspect --emit writes out what it read"""
        message = self.folder / "message.hl7"
        message.write_bytes(samples.ref_i12().encode())
        done = baton("inspect", "--format", "hl7v2", "--emit", message)
        self.assertEqual(done.stdout.replace(b"\n", b"\r").strip(), message.read_bytes().strip())

    def test_inspect_fhir(self):
        """inspect reads FHIR, keeps decimals and unknown elements, and places an error"""
        good, bad = self.folder / "good.json", self.folder / "bad.json"
        value = {"resourceType": "Observation", "status": "final", "code": {"text": "Glucose"}, "valueQuantity": {"value": 6.30}}
        good.write_text(json.dumps(value).replace("6.3}", "6.30}"))
        bad.write_text(json.dumps({"resourceType": "Patient", "gender": ["x"]}))
        rows = [json.loads(line) for line in baton("inspect", "--format", "fhir", good, bad).stdout.splitlines()]
        self.assertEqual([row["verdict"] for row in rows], ["strict", "rejected"], rows)
        self.assertIn("gender", json.dumps(rows[1]))
        self.assertIn("6.30", baton("inspect", "--format", "fhir", "--emit", good).stdout.decode())

    def test_migrate_plan(self):
        """migrate --plan changes nothing and says so for a database that is up to date"""
        server = harness.Server(demo=False)
        self.addCleanup(server.forget)
        server.start()
        server.stop()
        done = baton("migrate", "--plan", "--data", server.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.strip())


class AuditTrail(unittest.TestCase):
    """`baton audit verify` against a copy in which somebody with the database file changed something."""

    @classmethod
    def setUpClass(cls):
        cls.server = harness.Server(demo=False)
        cls.addClassCleanup(cls.server.forget)
        cls.server.start()
        for number in range(30):
            cls.server.kw("res.partner", "create", [{"name": f"Audited {number}"}])
        cls.server.stop()

    def tampered(self, change):
        """Verifies a copy of the data after `change(database, table)`."""
        with tempfile.TemporaryDirectory(prefix="baton-audit-") as folder:
            data = pathlib.Path(folder) / "data"
            shutil.copytree(self.server.data, data)
            for path in data.rglob("*"):
                if not path.is_file() or path.read_bytes()[:15] != b"SQLite format 3":
                    continue
                with sqlite3.connect(path) as database:
                    tables = [row[0] for row in database.execute("select name from sqlite_master where type='table' and name like '%audit%'")]
                    for trigger in [row[0] for row in database.execute("select name from sqlite_master where type='trigger'")]:
                        database.execute(f'drop trigger "{trigger}"')
                    table = next((name for name in tables if "checkpoint" not in name and "head" not in name), None)
                    if table and change:
                        change(database, table)
            done = baton("audit", "verify", "--data", data)
            return done.returncode, (done.stdout + done.stderr).decode()

    def test_untouched(self):
        """the untouched trail verifies"""
        code, said = self.tampered(None)
        self.assertEqual(code, 0, said)

    def middle(self, database, table):
        return database.execute(f'select rowid from "{table}" order by rowid limit 1 offset 12').fetchone()[0]

    def test_missing_entry(self):
        """a missing entry is found and placed"""
        place = {}

        def change(database, table):
            place["row"] = self.middle(database, table)
            database.execute(f'delete from "{table}" where rowid=?', (place["row"],))

        code, said = self.tampered(change)
        self.assertNotEqual(code, 0, said)
        self.assertRegex(said, rf"\b({place['row']}|{place['row'] + 1}|{place['row'] - 1})\b")

    def test_changed_bit(self):
        """one changed bit in any column of an entry is found and placed"""
        columns = []
        self.tampered(lambda database, table: columns.extend(row[1] for row in database.execute(f'pragma table_info("{table}")')))
        self.assertTrue(columns)
        tried = 0
        for column in columns:
            place = {}

            def change(database, table):
                row = self.middle(database, table)
                kind, value = database.execute(f'select typeof("{column}"), "{column}" from "{table}" where rowid=?', (row,)).fetchone()
                if kind in ("null", "real") or value in ("", b""):
                    return
                if kind == "integer":
                    value ^= 1 << 40
                elif kind == "blob":
                    value = bytes([value[0] ^ 1]) + value[1:]
                else:
                    value = value[:-1] + chr(ord(value[-1]) ^ 1)
                database.execute(f'update "{table}" set "{column}"=? where rowid=?', (value, row))
                place["row"] = row

            code, said = self.tampered(change)
            if "row" in place:
                tried += 1
                with self.subTest(column=column):
                    self.assertNotEqual(code, 0, said)
        self.assertGreaterEqual(tried, 4)

    def test_reordered_entries(self):
        """two entries that changed places are found"""
        def change(database, table):
            row = self.middle(database, table)
            database.execute(f'update "{table}" set rowid=-1 where rowid=?', (row,))
            database.execute(f'update "{table}" set rowid=? where rowid=?', (row, row + 1))
            database.execute(f'update "{table}" set rowid=? where rowid=-1', (row + 1,))

        code, said = self.tampered(change)
        self.assertNotEqual(code, 0, said)
