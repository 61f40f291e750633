"""Mixed operations on several nodes of one database, each with a mark of its own, and a memory of what was acknowledged.

A client speaks to any node and, when that one fails, to another. What may be repeated (FHIR's conditional create, the same control id, the
same document) is repeated until it is acknowledged; an RPC create that got no answer may be there once or not at all.
"""

import collections
import random
import threading
import time

from intake import DocumentDoor, FHIRDoor, MLLPDoor, RPCDoor

import samples
from harness import DATABASE, PASSWORD, RPCFault

WEIGHTS = [("rpc", 40), ("write", 25), ("fhir", 20), ("mllp", 8), ("hook", 5), ("document", 2)]
DOORS = {kind.name: kind for kind in (RPCDoor, FHIRDoor, MLLPDoor, DocumentDoor)}
# Answers that are thrown away on purpose, as if the line had been cut: whoever may repeat does so.
DROPPED = 0.03
FAULTS = (OSError, ValueError, EOFError, RPCFault, AttributeError, IndexError)


class Dropped(ValueError):
    """What was sent was acknowledged, and the sender does not know it."""


class Writes:
    """One record of a client's own, into which it writes rising numbers."""

    def __init__(self):
        self.record, self.tried, self.acknowledged = None, 0, 0


class Load:
    """Runs until so many operations are acknowledged, or until `stop`."""

    def __init__(self, servers, operations, endpoint=None, clients=12, careless=False, seed=0):
        self.servers, self.operations, self.endpoint, self.careless = servers, operations, endpoint, careless
        self.lock, self.stopping = threading.Lock(), threading.Event()
        # One login and one key for all: what is measured is not how passwords are checked.
        self.uid, self.key = servers[0].login(), servers[0].api_key()
        self.acknowledged = {name: set() for name, _ in WEIGHTS if name in DOORS}
        self.open = {name: set() for name in self.acknowledged}
        self.count, self.failures, self.hooks = 0, collections.Counter(), 0
        self.times, self.writes = [], [Writes() for _ in range(clients)]
        self.names = [name for name, _ in WEIGHTS if name != "hook" or endpoint]
        self.weights = [weight for name, weight in WEIGHTS if name in self.names]
        self.threads = [threading.Thread(target=self._client, args=(random.Random(seed + number), mine), daemon=True)
                        for number, mine in enumerate(self.writes)]

    def start(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def wait(self, seconds):
        """Whether all operations were acknowledged within the time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.count < self.operations:
            time.sleep(0.1)
        self.stop()
        return self.count >= self.operations

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def gap(self):
        """The longest time without an acknowledgement."""
        times = sorted(self.times)
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=0.0)

    def _client(self, chance, mine):
        doors = {}
        while not self.stopping.is_set() and self.count < self.operations:
            name = chance.choices(self.names, self.weights)[0]
            number = chance.randrange(len(self.servers))
            mark = None
            try:
                if name == "write":
                    self._write(doors, number, mine)
                elif name == "hook":
                    self._door(doors, number, "rpc").call("webhook.endpoint", "action_send_test", [[self.endpoint]])
                else:
                    door = self._door(doors, number, name)
                    mark = self._next(name, chance)
                    if not door.send(mark):
                        raise ValueError(f"{name} answered {door.said!r}"[:200])
                    if (DOORS[name].repeats or self.careless) and chance.random() < DROPPED:
                        raise Dropped("an answer was thrown away on purpose")
                with self.lock:
                    self.count += 1
                    self.hooks += name == "hook"
                    self.times.append(time.monotonic())
                    if mark:
                        self.acknowledged[name].add(mark)
            except FAULTS as error:
                if not isinstance(error, Dropped):
                    doors.pop((number, name), None)
                    doors.pop((number, "rpc"), None)
                with self.lock:
                    self.failures[f"{type(error).__name__}: {error}"[:110]] += 1
                    if mark:
                        self.open[name].add(mark)
                # A careless sender repeats what got no answer although nobody can tell it from something new.
                self.stopping.wait(0.01)

    def _door(self, doors, number, name):
        door = doors.get((number, name))
        if door is None:
            door = (Careless if self.careless and name == "fhir" else Caller if name == "rpc" else DOORS[name])(self.servers[number])
            if name == "mllp":
                door.connect()
            door.uid, door.head = self.uid, {"Authorization": f"Bearer {self.key}"}
            if name == "fhir":
                door.head["Content-Type"] = "application/fhir+json"
            doors[number, name] = door
        return door

    def _next(self, name, chance):
        with self.lock:
            if self.open[name] and (DOORS[name].repeats or self.careless) and chance.random() < 0.7:
                return self.open[name].pop()
        return samples.unique(name[0].upper())

    def _write(self, doors, number, mine):
        caller = self._door(doors, number, "rpc")
        if mine.record is None:
            mine.record = caller.call("crm.lead", "create", [{"name": samples.unique("own"), "type": "opportunity"}])
        mine.tried += 1
        value = mine.tried
        caller.call("crm.lead", "write", [[mine.record], {"expected_revenue": value}])
        mine.acknowledged = value

    def verify(self, server):
        """(lost, doubled) marks over everything; numbers that went back count as lost."""
        lost, doubled = [], []
        for name, marks in self.acknowledged.items():
            every = sorted(marks | self.open[name])
            found = collections.Counter()
            for start in range(0, len(every), 500):
                found += DOORS[name](server).count(every[start:start + 500])
            lost += [mark for mark in marks if found[mark] == 0]
            doubled += [mark for mark in every if found[mark] > 1]
        for mine in self.writes:
            if mine.record is None:
                continue
            value = server.search_read("crm.lead", [["id", "=", mine.record]], ["expected_revenue"])[0]["expected_revenue"]
            if not mine.acknowledged <= value <= mine.tried:
                lost.append(f"{mine.acknowledged} written and {value} read")
        return lost, doubled


class Caller(RPCDoor):
    """Calls that are no creates, on the same login."""

    def call(self, model, method, args):
        return self.server.rpc("object", "execute_kw", DATABASE, self.uid, PASSWORD, model, method, args)


class Careless(FHIRDoor):
    """A sender that repeats without saying so: the negative control."""

    def send(self, mark):
        import json
        value = samples.patient(identifier=[{"system": samples.MRN_SYSTEM, "value": mark}])
        status, _, self.said = self.server.request("POST", samples.FHIR_BASE + "/Patient", json.dumps(value).encode(), self.head, timeout=10)
        return status in (200, 201)
