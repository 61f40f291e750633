"""Mixed intake for the crash harnesses: every door at once, each item with a mark of its own, and a memory of what was acknowledged.

An item is `open` until its door acknowledged it. After a crash the clients that may repeat (the same control id, the same
condition, the same bytes) send their open items again, as real senders do; what was acknowledged must then be there exactly once.
"""

import collections
import json
import pathlib
import random
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Clients"))

import samples  # noqa: E402
from harness import RPCFault  # noqa: E402
from mllp import MLLP  # noqa: E402


class Door:
    """How one door sends an item and how the items are counted afterwards. `repeats`: the door tells a repetition from a new item."""

    repeats = True

    def __init__(self, server):
        self.server, self.said = server, None

    def connect(self):
        pass


class RPCDoor(Door):
    name, repeats = "rpc", False

    def connect(self):
        self.uid = self.server.login()

    def send(self, mark):
        from harness import DATABASE, PASSWORD
        return bool(self.server.rpc("object", "execute_kw", DATABASE, self.uid, PASSWORD, "crm.lead", "create", [{"name": mark, "type": "opportunity"}]))

    def count(self, marks):
        rows = self.server.search_read("crm.lead", [["name", "in", marks]], ["name"])
        return collections.Counter(row["name"] for row in rows)


class FHIRDoor(Door):
    name = "fhir"

    def connect(self):
        self.head = {"Authorization": f"Bearer {self.server.api_key()}", "Content-Type": "application/fhir+json"}

    def send(self, mark):
        value = samples.patient(identifier=[{"system": samples.MRN_SYSTEM, "value": mark}])
        condition = {"If-None-Exist": f"identifier={samples.MRN_SYSTEM}|{mark}"}
        status, _, self.said = self.server.request("POST", samples.FHIR_BASE + "/Patient", json.dumps(value).encode(), {**self.head, **condition}, timeout=10)
        return status in (200, 201)

    def count(self, marks):
        return samples.count_patients(self.server, marks)


class MLLPDoor(Door):
    name = "mllp"

    def connect(self):
        self.socket = MLLP(self.server.mllp_port, timeout=10)

    def send(self, mark):
        answer = self.socket.ask(samples.ref_i12(control="C" + mark, placer=mark, patient="N" + mark))
        self.said = answer.text
        return answer.code == "AA"

    def count(self, marks):
        rows = self.server.search_read("care.referral", [[samples.PLACER_FIELD, "in", marks]], [samples.PLACER_FIELD])
        return collections.Counter(row[samples.PLACER_FIELD] for row in rows)


class DocumentDoor(Door):
    name = "document"

    def connect(self):
        self.head = {"Authorization": f"Bearer {self.server.api_key()}"}

    def send(self, mark):
        head = {**self.head, "Content-Type": "application/pdf", "Content-Disposition": f'attachment; filename="{mark}.pdf"'}
        status, _, self.said = self.server.request("POST", samples.UPLOAD_PATH, samples.pdf(mark), head, timeout=10)
        return status in (200, 201, 202)

    def count(self, marks):
        return samples.count_documents(self.server, marks)


DOORS = [RPCDoor, FHIRDoor, MLLPDoor, DocumentDoor]


def chosen(names):
    """The doors of a list such as `rpc,mllp`; all of them for an empty one."""
    return [kind for kind in DOORS if not names or kind.name in names.split(",")]


class Intake:
    """Sends until told to stop, on `clients` threads for each door, and remembers."""

    def __init__(self, doors=None, clients=2):
        self.kinds = doors or DOORS
        self.clients = clients
        self.lock = threading.Lock()
        self.acknowledged = {kind.name: set() for kind in self.kinds}
        self.open = {kind.name: set() for kind in self.kinds}
        self.refused = collections.Counter()
        self.last_refusal = {}

    def run(self, server):
        """Starts the clients; `stop` ends them."""
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._client, args=(kind, server), daemon=True) for kind in self.kinds for _ in range(self.clients)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def _next(self, kind):
        with self.lock:
            if kind.repeats and self.open[kind.name] and random.random() < 0.5:
                return self.open[kind.name].pop()
        return samples.unique(kind.name[0].upper())

    def _client(self, kind, server):
        door, connected = kind(server), False
        while not self.stopping.is_set():
            mark = None
            try:
                if not connected:
                    door.connect()
                    connected = True
                mark = self._next(kind)
                good = door.send(mark)
                with self.lock:
                    (self.acknowledged if good else self.open)[kind.name].add(mark)
                    if not good:
                        self.refused[kind.name] += 1
                        self.last_refusal[kind.name] = f"answered {door.said!r}"[:400]
            except (OSError, ValueError, EOFError, RPCFault, AttributeError) as error:
                connected = False
                with self.lock:
                    self.last_refusal.setdefault(kind.name, f"{type(error).__name__}: {error}"[:200])
                    if mark:
                        self.open[kind.name].add(mark)
                self.stopping.wait(0.02)

    def resend_open(self, server):
        """Repeats what never got its answer, through the doors that know repetitions."""
        for kind in self.kinds:
            if not kind.repeats or not self.open[kind.name]:
                continue
            door = kind(server)
            door.connect()
            for mark in sorted(self.open[kind.name]):
                if door.send(mark):
                    self.acknowledged[kind.name].add(mark)
                    self.open[kind.name].discard(mark)

    def verify(self, server):
        """({door: lost marks}, {door: doubled marks}) over everything acknowledged so far; an open item may be there once or not."""
        lost, doubled = {}, {}
        for kind in self.kinds:
            marks = sorted(self.acknowledged[kind.name])
            unanswered = sorted(self.open[kind.name])
            found = collections.Counter()
            for start in range(0, len(marks) + len(unanswered), 500):
                found += kind(server).count((marks + unanswered)[start:start + 500])
            lost[kind.name] = [mark for mark in marks if found[mark] == 0]
            doubled[kind.name] = [mark for mark in marks + unanswered if found[mark] > 1]
        return lost, doubled

    def total(self):
        return {name: len(marks) for name, marks in self.acknowledged.items()}
