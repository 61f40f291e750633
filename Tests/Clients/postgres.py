"""A PostgreSQL server of its own for a run of the client tests: temporary folder, 127.0.0.1, a free port, SCRAM, gone afterwards."""

import atexit
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

USER, PASSWORD, DATABASE = "baton", "client-tests", "baton"


def programs():
    """Where Debian keeps the newest server's programs; None when there are none."""
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def unprivileged(words):
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words] if os.getuid() == 0 else words


class Postgres:
    """One server with one empty database."""

    def __init__(self, port, settings=None):
        self.port, self.settings = port, settings or {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-pg-"))
        self.process = None

    def start(self):
        password = self.folder / "password"
        password.write_text(PASSWORD)
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            for path in (self.folder, password):
                os.chown(path, account.pw_uid, account.pw_gid)
        self.run("initdb", "-D", self.folder / "data", "-U", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync",
                 f"--pwfile={password}")
        self.serve()
        for _ in range(200):
            made = subprocess.run(["createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-T", "template0", DATABASE],
                                  env={**os.environ, "PGPASSWORD": PASSWORD}, capture_output=True)
            if made.returncode == 0:
                return self
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text())

    def serve(self):
        """Starts the server; again after it ended."""
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "fsync": "off",
                    "max_connections": "120", **self.settings}
        words = [programs() / "postgres", "-D", self.folder / "data"]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        atexit.register(self.stop)
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(unprivileged([str(word) for word in words]), stdout=log, stderr=log, cwd="/")

    def query(self, sql):
        """What `psql` reads, past the program: rows by lines, columns by `|`."""
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", DATABASE, "-c", sql],
            env={**os.environ, "PGPASSWORD": PASSWORD}, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def processes(self):
        """The numbers of the server's processes, the main one first."""
        main = int((self.folder / "data" / "postmaster.pid").read_text().split("\n")[0])
        children = pathlib.Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def send(self, number):
        """Sends all of its processes a signal: one that is stopped freezes, and still confirms every packet."""
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def end(self, how=signal.SIGINT):
        """Ends the server: SIGINT cuts connections and writes everything, SIGQUIT is a crash."""
        self.process.send_signal(how)
        self.process.wait(30)

    def restart(self, settings):
        """Starts it again with other settings, and waits until it answers."""
        self.end()
        self.settings = {**self.settings, **settings}
        self.serve()
        for _ in range(200):
            if subprocess.run(["psql", self.address, "-qAtc", "SELECT 1"], capture_output=True).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start again: " + (self.folder / "log").read_text())

    def run(self, program, *words):
        subprocess.run(unprivileged([str(programs() / program), *map(str, words)]), check=True, capture_output=True, cwd="/")

    @property
    def address(self):
        return f"postgres://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}"

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.send(signal.SIGCONT)
            self.end()
        shutil.rmtree(self.folder, ignore_errors=True)
