"""Each kind of bad input at each door that takes something: one table, one cell for each pair.

A cell is a function that sends it and says what was answered, or a sentence that says why the pair does not exist. Of every answer the
test wants its status, a stable code and an instruction; of what arrived the original with its SHA-256, and an exception with an owner
and a remedy. Callers who are not known leave no content, only a grouped exception; see docs/reference/bad-input.md.
"""

import base64
import functools
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import samples
from bad_senders import KIND, Seen, Senders, attachment, bomb_pdf, encrypted_pdf, unlike, wait
from harness import PASSWORD, ServedTestCase, Server
from mllp import MLLP
from test_portal import START, Visitor, fill

X12 = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261120*0900*^*00501*000000001*0*T*:~GS*HS*"
KINDS = ["malformed", "X12", "PDF bomb", "encrypted PDF", "unknown patient", "future birth date", "duplicate", "unauthorised", "stale version", "full disk"]
DOORS = ["MLLP", "FHIR", "upload", "folder", "portal", "webhook", "JSON-RPC", "XML-RPC", "JSON-2"]
CELLS = {}


def cell(kind, *doors):
    """Registers a function as the cell of a kind at some doors; it is told which."""
    def register(function):
        for door in doors:
            CELLS[kind, door] = functools.partial(function, door=door)
        return function
    return register


def no_cell(kind, doors, reason):
    for door in doors:
        CELLS[kind, door] = reason


API = ["JSON-RPC", "XML-RPC", "JSON-2"]


@cell("malformed", "MLLP")
def _(senders, door):
    return senders.mllp(unlike(b"\x07not a message at all"))


@cell("X12", "MLLP")
def _(senders, door):
    return senders.mllp(X12 + samples.unique("x").encode())


@cell("malformed", "FHIR")
def _(senders, door):
    return senders.fhir("POST", "/ServiceRequest", b'{"resourceType":' + samples.unique("x").encode())


@cell("X12", "FHIR")
def _(senders, door):
    return senders.fhir("POST", "", X12 + samples.unique("x").encode())


@cell("malformed", "upload", "folder", "portal")
def _(senders, door):
    content = unlike(b"%PDF-1.7\n" + b"\xff" * 500)
    return senders.portal(content=content) if door == "portal" else getattr(senders, door)(content)


@cell("X12", "upload", "folder", "portal")
def _(senders, door):
    content = X12 + samples.unique("x").encode()
    return senders.portal(content=content) if door == "portal" else getattr(senders, door)(content)


@cell("malformed", "webhook")
def _(senders, door):
    return senders.hook(b'{"patient":' + samples.unique("x").encode())


@cell("X12", "webhook")
def _(senders, door):
    return senders.hook(X12 + samples.unique("x").encode())


@cell("malformed", *API)
def _(senders, door):
    body = {"XML-RPC": b"<methodCall><x"}.get(door, b'{"jsonrpc":') + samples.unique("x").encode()
    seen = senders.rpc(door, "care.patient", "create", [], body=body)
    if door != "JSON-2":
        # Passwords travel in these bodies: they are measured, and not kept.
        seen.kept, seen.route = "ops.exception", "/jsonrpc" if door == "JSON-RPC" else "/xmlrpc"
    return seen


@cell("X12", *API)
def _(senders, door):
    seen = senders.rpc(door, "care.patient", "create", [], body=X12 + samples.unique("x").encode())
    if door != "JSON-2":
        seen.kept, seen.route = "ops.exception", "/jsonrpc" if door == "JSON-RPC" else "/xmlrpc"
    return seen


# -- documents that mean harm, or open for nobody

def later(kind, make):
    """Inside a message, or made by a program, a document is found soon after: until then it says that nobody has looked at it."""
    def send(senders, door):
        content = make()
        if door == "MLLP":
            data = base64.b64encode(content).decode()
            seen = senders.mllp(samples.ref_i12() + f"OBX|1|ED|11524-6^EKG study^LN||^application^pdf^Base64^{data}||||||F\r")
        else:
            values = {"name": samples.unique("file") + ".pdf", "content": base64.b64encode(content).decode()}
            senders.rpc(door, "care.document", "create", [[values]])
            seen = Seen("made", "", "")
        seen.content, seen.kept, seen.state = content, "care.document", "refused"
        return seen
    for door in ["MLLP", *API]:
        CELLS[kind, door] = functools.partial(send, door=door)


later("PDF bomb", bomb_pdf)
later("encrypted PDF", encrypted_pdf)


