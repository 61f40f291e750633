"""Several `baton serve` processes on one PostgreSQL database, for tests that stand between nodes."""

import pathlib
import shutil
import tempfile

import harness
from postgres import Postgres


class Nodes:
    """A PostgreSQL server, a first node that makes the database, and others with its keys."""

    def __init__(self, count=2, smtp=None, demo=True, extra=(), settings=None, binary=None):
        self.postgres = Postgres(harness.free_port(), settings)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-nodes-"))
        self.smtp, self.demo, self.extra, self.binary = smtp, demo, list(extra), binary
        self.servers = [self.node(number) for number in range(count)]

    def node(self, number, **more):
        place = self.folder / f"node{number}"
        place.mkdir(exist_ok=True)
        server = harness.Server(
            data=str(place / "data"), demo=self.demo, extra=self.extra, environment={"BATON_DATABASE": self.postgres.address}, **more)
        server.watch = self.folder / "drop"
        # The first node has no mail server, so that mails which it queues are the work of others.
        server.smtp = self.smtp if number else None
        return server

    def share_keys(self, server):
        keys = pathlib.Path(server.data) / "keys"
        keys.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(pathlib.Path(self.servers[0].data) / "keys", keys, dirs_exist_ok=True)

    def start(self):
        self.postgres.start()
        try:
            self.servers[0].start()
            for server in self.servers[1:]:
                self.share_keys(server)
                server.start()
        except Exception:
            self.stop()
            raise
        return self

    def stop(self):
        """Ends everything; False when a node had to be killed."""
        stopped = [server.stop() for server in self.servers]
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return all(stopped)
