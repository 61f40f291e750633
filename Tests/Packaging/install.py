"""Installs the Debian package into a clean Debian 12 and runs it there. Prints one line of figures; exit code 1 on a miss.

Usage: install.py PACKAGE.deb [--root DIR]
Needs root and Debian's mirror: debootstrap makes the root (about 60 MB are loaded), apt installs the package with what it depends on and nothing
else. In it: no Swift, the user and the rights as they should be, the service's own settings serve, a document is read and a FHIR resource judged
(the confined workers and the resources are there), the doctor finds nothing wrong, the nightly backup works, and removing the package keeps the
records. `--root DIR` keeps the root for the next run.
"""

import argparse
import base64
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Clients"))

import harness  # noqa: E402

MIRROR = "http://deb.debian.org/debian"
PASSWORD = "correct horse 7 battery"


class Root:
    """A clean Debian in a folder."""

    def __init__(self, folder):
        self.folder, self.mounts = pathlib.Path(folder), []

    def make(self):
        if not (self.folder / "usr/bin/apt-get").exists():
            subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(self.folder), MIRROR], check=True, stdout=subprocess.DEVNULL)
        for path in pathlib.Path("/etc/apt/apt.conf.d").glob("99*"):
            shutil.copy(path, self.folder / "etc/apt/apt.conf.d")
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", self.folder / "etc" / name)
        # Nothing is started by a package in here.
        policy = self.folder / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        for kind, place in (("proc", "proc"), ("tmpfs", "tmp")):
            target = self.folder / place
            done = subprocess.run(["mount", "-t", kind, kind, str(target)], capture_output=True)
            if done.returncode == 0:
                self.mounts.append(target)
        return self

    def run(self, *words, check=True, user=None, environment=None, timeout=600):
        prefix = ["chroot", str(self.folder)]
        if user:
            prefix = ["chroot", f"--userspec={user}:{user}", str(self.folder)]
        plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run([*prefix, *words], capture_output=True, text=True, timeout=timeout, env={**plain, **(environment or {})}, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise RuntimeError(f"{words[0:3]} ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
        return done

    def start(self, *words, user, environment):
        plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8"}
        log = open(self.folder / "var/log/baton-test.log", "ab")
        return subprocess.Popen(["chroot", f"--userspec={user}:{user}", str(self.folder), *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**plain, **environment})

    def close(self):
        for target in reversed(self.mounts):
            subprocess.run(["umount", "-l", str(target)], capture_output=True)


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def check_serving(root, problems):
    """Serves with the packaged settings, as the package's user."""
    port = harness.free_port()
    environment = {"BATON_CONFIG": "/etc/baton/baton.yaml", "BATON_PORT": str(port), "BATON_DRAIN_SECONDS": "0", "BATON_DEMO": "1",
                   "BATON_ADMIN_PASSWORD": PASSWORD}
    start = time.monotonic()
    process = root.start("/usr/bin/baton", "serve", user="baton", environment=environment)
    try:
        while time.monotonic() - start < 120:
            try:
                if ask(port, "GET", "/ready")[0] == 200:
                    break
            except OSError:
                pass
            if process.poll() is not None:
                raise RuntimeError("the program ended: " + (root.folder / "var/log/baton-test.log").read_text()[-2000:])
            time.sleep(0.05)
        seconds = time.monotonic() - start
        status, body = ask(port, "GET", "/app")
        if status != 200 or b"<script" not in body:
            problems.append(f"the web client was answered with {status}: {body[:300]!r}")
        if b'data-parts="code icons"' not in body:
            problems.append("the packaged client has no editor or no icons")
        notices = (root.folder / "usr/share/doc/baton/copyright").read_text()
        problems += [f"the package does not name {name}" for name in ("CodeMirror", "Bootstrap Icons", "Inter") if name not in notices]
        letter = root.run("/usr/bin/baton", "sample", "pdf").stdout.encode()
        head = {"Content-Type": "application/pdf", **basic("coordinator", "demo-demo")}
        boundary = "installed"
        form = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n').encode() + letter + f"\r\n--{boundary}--\r\n".encode()
        head["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        status, body = ask(port, "POST", "/documents", form, {**head, "Accept": "application/json"})
        if status not in (200, 201, 303):
            problems.append(f"a document was answered with {status}: {body[:300]!r}")
        bundle = root.run("/usr/bin/baton", "sample", "fhir").stdout.encode()
        status, body = ask(port, "POST", "/fhir", bundle, {"Content-Type": "application/fhir+json", **basic("fhir", "demo-demo")})
        if status not in (200, 201):
            problems.append(f"a FHIR transaction was answered with {status}: {body[:300]!r}")
        call = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": "common", "method": "login", "args": ["baton", "admin", PASSWORD]}}
        status, body = ask(port, "POST", "/jsonrpc", json.dumps(call).encode(), {"Content-Type": "application/json"})
        if not json.loads(body).get("result"):
            problems.append(f"nobody could sign in: {body[:300]!r}")
        root.run("/usr/bin/baton", "backup", "key", "/etc/baton/backup.key")
        root.run("chown", "baton:baton", "/etc/baton/backup.key")
        root.run("/usr/lib/baton/nightly-backup", "/var/backups/baton", user="baton",
                 environment={"BATON_CONFIG": "/etc/baton/baton.yaml", "BATON_BACKUP_KEY": "/etc/baton/backup.key"})
        doctor = root.run("/usr/bin/baton", "doctor", user="baton", check=False, environment={"BATON_CONFIG": "/etc/baton/baton.yaml"})
        if doctor.returncode != 0 or " 0 warnings" not in doctor.stdout:
            problems.append("doctor: " + doctor.stdout + doctor.stderr)
    finally:
        process.terminate()
        process.wait(30)
    if process.returncode != 0:
        problems.append(f"the program ended with {process.returncode}")
    return seconds


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("package", type=pathlib.Path)
    options.add_argument("--root")
    options = options.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("install: this needs root and debootstrap. Run scripts/setup --tests.")
    problems, began = [], time.monotonic()
    folder = options.root or tempfile.mkdtemp(prefix="baton-root-")
    # The root of a system is for everybody to pass; a temporary folder is not.
    pathlib.Path(folder).chmod(0o755)
    root = Root(folder)
    try:
        root.make()
        made = time.monotonic()
        shutil.copy(options.package, root.folder / "var/cache/baton.deb")
        root.run("apt-get", "update", "-qq")
        root.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "/var/cache/baton.deb", timeout=900)
        installed = time.monotonic() - made
        if root.run("sh", "-c", "command -v swift || ldconfig -p | grep libswift", check=False).stdout.strip():
            problems.append("there is Swift in the root, so that the test proves nothing")
        if "not found" in root.run("ldd", "/usr/lib/baton/baton").stdout:
            problems.append("libraries are missing")
        rights = root.run("stat", "-c", "%a %U:%G %n", "/etc/baton", "/etc/baton/baton.yaml", "/var/lib/baton", "/var/backups/baton", "/usr/bin/baton").stdout.split("\n")
        for wanted in ("750 root:baton /etc/baton", "640 root:baton /etc/baton/baton.yaml", "700 baton:baton /var/lib/baton", "700 baton:baton /var/backups/baton"):
            if wanted not in rights:
                problems.append(f"not as wanted: {wanted} in {rights}")
        if root.run("dpkg-query", "-W", "-f=${Conffiles}", "baton").stdout.split()[:1] != ["/etc/baton/baton.yaml"]:
            problems.append("the settings are no conffile")
        started = check_serving(root, problems)
        size = int(root.run("dpkg-query", "-W", "-f=${Installed-Size}", "baton").stdout) // 1024
        root.run("apt-get", "remove", "-y", "-qq", "baton")
        if not (root.folder / "var/lib/baton/baton.sqlite").exists() or (root.folder / "usr/bin/baton").is_symlink():
            problems.append("removing the package took the records, or left the program")
        backups = len(list((root.folder / "var/backups/baton").glob("*.backup")))
        if backups != 1:
            problems.append(f"{backups} backups were made")
        print(
            f"install: {options.package.name}, {options.package.stat().st_size >> 20} MiB packed, {size} MiB installed in {installed:.0f} s with what it "
            f"depends on, ready {started:.1f} s after its first start, {time.monotonic() - began:.0f} s: {'MISSED' if problems else 'met'}")
    finally:
        root.close()
        if not options.root:
            shutil.rmtree(folder, ignore_errors=True)
    for line in problems:
        print("  " + line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