@cell("PDF bomb", "FHIR", "upload", "folder", "portal")
def _(senders, door):
    return document(senders, door, bomb_pdf())


@cell("encrypted PDF", "FHIR", "upload", "folder", "portal")
def _(senders, door):
    return document(senders, door, encrypted_pdf())


def document(senders, door, content):
    if door == "FHIR":
        return senders.fhir("POST", "/DocumentReference", attachment(content))
    return senders.portal(content=content) if door == "portal" else getattr(senders, door)(content)


no_cell("PDF bomb", ["webhook"], "webhooks take JSON only")
no_cell("encrypted PDF", ["webhook"], "webhooks take JSON only")


# -- what is said of a patient

@cell("unknown patient", "MLLP")
def _(senders, door):
    return senders.mllp(samples.adt("A31", samples.unique("NOBODY")))


@cell("unknown patient", "FHIR")
def _(senders, door):
    return senders.fhir("POST", "/ServiceRequest", samples.service_request("Patient/999999"))


@cell("unknown patient", *API)
def _(senders, door):
    reason = samples.unique("Chest pain ")
    seen = senders.rpc(door, "care.referral", "create", [[{"patient_id": 999999, "urgency": "routine", "reason_text": reason}]])
    seen.content = reason.encode()
    return seen


no_cell("unknown patient", ["upload", "folder"], "a document alone names no patient; a person enters who it is about")
no_cell("unknown patient", ["portal"], "the portal's patients are found or made; nobody refers to a record")
no_cell("unknown patient", ["webhook"], "what a call says is understood by its rule, whose failures are those of the cell above")


@cell("future birth date", "MLLP")
def _(senders, door):
    return senders.mllp(samples.ref_i12(birth="20991231"))


@cell("future birth date", "FHIR")
def _(senders, door):
    return senders.fhir("POST", "/Patient", samples.patient(birth="2199-01-01"))


@cell("future birth date", "portal")
def _(senders, door):
    family = samples.unique("Later")
    seen = senders.portal({"birth_date": "2199-01-01", "family_name": family})
    seen.content = family.encode()
    return seen


@cell("future birth date", *API)
def _(senders, door):
    family = samples.unique("Later")
    seen = senders.rpc(door, "care.patient", "create", [[{"family_name": family, "birth_date": "2199-01-01"}]])
    seen.content = family.encode()
    return seen


no_cell("future birth date", ["upload", "folder"], "a document alone says nothing of a patient that is not on its pages")
no_cell("future birth date", ["webhook"], "what a call says is understood by its rule, whose failures are those of the cell above")


# -- the same again

@cell("duplicate", "MLLP")
def _(senders, door):
    message = samples.ref_i12()
    first, again = senders.mllp(message), senders.mllp(message)
    assert (first.status, again.status) == ("AA", "AA")
    other = message.replace("Chest pain", "Knee pain")
    return senders.mllp(other, state="duplicate", cause="intake.control_id_reused")


@cell("duplicate", "upload")
def _(senders, door):
    key, first = samples.unique("key"), unlike(samples.pdf())
    assert senders.upload(first, Idempotency_Key=key).status == 201
    assert senders.upload(first, Idempotency_Key=key).status == 200
    return senders.upload(unlike(samples.pdf()), Idempotency_Key=key)


no_cell("duplicate", ["FHIR"], "the same referral again is answered as the first, and made once: test_fhir_duplicate")
no_cell("duplicate", ["folder"], "the same content again goes to taken/ with a note that names the first: test_documents.py")
no_cell("duplicate", ["portal"], "the same draft sent twice is the same referral with the same number: test_portal.py")
no_cell("duplicate", ["webhook"], "a call under an id that was carried out is answered as done and not run again: IncomingTests")
no_cell("duplicate", API, "a program makes what it says; two referrals that look alike are matched with a score for a person to decide")


# -- who may not, and what is old

@cell("unauthorised", "FHIR", "upload")
def _(senders, door):
    if door == "FHIR":
        seen = senders.fhir("POST", "/Patient", samples.patient(), key=False)
    else:
        seen = senders.upload(samples.pdf(), Authorization="Bearer nonsense")
    seen.kept, seen.cause, seen.route = "ops.exception", "security.unauthorised", "/fhir" if door == "FHIR" else "/documents"
    seen.content = b""
    return seen


