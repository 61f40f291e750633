"""Settings: from where they come, what is refused, and that no secret is ever shown."""

import signal

import harness
from operations import FolderTestCase, baton

SECRETS = {
    "BATON_ADMIN_PASSWORD": "canary-of-the-administrator",
    "BATON_SMTP": "smtp://mailer:canary-of-the-mail@127.0.0.1:9",
    "BATON_METRICS_TOKEN": "canary-of-the-figures",
    "BATON_OTLP_HEADERS": "Authorization=canary-of-the-traces",
    "BATON_BACKUP_PASSPHRASE": "canary-of-the-backups",
}


def values(run):
    """{name: (value, source)} of `baton config`."""
    rows = {}
    for line in run.stdout.splitlines():
        parts = [part for part in line.split("  ") if part.strip()]
        rows[parts[0].strip()] = (parts[1].strip(), parts[2].strip() if len(parts) > 2 else "")
    return rows


class Configuration(FolderTestCase):
    def test_precedence(self):
        """the command line wins over the environment, and that over the file; each value names its source"""
        file = self.write("baton.yaml", "port: 1111\nhost: 127.0.0.2\nlog-level: warning\nmllp-trusted: [10.0.0.1, 10.1.0.0/16]\ndemo: true\n")
        run = baton("config", "--config", file, "--port", "3333", environment={"BATON_PORT": "2222", "BATON_HOST": "127.0.0.3", "BATON_DEMO": "0"})
        self.assertEqual(run.returncode, 0, run.stderr)
        rows = values(run)
        self.assertEqual(rows["port"], ("3333", "command line"))
        self.assertEqual(rows["host"], ("127.0.0.3", "BATON_HOST"))
        self.assertEqual(rows["log-level"], ("warning", str(file)))
        self.assertEqual(rows["mllp-trusted"], ("10.0.0.1,10.1.0.0/16", str(file)))
        self.assertEqual(rows["demo"], ("false", "BATON_DEMO"))
        self.assertEqual(rows["mail-from"], ("baton@localhost", "default"))
        self.assertEqual(rows["smtp"], ("(not set)", ""))

    def test_unknown(self):
        """an unknown setting is refused with the name that was probably meant"""
        for key, meant in (("prot", "port"), ("public_url", "public-url"), ("metric-token", "metrics-token"), ("smtp-files", "smtp-file")):
            run = baton("config", "--config", self.write("wrong.yaml", f"{key}: 1\n"))
            self.assertEqual(run.returncode, 64, run.stderr)
            self.assertIn(f"Did you mean `{meant}`?", run.stderr)
        run = baton("config", "--config", self.write("wrong.yaml", "quite-another-thing: 1\n"))
        self.assertEqual(run.returncode, 64)
        self.assertNotIn("Did you mean", run.stderr)

    def test_mistakes(self):
        """a file that is no list of settings, or is not there, is refused with its place and what to do"""
        for text in ("- a\n", "port: {a: 1}\n", "port: 1\nport: 2\n", "a: [\n", "demo: maybe\n", "mllp-trusted: ['a,b']\n"):
            run = baton("config", "--config", self.write("wrong.yaml", text))
            self.assertEqual(run.returncode, 64, text)
            self.assertIn("wrong.yaml", run.stderr)
        self.assertEqual(baton("config", "--config", self.folder / "absent.yaml").returncode, 64)
        for name, value in (("port", "70000"), ("drain-seconds", "-1"), ("otlp-endpoint", "collector"), ("trace-percent", "101"),
                            ("metrics-token", "short"), ("otlp-headers", "no header")):
            run = baton("config", f"--{name}", value, "--data", self.folder)
            self.assertEqual(run.returncode, 64, name)
            self.assertIn(name, run.stderr)

    def test_secret_files(self):
        """a secret can stand in a file of its own; two sources of one value, an empty file and an absent one are refused"""
        secret = self.write("password", "canary-of-the-file\n")
        run = baton("config", environment={"BATON_ADMIN_PASSWORD_FILE": secret})
        self.assertEqual(values(run)["admin-password"], ("(set)", "BATON_ADMIN_PASSWORD_FILE"))
        both = baton("config", environment={"BATON_ADMIN_PASSWORD_FILE": secret, "BATON_ADMIN_PASSWORD": "x"})
        self.assertEqual(both.returncode, 64)
        self.assertIn("BATON_ADMIN_PASSWORD_FILE", both.stderr)
        for path in (self.write("empty", "\n"), self.folder / "absent"):
            self.assertEqual(baton("config", environment={"BATON_ADMIN_PASSWORD_FILE": path}).returncode, 64)
        named = baton("config", "--config", self.write("named.yaml", f"admin-password-file: {secret}\n", 0o644))
        self.assertEqual(values(named)["admin-password"][0], "(set)", named.stderr)
        open_file = baton("config", "--config", self.write("open.yaml", "admin-password: canary-of-the-file\n", 0o644))
        self.assertEqual(open_file.returncode, 64)
        self.assertIn("chmod", open_file.stderr)
        self.assertNotIn("canary", open_file.stdout + open_file.stderr + named.stdout)

    def test_secret_works(self):
        """the password of a secret file opens the door"""
        secret = self.write("password", harness.PASSWORD + "\n")
        server = harness.Server(demo=False)
        self.addCleanup(server.forget)
        command = server.command()
        place = command.index("--admin-password")
        server.command = lambda: command[:place] + command[place + 2:]
        server.environment = {"BATON_ADMIN_PASSWORD_FILE": str(secret)}
        server.start()
        self.assertTrue(server.login())

    def test_shown(self):
        """no secret is shown by config or by a mistake, and an address is shown without its password"""
        environment = {**SECRETS, "BATON_DATABASE": "postgres://baton:canary-of-the-database@127.0.0.1:1/baton"}
        for arguments in (["config"], ["config", "--port", "x", "--data", self.folder], ["serve", "--data", self.folder / "d", "--port", "0"],
                          ["doctor", "--data", self.folder]):
            run = baton(*arguments, environment=environment)
            self.assertNotIn("canary", run.stdout + run.stderr, arguments)
        shown = values(baton("config", environment=environment))
        self.assertEqual(shown["metrics-token"][0], "(set)")
        self.assertEqual(shown["database"][0], "postgres://baton@127.0.0.1:1/baton")
        self.assertEqual(shown["smtp"][0], "smtp://mailer@127.0.0.1:9 with a password (set)")

    def test_logged(self):
        """no secret reaches the log of a server that says everything it can, nor its page of figures"""
        server = self.serve("--log-level", "debug", "--metrics-port", "0", "--otlp-endpoint", "http://127.0.0.1:9", environment={
            **SECRETS, "BATON_ADMIN_PASSWORD": harness.PASSWORD})
        server.login()
        server.get("/portal")
        server.kw("mail.mail", "create", [{"subject": "Hello", "email_to": "a@b.example", "body_html": "x"}])
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(30)
        log = server.log_path.read_text(errors="replace")
        self.assertIn("A request was answered.", log)
        for secret in (*SECRETS.values(), harness.PASSWORD):
            self.assertNotIn(secret.split("=")[-1], log)
        self.assertNotIn("canary", log)

    def test_reference(self):
        """the table in the documents is the one that the program prints"""
        page = (harness.ROOT / "docs/reference/configuration.md").read_text()
        self.assertIn(baton("config", "--reference").stdout.strip(), page)
