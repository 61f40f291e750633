"""Serves a database with the built program for a test, and speaks its doors plainly.

Nothing here knows Baton's insides: it starts `baton serve`, waits until `/health` answers and stops it by its process id.
"""

import atexit
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATABASE = "baton"
ADMIN = "admin"
PASSWORD = "correct horse 7 battery"
START_SECONDS = float(os.environ.get("BATON_START_SECONDS", "90"))
STOP_SECONDS = 15.0


class NotServing(Exception):
    """The program is not there, or did not answer in time."""


def binary():
    """The program: BATON_BINARY, or the newer of the debug and the release build."""
    named = os.environ.get("BATON_BINARY")
    found = [pathlib.Path(named)] if named else [ROOT / ".build" / kind / "baton" for kind in ("debug", "release")]
    found = [path for path in found if path.is_file()]
    if not found:
        raise NotServing("the program is not built. Run make build, or set BATON_BINARY.")
    return max(found, key=lambda path: path.stat().st_mtime)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One `baton serve` with its data in a temporary folder (or in `data`)."""

    def __init__(self, data=None, demo=True, extra=(), environment=None, smtp=None):
        self.own_folder = tempfile.mkdtemp(prefix="baton-test-") if data is None else None
        self.data = pathlib.Path(data or os.path.join(self.own_folder, "data"))
        self.log_path = pathlib.Path(self.own_folder or self.data.parent) / "serve.log"
        self.watch = pathlib.Path(self.own_folder or self.data.parent) / "drop"
        self.port, self.mllp_port, self.smtp = free_port(), free_port(), smtp
        self.demo, self.extra, self.environment = demo, list(extra), environment or {}
        self.process = None
        self.seconds_to_answer = None

    # -- life

    def command(self):
        line = [str(binary()), "serve", "--data", str(self.data), "--port", str(self.port), "--mllp-port", str(self.mllp_port)]
        line += ["--admin-password", PASSWORD, "--watch-folder", str(self.watch)] + (["--demo"] if self.demo else [])
        if self.smtp:
            line += ["--smtp", f"smtp://127.0.0.1:{self.smtp.port}", "--mail-from", "desk@baton.example"]
        return line + self.extra

    def start(self):
        """Starts the program and waits until it answers."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.watch.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        atexit.register(self.kill)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.environment})
        while time.monotonic() - began < START_SECONDS:
            if self.process.poll() is not None:
                raise NotServing(f"the program ended with code {self.process.returncode}:\n{self.log_tail()}")
            try:
                if self.get("/health", timeout=2)[0] == 200:
                    self.seconds_to_answer = time.monotonic() - began
                    return self
            except OSError:
                pass
            time.sleep(0.005 if time.monotonic() - began < 2 else 0.05)
        self.kill()
        raise NotServing(f"/health did not answer 200 within {START_SECONDS:.0f} s:\n{self.log_tail()}")

    def stop(self):
        """Asks the program to stop. False when it had to be killed."""
        if self.process is None or self.process.poll() is not None:
            return True
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
            return True
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def kill(self):
        """What a power switch does to the process."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def forget(self):
        """Ends the program if it still runs, and throws its folder away."""
        self.kill()
        if os.environ.get("BATON_KEEP"):
            print(f"kept: {self.own_folder or self.data}")
        elif self.own_folder:
            shutil.rmtree(self.own_folder, ignore_errors=True)

    def log_tail(self, lines=60):
        try:
            return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return "(no log)"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # -- HTTP

    def request(self, method, path, body=None, headers=None, timeout=30):
        """(status, headers with lower-case names, body bytes)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def get(self, path, headers=None, timeout=30):
        return self.request("GET", path, headers=headers, timeout=timeout)

    def post_json(self, path, value, headers=None, timeout=30):
        """(status, headers, parsed body or raw bytes)"""
        head = {"Content-Type": "application/json", **(headers or {})}
        status, got, body = self.request("POST", path, json.dumps(value).encode(), head, timeout)
        try:
            return status, got, json.loads(body)
        except ValueError:
            return status, got, body

    def post_form(self, path, fields, headers=None):
        head = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.request("POST", path, urllib.parse.urlencode(fields, doseq=True).encode(), head)

    def post_multipart(self, path, fields, files, headers=None):
        """files: [(field, file name, content type, bytes)]"""
        boundary = "----baton" + os.urandom(8).hex()
        parts = []
        for name, value in fields.items():
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, file_name, kind, content in files:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\nContent-Type: {kind}\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        parts.append(f"--{boundary}--\r\n".encode())
        head = {"Content-Type": f"multipart/form-data; boundary={boundary}", **(headers or {})}
        return self.request("POST", path, b"".join(parts), head)

    # -- Odoo's JSON-RPC, for what a test needs beside the client that it is about

    def rpc(self, service, method, *args):
        status, _, answer = self.post_json(
            "/jsonrpc", {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": service, "method": method, "args": list(args)}})
        if status != 200:
            raise RPCFault({"message": f"HTTP {status}", "data": {"name": "http", "message": repr(answer)[:300]}})
        if "error" in answer:
            raise RPCFault(answer["error"])
        return answer.get("result")

    def login(self, user=ADMIN, password=PASSWORD):
        return self.rpc("common", "login", DATABASE, user, password)

    def kw(self, model, method, args=(), kwargs=None, user=ADMIN, password=PASSWORD):
        """`execute_kw` as a user."""
        uid = self.login(user, password)
        return self.rpc("object", "execute_kw", DATABASE, uid, password, model, method, list(args), kwargs or {})

    def search_read(self, model, domain, fields, **kwargs):
        return self.kw(model, "search_read", [domain], {"fields": fields, **kwargs})

    def api_key(self):
        """A new API key of the administrator, made over RPC."""
        return self.kw("res.users.apikeys", "generate", [], {"name": "client tests"})


class RPCFault(Exception):
    """An error that the JSON-RPC door answered."""

    def __init__(self, error):
        self.error = error
        self.data = error.get("data") or {}
        super().__init__(f"{self.data.get('name')}: {self.data.get('message') or error.get('message')}")


# The server of this run; the runner sets it.
shared = None


class ServedTestCase(unittest.TestCase):
    """A test that speaks to the served demo database."""

    maxDiff = None

    @property
    def server(self):
        return shared

    def assertFault(self, name, message_part, call, *args, **kwargs):
        """The call is answered with an error of that name, whose message holds that part."""
        try:
            result = call(*args, **kwargs)
        except RPCFault as fault:
            self.assertEqual(fault.data.get("name"), name, fault.error)
            self.assertIn(message_part, fault.data.get("message"))
            return fault
        self.fail(f"answered {result!r} instead of {name}")