@cell("unauthorised", *API)
def _(senders, door):
    seen = senders.rpc(door, "care.patient", "create", [[{"family_name": "Nobody"}]], password="wrong " + samples.unique("p"))
    seen.kept, seen.cause = "ops.exception", "security.unauthorised"
    seen.route = {"JSON-RPC": "/jsonrpc", "XML-RPC": "/xmlrpc", "JSON-2": "/json"}[door]
    return seen


@cell("unauthorised", "webhook")
def _(senders, door):
    seen = senders.hook(b"{}", signed=True)
    seen.kept, seen.cause, seen.route, seen.content = "ops.exception", "security.unauthorised", "/web", b""
    # Whoever does not sign is told nothing, as Odoo tells nothing.
    seen.code, seen.instruction = "(silent)", "(told to nobody who does not sign)"
    return seen


no_cell(
    "unauthorised", ["MLLP"], "this machine may always send; another address that --mllp-trusted does not name is closed unread and counted")
no_cell("unauthorised", ["folder"], "who may write into the folder is the operating system's matter")
no_cell("unauthorised", ["portal"], "the portal is open to everybody; a form without our mark is shown again, and nothing is kept of it")


@cell("stale version", "FHIR")
def _(senders, door):
    made = senders.fhir("POST", "/Patient", samples.patient())[1]
    return senders.fhir("PUT", f"/Patient/{made['id']}", {**made, "gender": "other"}, If_Match='W/"77"')


@cell("stale version", *API)
def _(senders, door):
    made = senders.server.kw("care.patient", "create", [{"family_name": "Stale"}])
    name = samples.unique("Old")
    seen = senders.rpc(door, "care.patient", "write", [[made], {"given_name": name}], context={"expected_version": 77})
    seen.content = name.encode()
    return seen


no_cell("stale version", ["MLLP"], "HL7 v2 has no versions of records")
no_cell("stale version", ["upload", "folder"], "a document is never changed, only sent again")
no_cell("stale version", ["portal"], "nobody changes a referral by the portal")
no_cell("stale version", ["webhook"], "what a call changes is its rule's matter, in one unit of work")
no_cell("full disk", DOORS, "FullDisk below: nothing is acknowledged that is not kept, and nothing can be kept")


