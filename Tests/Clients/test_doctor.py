"""`baton doctor`: finds what is wrong on purpose, explains it, and says what to do."""

import http.server
import json
import os
import subprocess
import threading

import harness
from operations import FolderTestCase, baton, shifted_clock
from postgres import Postgres, programs


class Doctor(FolderTestCase):
    def data(self):
        """The folder of a database that was served and stopped."""
        server = self.serve()
        server.stop()
        return server.data

    def findings(self, data, *more, code=None, environment=None):
        run = baton("doctor", "--json", "--data", data, *more, environment=environment)
        if code is not None:
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        found = {}
        for line in run.stdout.splitlines():
            finding = json.loads(line)
            found.setdefault(finding["subject"], []).append(finding)
            self.assertTrue(finding["remedy"] or finding["grade"] in ("good", "note"), finding)
        return found

    def grade(self, found, subject):
        return found[subject][0]["grade"]

    def test_sound(self):
        """a sound folder has nothing wrong, served or not, and nothing is written"""
        server = self.serve()
        self.findings(server.data, code=0)
        server.stop()

        def stamps():
            # The index of the write-ahead log is shared memory of whoever reads.
            return {path: path.stat().st_mtime_ns for path in server.data.rglob("*") if path.is_file() and not path.name.endswith("-shm")}

        before = stamps()
        found = self.findings(server.data, code=0)
        self.assertEqual(stamps(), before)
        self.assertEqual({self.grade(found, subject) for subject in ("folder", "keys", "pages", "tables", "audit trail")}, {"good"})
        self.assertEqual(self.grade(found, "backup"), "warning")
        self.assertIn("0 bad", baton("doctor", "--data", server.data).stdout)

    def test_page(self):
        """a corrupted page is reported, and nothing is concluded from what stands on it"""
        data = self.data()
        file = data / "baton.sqlite"
        content = bytearray(file.read_bytes())
        size = int.from_bytes(content[16:18], "big")
        start = size * (len(content) // size // 2)
        content[start:start + size] = b"\xa5" * size
        file.write_bytes(content)
        found = self.findings(data, code=1)
        self.assertEqual(self.grade(found, "pages"), "bad")
        self.assertIn("restore", found["pages"][0]["remedy"])
        self.assertNotIn("audit trail", found)

    def test_trail(self):
        """a changed entry of the audit trail is reported with its number"""
        data = self.data()
        subprocess.run(["sqlite3", data / "baton.sqlite", "UPDATE baton_audit SET kind = kind || 'x' WHERE seq = 12"], check=True)
        found = self.findings(data, code=1)
        self.assertIn("12", found["audit trail"][0]["sentence"])

    def test_keys(self):
        """a missing key, one that others can read, and a folder that others can enter are reported"""
        data = self.data()
        (data / "keys/secrets.key").chmod(0o644)
        (data / "keys/audit.key").unlink()
        data.chmod(0o755)
        found = self.findings(data, code=1)
        said = " ".join(finding["sentence"] for finding in found["keys"])
        self.assertIn("secrets.key can be read by others", said)
        self.assertIn("audit.key is missing", said)
        self.assertEqual(self.grade(found, "folder"), "warning")
        secret = self.write("token", "a-token-of-enough-characters", 0o644)
        found = self.findings(data, environment={"BATON_METRICS_TOKEN_FILE": secret})
        self.assertIn(str(secret), found["secret files"][0]["sentence"])

    def test_old_tables(self):
        """tables of another version are named, and nothing is changed"""
        data = self.data()
        subprocess.run(["sqlite3", data / "baton.sqlite", "ALTER TABLE res_partner DROP COLUMN comment"], check=True)
        self.assertEqual(self.grade(self.findings(data, code=0), "tables"), "warning")

    def test_certificate(self):
        """a certificate near its end, one beyond it, one of another key and none at all are told apart"""
        data = self.data()

        def make(name, *days):
            key, path = self.folder / f"{name}.key", self.folder / f"{name}.crt"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", path, *days],
                           check=True, capture_output=True)
            return ["--tls-cert", path, "--tls-key", key]

        good, soon = make("good", "-days", "90"), make("soon", "-days", "5")
        self.assertEqual(self.grade(self.findings(data, *good, code=0), "certificate"), "good")
        self.assertEqual(self.grade(self.findings(data, *soon, code=0), "certificate"), "warning")
        self.assertEqual(self.grade(self.findings(data, *good[:3], soon[3], code=1), "certificate"), "bad")
        self.assertEqual(self.grade(self.findings(data, "--tls-cert", soon[3], "--tls-key", soon[3], code=1), "certificate"), "bad")
        old = self.folder / "old.crt"
        subprocess.run(["openssl", "req", "-x509", "-key", soon[3], "-subj", "/CN=localhost", "-days", "1", "-out", old], check=True, capture_output=True,
                       env={**os.environ, **shifted_clock(self.folder, -30 * 86_400)[0]})
        found = self.findings(data, "--tls-cert", old, "--tls-key", soon[3], code=1)
        self.assertIn("ended 29 days ago", found["certificate"][0]["sentence"])

    def test_reach(self):
        """a mail server that answers is good, one that does not is bad; so are the collector and the public address"""
        data, port = self.data(), harness.free_port()
        smtp = f"smtp://user:canary@127.0.0.1:{harness.shared.smtp.port}"
        run = baton("doctor", "--data", data, "--smtp", smtp)
        self.assertNotIn("canary", run.stdout + run.stderr)
        self.assertEqual(self.grade(self.findings(data, "--smtp", smtp, code=0), "mail"), "good")
        self.assertEqual(self.grade(self.findings(data, "--smtp", f"smtp://127.0.0.1:{port}", code=1), "mail"), "bad")
        self.assertEqual(self.grade(self.findings(data, "--otlp-endpoint", f"http://127.0.0.1:{port}", code=1), "traces"), "bad")
        self.assertEqual(self.grade(self.findings(data, "--public-url", harness.shared.url, code=0), "gateway"), "good")
        self.assertEqual(self.grade(self.findings(data, "--public-url", f"http://127.0.0.1:{port}", code=0), "gateway"), "warning")

    def patroni(self, version):
        """Patroni's answer to `GET /patroni`, as its documentation shows it."""
        body = json.dumps({"state": "running", "role": "master", "patroni": {"version": version, "scope": "baton"}}).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_patroni(self):
        """a Patroni older than 3.0.3 is refused, because it loses acknowledged writes"""
        data = self.data()
        for version, code in (("3.0.2", 1), ("2.1.7", 1), ("3.0.3", 0), ("3.0.10", 0), ("4.1.5", 0)):
            found = self.findings(data, "--patroni", self.patroni(version), code=code)
            self.assertIn(version, found["Patroni"][0]["sentence"])
        self.findings(data, "--patroni", f"http://127.0.0.1:{harness.free_port()}", code=1)

    def test_postgres(self):
        """settings of PostgreSQL under which acknowledged writes are lost are bad, and sound ones good; an absent server is bad"""
        if not programs():
            self.skipTest("PostgreSQL is not installed")
        postgres = Postgres(harness.free_port()).start()
        self.addCleanup(postgres.stop)
        server = self.serve(environment={"BATON_DATABASE": postgres.address})
        server.stop()
        options = ["--database", postgres.address]
        found = self.findings(server.data, *options, code=1)
        self.assertIn("fsync is off", " ".join(finding["sentence"] for finding in found["durability"]))

        def psql(sql):
            subprocess.run(["psql", postgres.address, "-qc", sql], check=True, capture_output=True)

        psql("ALTER SYSTEM SET fsync = on")
        psql("ALTER DATABASE baton SET synchronous_commit = off")
        # What was said on the server's command line counts more: it is started again without.
        postgres.restart({"fsync": "on"})
        found = self.findings(server.data, *options, code=1)
        self.assertIn("synchronous_commit is off", found["durability"][0]["sentence"])
        psql("ALTER DATABASE baton RESET synchronous_commit")
        found = self.findings(server.data, *options, code=0)
        for subject in ("PostgreSQL", "durability", "connections", "clock", "tables", "audit trail"):
            self.assertEqual(self.grade(found, subject), "good", subject)
        found = self.findings(server.data, *options, code=1, environment=shifted_clock(self.folder, 90)[0])
        self.assertEqual(self.grade(found, "clock"), "bad")
        self.assertRegex(found["clock"][0]["sentence"], r"(89|90|91) s apart")
        postgres.stop()
        self.findings(server.data, *options, code=1)
