"""A PostgreSQL cluster of three under Patroni, each member in a network namespace of its own, with faults to give it.

A switch, three members and a place for clients are namespaces; nothing touches the machine's own network. Needs root, etcd and Patroni 4.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PREFIX, NET = "baton-ha", "10.77.0"
USER, PASSWORD, DATABASE = "postgres", "members-only", "baton"
# Patroni refuses a shorter ttl; what a whole member takes with it is lost for about as long.
TTL, LOOP, RETRY = 20, 2, 6
MEMBERS = (1, 2, 3)


def sh(*words, check=True):
    return subprocess.run([str(word) for word in words], check=check, capture_output=True, text=True)


def space(name):
    return f"{PREFIX}-{name}"


def inside(name, *words):
    return ["ip", "netns", "exec", space(name), *map(str, words)]


def unprivileged(words):
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *map(str, words)]


def bin_dir():
    return sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]


class Cluster:
    """Three members; member `n` has the address 10.77.0.n, clients have 10.77.0.100."""

    def __init__(self, folder=None):
        self.folder = folder or pathlib.Path(tempfile.mkdtemp(prefix="baton-ha-", dir="/var/tmp"))

    @property
    def address(self):
        hosts = ",".join(f"{NET}.{number}" for number in MEMBERS)
        return f"postgres://{USER}:{PASSWORD}@{hosts}:5432/{DATABASE}?target_session_attrs=read-write"

    # -- life

    def connect(self):
        """Lays the network; whoever looks at the cluster must then stand where clients stand."""
        shutil.chown(self.folder, "postgres")
        os.chmod(self.folder, 0o755)
        self._network()
        return self

    def start(self):
        for number in MEMBERS:
            self._etcd(number, "new")
        time.sleep(3)
        for number in MEMBERS:
            self._configure(number)
            self._patroni(number)
            time.sleep(1 if number == 1 else 0)
        if not self.ready(90):
            raise RuntimeError(f"the cluster did not come up: {self.log()}")
        self.query(f"CREATE DATABASE {DATABASE} TEMPLATE template0", "postgres")
        return self

    def stop(self):
        for name in [f"n{number}" for number in MEMBERS]:
            self.send(name, signal.SIGKILL)
        time.sleep(0.5)
        for name in [*(f"n{number}" for number in MEMBERS), "cl", "sw"]:
            sh("ip", "netns", "del", space(name), check=False)
        if os.environ.get("BATON_KEEP"):
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _network(self):
        sh("ip", "netns", "add", space("sw"))
        for words in (["link", "add", "br0", "type", "bridge"], ["link", "set", "br0", "up"], ["link", "set", "lo", "up"]):
            sh("ip", "-n", space("sw"), *words)
        for name, number in [*((f"n{number}", number) for number in MEMBERS), ("cl", 100)]:
            sh("ip", "netns", "add", space(name))
            sh("ip", "-n", space(name), "link", "add", "eth0", "type", "veth", "peer", "name", f"v{number}", "netns", space("sw"))
            sh("ip", "-n", space("sw"), "link", "set", f"v{number}", "master", "br0", "up")
            sh("ip", "-n", space(name), "addr", "add", f"{NET}.{number}/24", "dev", "eth0")
            sh("ip", "-n", space(name), "link", "set", "eth0", "up")
            sh("ip", "-n", space(name), "link", "set", "lo", "up")

    def _run(self, name, words, log):
        with open(self.folder / log, "ab") as file:
            subprocess.Popen(inside(name, *words), stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)

    def _etcd(self, number, state):
        own, everybody = f"http://{NET}.{number}", ",".join(f"e{one}=http://{NET}.{one}:2380" for one in MEMBERS)
        self._run(f"n{number}", [
            "etcd", "--name", f"e{number}", "--data-dir", self.folder / f"e{number}", "--listen-peer-urls", f"{own}:2380",
            "--initial-advertise-peer-urls", f"{own}:2380", "--listen-client-urls", f"{own}:2379,http://127.0.0.1:2379",
            "--advertise-client-urls", f"{own}:2379", "--initial-cluster", everybody, "--initial-cluster-state", state,
            "--heartbeat-interval", 250, "--election-timeout", 2500], f"etcd{number}.log")

    def _configure(self, number):
        home = self.folder / f"n{number}"
        home.mkdir()
        shutil.chown(home, "postgres")
        parameters = {
            "wal_level": "replica", "hot_standby": "on", "max_wal_senders": 10, "max_replication_slots": 10, "wal_keep_size": "256MB",
            "wal_log_hints": "on", "shared_buffers": "64MB", "max_connections": 100, "synchronous_commit": "on", "tcp_user_timeout": 5000,
            "wal_sender_timeout": 5000, "wal_receiver_timeout": 5000}
        settings = {
            "scope": PREFIX, "name": f"n{number}", "restapi": {"listen": f"{NET}.{number}:8008", "connect_address": f"{NET}.{number}:8008"},
            "etcd3": {"hosts": [f"{NET}.{one}:2379" for one in MEMBERS]},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL, "loop_wait": LOOP, "retry_timeout": RETRY, "primary_start_timeout": 0, "failsafe_mode": True,
                    "maximum_lag_on_failover": 1048576, "synchronous_mode": True, "synchronous_mode_strict": True,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": parameters}},
                "initdb": [{"encoding": "UTF8"}, "data-checksums"],
                "pg_hba": [f"host replication repl {NET}.0/24 scram-sha-256", f"host all all {NET}.0/24 scram-sha-256", "local all all trust"]},
            "postgresql": {
                "listen": f"{NET}.{number}:5432", "connect_address": f"{NET}.{number}:5432", "data_dir": str(home / "data"),
                "bin_dir": str(bin_dir()), "pgpass": str(home / "pgpass"), "parameters": {"unix_socket_directories": str(home)},
                "authentication": {
                    "replication": {"username": "repl", "password": "repl"}, "superuser": {"username": USER, "password": PASSWORD},
                    "rewind": {"username": "rewind", "password": "rewind"}}}}
        # YAML takes JSON.
        (self.folder / f"p{number}.yml").write_text(json.dumps(settings))
        shutil.chown(self.folder / f"p{number}.yml", "postgres")

    def _patroni(self, number):
        program = pathlib.Path(sys.executable).with_name("patroni")
        self._run(f"n{number}", unprivileged(["env", "PATH=/usr/bin:/bin", sys.executable, program, self.folder / f"p{number}.yml"]),
                  f"patroni{number}.log")

    def log(self):
        return "".join(file.read_text(errors="replace")[-600:] for file in sorted(self.folder.glob("patroni*.log")))

    # -- looking; the process must stand where clients stand

    def ask(self, number, path, data=None):
        """(status, text) of a member's Patroni; (0, "") when it does not answer."""
        request = urllib.request.Request(f"http://{NET}.{number}:8008/{path}", data=data)
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""

    def leader(self, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for number in MEMBERS:
                if self.ask(number, "primary")[0] == 200:
                    return number
            time.sleep(0.5)
        raise RuntimeError("there is no leader")

    def ready(self, seconds):
        """Whether all three members run and one of them is the synchronous standby, within some seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for number in MEMBERS:
                status, text = self.ask(number, "cluster")
                members = json.loads(text)["members"] if status == 200 else []
                good = [one for one in members if one["state"] in ("running", "streaming")]
                if len(good) == len(MEMBERS) and any(one["role"] in ("sync_standby", "quorum_standby") for one in good):
                    return True
            time.sleep(1)
        return False

    def query(self, sql, database=DATABASE):
        address = self.address.replace(f"/{DATABASE}?", f"/{database}?")
        return sh("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", address, "-c", sql).stdout.strip()

    # -- faults

    def pids(self, name):
        return [int(word) for word in sh("ip", "netns", "pids", space(name), check=False).stdout.split()]

    def send(self, name, number):
        for pid in self.pids(name):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def postmaster(self, number):
        return int((self.folder / f"n{number}" / "data" / "postmaster.pid").read_text().split("\n")[0])

    def cut(self, number, undo=False):
        """The member reaches its peers no more; clients still reach it."""
        for other in MEMBERS:
            if other != number:
                sh("ip", "-n", space(f"n{number}"), "route", "del" if undo else "add", "blackhole", f"{NET}.{other}/32", check=False)

    def revive(self, number):
        self._etcd(number, "existing")
        self._patroni(number)