class BadInput(ServedTestCase):
    def setUp(self):
        self.senders = Senders(self.server)

    def rows(self, model, domain, fields):
        return self.server.search_read(model, domain, fields)

    def owned(self, domain):
        fields = ["cause", "user_id", "remedy", "state", "name", "occurrences"]
        return [case for case in self.rows("ops.exception", domain, fields) if case["user_id"] and case["remedy"] and case["state"] == "open"]

    def test_table(self):
        """each kind at each door: status, code and instruction; the original by its SHA-256; an exception with an owner"""
        self.assertEqual(set(CELLS), {(kind, door) for kind in KINDS for door in DOORS})
        for (kind, door), send in sorted(CELLS.items()):
            if isinstance(send, str):
                self.assertGreater(len(send), 20)
                continue
            with self.subTest(f"{kind} at {door}"):
                self.check(send(self.senders))

    def check(self, seen):
        if seen.kept == "care.document":
            return self.check_document(seen)
        if seen.state != "duplicate":
            self.assertNotIn(seen.status, (200, 201, 202, "AA", "CA"), seen)
            self.assertTrue(seen.code and len(seen.instruction) > 15, seen)
        cause = seen.cause or seen.code
        if seen.kept == "ops.exception":
            reference = f"{cause} {seen.route} 127.0.0.1"
            digest = hashlib.sha256(seen.content).hexdigest() if seen.content else ""
            def found():
                cases = self.owned([["source", "=", "security"], ["reference", "=", reference]])
                notes = self.rows("ops.exception.occurrence", [["exception_id", "in", [case["id"] for case in cases]]], ["name"])
                return [note for note in notes if digest in note["name"]]
            return self.assertTrue(wait(found, 20), f"{seen} {reference}")
        if seen.kept == "webhook.call":
            calls = self.rows("webhook.call", [["state", "=", "failed"]], ["payload"])
            mine = [call["id"] for call in calls if json.loads(call["payload"]) == seen.content.decode()]
            self.assertEqual(len(mine), 1, seen)
            return self.assertTrue(self.owned([["res_model", "=", "webhook.call"], ["res_id", "in", mine], ["cause", "=", cause]]), seen)
        self.check_original(seen, cause)

    def check_original(self, seen, cause):
        digest = hashlib.sha256(seen.content).hexdigest()
        found = self.rows("care.intake", [["state", "=", seen.state], ["digest", "=", digest]], ["error_code", "content", "digest"])
        if not found:
            # What was typed into a form or called by a program is kept as JSON without its credentials.
            recent = self.rows("care.intake", [["state", "=", seen.state], ["channel", "in", ["api", "portal"]]], ["error_code", "content", "digest"])
            found = [row for row in recent if seen.content in base64.b64decode(row["content"])]
        self.assertTrue(found, seen)
        for row in found:
            content = base64.b64decode(row["content"])
            self.assertEqual(row["digest"], hashlib.sha256(content).hexdigest())
            self.assertNotIn(PASSWORD.encode(), content)
        if seen.state == "failed":
            self.assertEqual(found[0]["error_code"], seen.code)
        ids = [row["id"] for row in found]
        self.assertTrue(self.owned([["res_model", "=", "care.intake"], ["res_id", "in", ids], ["cause", "=", cause]]), seen)

    def check_document(self, seen):
        """A document that was looked at after the answer: never called checked before, refused and owned soon after."""
        digest = hashlib.sha256(seen.content).hexdigest()
        fields = ["state", "refusal_code", "content"]
        def found():
            rows = self.rows("care.document", [["digest", "=", digest]], fields)
            self.assertTrue(all(base64.b64decode(row["content"]) == seen.content for row in rows), digest)
            self.assertTrue(all(row["state"] in ("received", "refused") for row in rows), rows and rows[0]["state"])
            return [row for row in rows if row["state"] == "refused"]
        rows = wait(found)
        self.assertTrue(rows, seen.status)
        case = [["res_model", "=", "care.document"], ["res_id", "=", rows[0]["id"]], ["cause", "=", rows[0]["refusal_code"]]]
        self.assertTrue(self.owned(case), rows[0]["refusal_code"])

    def test_flood(self):
        """a flood of calls by nobody makes one exception that counts them, and keeps nothing of what they sent"""
        before = len(self.rows("care.intake", [], ["id"]))
        for _ in range(60):
            self.assertEqual(self.server.post_json("/fhir/Patient", samples.patient(), {"Content-Type": KIND})[0], 401)
        reference = ["reference", "=", "security.unauthorised /fhir 127.0.0.1"]
        cases = wait(lambda: [case for case in self.owned([reference]) if case["occurrences"] >= 60], 20)
        self.assertEqual(len(cases), 1)
        self.assertEqual(len(self.rows("care.intake", [], ["id"])), before)

    def test_forgiven(self):
        """a portal's visitor who puts the birth date right leaves no open exception"""
        visitor = Visitor(self.server).open(START)
        family = samples.unique("Typo")
        visitor.submit({**fill(visitor.page.forms[-1]), "family_name": family, "birth_date": "2199-01-01"})
        self.assertEqual(visitor.status, 422)
        visitor.submit({"birth_date": "1970-02-14"})
        visitor.submit({}, visitor.page.forms[-1])
        rows = self.rows("care.intake", [["channel", "=", "portal"], ["state", "=", "failed"]], ["content"])
        mine = [row["id"] for row in rows if family.encode() in base64.b64decode(row["content"])]
        self.assertEqual(len(mine), 1)
        cases = self.rows("ops.exception", [["res_model", "=", "care.intake"], ["res_id", "in", mine]], ["state"])
        self.assertEqual([case["state"] for case in cases], ["resolved"])

    def test_known_but_not_allowed(self):
        """somebody known who may not leaves what they sent"""
        uid = self.server.kw("res.users", "create", [{"login": samples.unique("u"), "name": "Nobody special", "password": PASSWORD}])
        login = self.server.kw("res.users", "read", [[uid], ["login"]])[0]["login"]
        basic = base64.b64encode(f"{login}:{PASSWORD}".encode()).decode()
        seen = self.senders.fhir("POST", "/Patient", samples.patient(), Authorization=f"Basic {basic}")
        self.assertEqual(seen.status, 403)
        self.check_original(seen, seen.code)

    def test_fhir_duplicate(self):
        """the same referral again is answered as the first, and made once"""
        made = self.senders.fhir("POST", "/Patient", samples.patient())[1]
        order = samples.service_request(f"Patient/{made['id']}")
        first, second = self.senders.fhir("POST", "/ServiceRequest", order), self.senders.fhir("POST", "/ServiceRequest", order)
        self.assertEqual((first[0], second[0], first[1]["id"]), (201, 200, second[1]["id"]))

    def test_bomb_on_a_loaded_machine(self):
        """while others take all computing time, a bomb is refused, or honestly kept unseen: never taken"""
        hogs = [subprocess.Popen(["/bin/sh", "-c", "ulimit -t 20; while :; do :; done"]) for _ in range(4)]
        try:
            for door in ("FHIR", "upload"):
                with self.subTest(door):
                    seen = document(self.senders, door, bomb_pdf())
                    self.assertEqual((seen.status, seen.code), (422, "document.too_costly"))
        finally:
            for hog in hogs:
                hog.kill()
                hog.wait()

    def test_secrets(self):
        """neither passwords nor what was sent stand in the program's log"""
        secret = samples.unique("hunter")
        for door in API:
            self.senders.rpc(door, "care.patient", "create", [[{"family_name": samples.unique("Logged")}]], password=secret)
        log = self.server.log_path.read_text(errors="replace")
        self.assertNotIn(secret, log)
        self.assertNotIn("Logged", log)
