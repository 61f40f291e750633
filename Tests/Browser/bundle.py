"""The client as it is released: joined by scripts/client-bundle and served by a program of its own."""

import contextlib
import pathlib
import subprocess
import tempfile

import harness


@contextlib.contextmanager
def served():
    """A server with a fresh demo and the joined client."""
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / "client"
        subprocess.run([str(harness.ROOT / "scripts" / "client-bundle"), str(made)], check=True)
        server = harness.Server(extra=["--client", str(made)]).start()
        try:
            server.client = made
            yield server
        finally:
            server.stop()
            server.forget()
