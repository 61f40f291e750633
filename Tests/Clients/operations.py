"""What the tests of operations share: the command with its variables, and pages of figures."""

import http.client
import os
import re
import subprocess
import tempfile
import pathlib
import shutil
import unittest

import harness


def baton(*arguments, environment=None, timeout=180):
    """Runs the command without this machine's own settings; gives its exit code and all that it said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    return subprocess.run(
        [str(harness.binary()), *map(str, arguments)], capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
        timeout=timeout, env={**clean, **{name: str(value) for name, value in (environment or {}).items()}})


def figures(port, token=None, host="127.0.0.1"):
    """(status, {"name{labels}": value}) of a page for Prometheus."""
    status, text = page(port, token, host)
    return status, parsed(text) if status == 200 else text


def page(port, token=None, host="127.0.0.1"):
    """(status, text) of a page for Prometheus."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def figures_port(server):
    """The port of a server's page of figures, as it said it."""
    return int(re.search(r"http://[^ ]*:(\d+)/metrics", server.log_path.read_text()).group(1))


def parsed(text):
    """The samples of a page; every line must be one, or a word about one."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("# HELP ") or line.startswith("# TYPE "):
            continue
        match = re.fullmatch(r'([a-z_]+(?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})?) ([-+0-9.e]+)', line)
        if not match:
            raise AssertionError(f"no sample: {line!r}")
        samples[match.group(1)] = float(match.group(2))
    return samples


def shifted_clock(folder, seconds):
    """The environment of a program whose wall clock is so many seconds beside the machine's, and the file that sets it."""
    library, file = pathlib.Path(folder) / "clockshift.so", pathlib.Path(folder) / "clockshift"
    if not library.exists():
        compiler = shutil.which("cc") or shutil.which("clang")
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, harness.ROOT / "Tests/Reliability/clockshift.c"], check=True)
    file.write_text(str(seconds))
    return {"LD_PRELOAD": str(library), "CLOCKSHIFT_FILE": str(file)}, file


class FolderTestCase(unittest.TestCase):
    """A test with a folder of its own."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-operations-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def serve(self, *extra, demo=False, environment=None, data=None):
        server = harness.Server(data=data, demo=demo, extra=extra, environment=environment)
        self.addCleanup(server.forget)
        return server.start()