class FullDisk(unittest.TestCase):
    """A disk that is full: nothing is acknowledged that is not kept, every door says so, and work goes on when there is room."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="baton-full-")
        size = "size=24m,mode=0700"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "baton-test", self.folder], capture_output=True).returncode:
            shutil.rmtree(self.folder)
            self.skipTest("mounting a small disk needs root")
        self.addCleanup(self.unmount)
        self.server = Server(data=pathlib.Path(self.folder) / "data", demo=False).start()
        self.addCleanup(self.server.kill)
        self.key = self.server.api_key()

    def unmount(self):
        self.server.kill()
        subprocess.run(["umount", "-l", self.folder], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self):
        with open(pathlib.Path(self.folder) / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\0" * 4096)
            except OSError:
                pass

    def empty(self):
        os.remove(pathlib.Path(self.folder) / "filler")

    def upload(self, content):
        head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/pdf"}
        status, headers, body = self.server.request("POST", samples.UPLOAD_PATH, content, head, timeout=60)
        return status, headers, json.loads(body)

    def test_full(self):
        """MLLP, FHIR, upload and the API refuse for the time being; the same messages are taken once there is room"""
        big = samples.pdf() + b"\n%" + os.urandom(300_000).hex().encode()
        head = {"Content-Type": KIND, "Authorization": f"Bearer {self.key}"}
        patient = json.dumps({**samples.patient(), "text": {
            "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">" + "x" * 400_000 + "</div>"}}).encode()
        order = json.dumps({**samples.service_request("Patient/1"), "note": [{"text": "x" * 400_000}]}).encode()
        self.server.kw("care.patient", "create", [{"family_name": "Room"}])
        self.fill()
        with MLLP(self.server.mllp_port) as line:
            # What the log has room for already still fits; one of these is too many.
            for taken in range(40):
                message = samples.ref_i12() + "NTE|2||" + "x" * 400_000 + "\r"
                answer = line.ask(message)
                if answer.code != "AA":
                    break
            self.assertEqual(answer.code, "AR", answer.text)
            self.assertTrue(answer.field("ERR", 5) and answer.field("ERR", 8), answer.text)
            status, _, answer = self.upload(big)
            self.assertEqual(status, 503, answer)
            self.assertTrue(answer["code"] and answer["instruction"], answer)
            status, _, body = self.server.request("POST", "/fhir/ServiceRequest", order, head, timeout=60)
            self.assertEqual(status, 503, body)
            self.assertEqual(json.loads(body)["resourceType"], "OperationOutcome")
            with self.assertRaises(Exception):
                self.server.kw("care.patient", "create", [{"family_name": "Y" * 100, "street": "z" * 400_000}])
            self.assertIsNone(self.server.process.poll(), self.server.log_tail())
            self.empty()
            self.assertEqual(line.ask(message).code, "AA")
        self.assertIn(self.upload(big)[0], (200, 201))
        self.assertEqual(self.server.request("POST", "/fhir/ServiceRequest", order, head)[0], 201)
        self.assertEqual(self.server.get("/health")[0], 200)
        self.assertEqual(len(self.server.search_read("care.referral", [], ["name"])), taken + 2)
        self.server.stop()
        verdict = subprocess.run([self.server.command()[0], "audit", "verify", "--data", str(self.server.data)], capture_output=True, text=True)
        self.assertEqual(verdict.returncode, 0, verdict.stdout + verdict.stderr)
