"""Bad input of each kind through each door that takes it: a clear error with a code and an instruction, and what arrived is kept with
an exception that has an owner.

Doors that take referrals keep what arrives. The API of Odoo's clients keeps nothing: its caller has the value and the answer in hand.
Somebody who is not known gets an error and leaves a trace in the trail, but fills no disk.
"""

import base64
import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import zlib

import samples
from harness import PASSWORD, ServedTestCase, Server
from mllp import MLLP

KIND = "application/fhir+json"
X12 = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261120*0900*^*00501*000000001*0*T*:~GS*HS*"


def encrypted_pdf():
    return samples.pdf().replace(b"/Size", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> /Size")


@functools.cache
def bomb_pdf():
    """A page whose drawing is 400 MB of text behind 400 kB."""
    packer = zlib.compressobj(6)
    stream = b"".join(packer.compress(b"n " * (1 << 20)) for _ in range(200)) + packer.flush()
    plain = samples.pdf("bomb")
    at = plain.index(b"4 0 obj")
    body = b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream)
    end = plain.index(b"endobj", at) + len(b"endobj\n")
    return plain[:at] + body + plain[end:]


def attachment(content, kind="application/pdf"):
    data = base64.b64encode(content).decode()
    return {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": {"contentType": kind, "data": data}}]}


class Kept:
    """What a database kept of what failed."""

    def __init__(self, server):
        self.server = server
        self.before = self.originals()

    def originals(self):
        rows = self.server.search_read("care.intake", [["state", "in", ["failed", "duplicate"]]], ["error_code", "state"])
        return {row["id"]: row["error_code"] or row["state"] for row in rows}

    def cases(self):
        rows = self.server.search_read("ops.exception", [["state", "=", "open"]], ["cause", "user_id", "remedy", "res_model", "res_id"])
        return [row for row in rows if row["user_id"] and row["remedy"]]

    def new(self):
        return [code for id, code in sorted(self.originals().items()) if id not in self.before]


class BadInput(ServedTestCase):
    def setUp(self):
        self.kept = Kept(self.server)
        self.key = self.server.api_key()

    def expect_kept(self, code, seconds=0):
        """Something failed with that code, was kept, and has an exception with an owner and a remedy."""
        end = time.monotonic() + seconds
        while True:
            found, cases = self.kept.new(), [case["cause"] for case in self.kept.cases()]
            if code in found and code in cases or time.monotonic() > end:
                break
            time.sleep(0.5)
        self.assertIn(code, found)
        self.assertIn(code, cases)

    # -- HL7 v2

    def test_hl7(self):
        """over MLLP: AE or AR with code, place and instruction in ERR"""
        future, unknown = samples.ref_i12(birth="20991231"), samples.adt("A31", samples.unique("NOBODY"))
        cases = [
            ("garbage", b"\x07not a message at all", None), ("X12", X12, None), ("malformed", samples.ref_i12().replace("|2.5.1", "|9.9"), None),
            ("wrong type", samples.ref_i12().replace("REF^I12^REF_I12", "ZZZ^Z99"), None),
            ("future birth date", future, "patient.birth_date"), ("unknown patient", unknown, "patient.unknown"),
            ("no patient", "\r".join(line for line in samples.ref_i12().split("\r") if not line.startswith("PID")), None),
        ]
        for name, message, code in cases:
            with self.subTest(name), MLLP(self.server.mllp_port) as line:
                self.kept = Kept(self.server)
                answer = line.ask(message)
                self.assertIn(answer.code, ("AE", "AR"), answer.text)
                found = answer.field("ERR", 5).split("^")[0]
                self.assertTrue(found and answer.field("ERR", 8), answer.text)
                if code:
                    self.assertEqual(found, code)
                self.expect_kept(found)

    def test_hl7_duplicate(self):
        """the same again gets the same answer; something else under its number is kept for a person"""
        message = samples.ref_i12()
        with MLLP(self.server.mllp_port) as line:
            first = line.ask(message)
            self.assertEqual(line.ask(message).text, first.text)
            self.assertEqual(self.kept.new(), [])
            self.assertEqual(line.ask(message.replace("Chest pain", "Knee pain")).text, first.text)
        self.assertEqual(self.kept.new(), ["duplicate"])
        self.assertIn("intake.control_id_reused", [case["cause"] for case in self.kept.cases()])

    def test_hl7_documents(self):
        """an encrypted PDF inside a message is found soon after, and gets an owner"""
        data = base64.b64encode(encrypted_pdf()).decode()
        with MLLP(self.server.mllp_port) as line:
            answer = line.ask(samples.ref_i12() + f"OBX|1|ED|11524-6^EKG study^LN||^application^pdf^Base64^{data}||||||F\r")
        self.assertEqual(answer.code, "AA", answer.text)
        end = time.monotonic() + 30
        while time.monotonic() < end and "document.encrypted" not in [case["cause"] for case in self.kept.cases()]:
            time.sleep(0.5)
        self.assertIn("document.encrypted", [case["cause"] for case in self.kept.cases()])

    # -- FHIR

    def fhir(self, method, path, body, **headers):
        head = {"Content-Type": KIND, "Accept": KIND, "Authorization": f"Bearer {self.key}"}
        head.update({name.replace("_", "-"): value for name, value in headers.items()})
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = self.server.request(method, "/fhir" + path, body, head, timeout=60)
        return status, json.loads(answer)

    def test_fhir(self):
        """an OperationOutcome with code, place and what to do"""
        order = {**samples.service_request("Patient/999999"), "status": "active"}
        made = self.fhir("POST", "/Patient", samples.patient())[1]
        cases = [
            ("malformed JSON", "POST", "/ServiceRequest", b'{"resourceType":', {}, 400, None),
            ("malformed JSON in a Bundle", "POST", "", b'{"resourceType":"Bundle"', {}, 400, None),
            ("malformed XML", "POST", "/Patient", b"<Patient", {}, 400, None), ("X12", "POST", "", X12, {}, 400, None),
            ("not R4", "POST", "/ServiceRequest", {"resourceType": "ServiceRequest", "status": "active"}, {}, 400, None),
            ("unknown patient", "POST", "/ServiceRequest", order, {}, 422, "fhir.unknown_reference"),
            ("future birth date", "POST", "/Patient", samples.patient(birth="2199-01-01"), {}, 422, "patient.birth_date"),
            ("encrypted PDF", "POST", "/DocumentReference", attachment(encrypted_pdf()), {}, 422, "document.encrypted"),
            ("stale version", "PUT", f"/Patient/{made['id']}", {**made, "gender": "other"}, {"If_Match": 'W/"77"'}, 412, "record.stale"),
        ]
        for name, method, path, body, headers, wanted, code in cases:
            with self.subTest(name):
                self.kept = Kept(self.server)
                status, answer = self.fhir(method, path, body, **headers)
                self.assertEqual((status, answer["resourceType"]), (wanted, "OperationOutcome"), answer)
                found = answer["issue"][0]["details"]["coding"][0]["code"]
                if code:
                    self.assertEqual(found, code)
                self.assertGreater(len(answer["issue"][0].get("diagnostics", "")), 20, answer)
                self.expect_kept(found)

    def test_bomb(self):
        """a PDF that unpacks to 400 MB is refused by FHIR and by upload; where the machine is too slow to tell, soon after"""
        for name in ("fhir", "upload"):
            with self.subTest(name):
                content = bomb_pdf() + b"\n%" + samples.unique("x").encode()
                before = [case["id"] for case in self.kept.cases()]
                if name == "fhir":
                    status, answer = self.fhir("POST", "/DocumentReference", attachment(content))
                else:
                    head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/pdf"}
                    status, _, answer = self.server.request("POST", samples.UPLOAD_PATH, content, head, timeout=90)
                self.assertIn(status, (201, 202, 422), answer)
                end = time.monotonic() + 180
                causes = []
                while not causes and time.monotonic() < end:
                    causes = [case["cause"] for case in self.kept.cases() if case["id"] not in before and case["cause"].startswith("document.too_")]
                    time.sleep(0.5)
                self.assertTrue(causes, f"{status} {answer}")

    def test_fhir_duplicate(self):
        """the same referral again is answered as the first, and made once"""
        made = self.fhir("POST", "/Patient", samples.patient())[1]
        order = samples.service_request(f"Patient/{made['id']}")
        first, second = self.fhir("POST", "/ServiceRequest", order), self.fhir("POST", "/ServiceRequest", order)
        self.assertEqual((first[0], second[0], first[1]["id"]), (201, 200, second[1]["id"]))

    def test_unauthorised(self):
        """who is not known, or may not, is told what to do; somebody known leaves what they sent"""
        for path, body in (("/fhir/Patient", samples.patient()), ("/documents", {}), ("/json/2/care.patient/create", {})):
            status, headers, answer = self.server.post_json(path, body, {"Content-Type": KIND if "fhir" in path else "application/json"})
            self.assertEqual(status, 401, answer)
        uid = self.server.kw("res.users", "create", [{"login": samples.unique("u"), "name": "Nobody special", "password": PASSWORD}])
        login = self.server.kw("res.users", "read", [[uid], ["login"]])[0]["login"]
        basic = base64.b64encode(f"{login}:{PASSWORD}".encode()).decode()
        status, answer = self.fhir("POST", "/Patient", samples.patient(), Authorization=f"Basic {basic}")
        self.assertEqual(status, 403, answer)
        self.expect_kept(answer["issue"][0]["details"]["coding"][0]["code"])

    # -- documents

    def test_documents(self):
        """by upload and by the watched folder: refused with code and instruction, kept, owned"""
        cases = [
            ("X12", X12, "document.unknown_kind"), ("encrypted", encrypted_pdf(), "document.encrypted"),
            ("broken", b"%PDF-1.7\n" + b"\xff" * 500, "document.broken"),
        ]
        for name, content, code in cases:
            content += b"\n%" + samples.unique("x").encode()
            with self.subTest(name + " by upload"):
                self.kept = Kept(self.server)
                head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/pdf"}
                status, _, body = self.server.request("POST", samples.UPLOAD_PATH, content, head, timeout=60)
                answer = json.loads(body)
                self.assertEqual(status, 422, answer)
                self.assertTrue(answer["code"] and answer["instruction"] and answer["intake_id"], answer)
                self.assertEqual(answer["code"], code)
                self.expect_kept(code)
            with self.subTest(name + " by folder"):
                self.kept = Kept(self.server)
                content += b"2"
                partial = self.server.watch / (samples.unique("bad") + ".part")
                partial.write_bytes(content)
                partial.rename(partial.with_suffix(".pdf"))
                self.expect_kept(code, seconds=40)

    # -- Odoo's API

    def test_api(self):
        """malformed JSON, XML and values, a stale version: Odoo's error shapes with a sentence"""
        request = self.server.request
        status, _, body = request("POST", "/jsonrpc", b'{"jsonrpc":', {"Content-Type": "application/json"})
        self.assertEqual((status, body), (400, b"Invalid JSON data"))
        status, _, body = request("POST", "/xmlrpc/2/object", b"<methodCall><x", {"Content-Type": "text/xml"})
        self.assertEqual(status, 400)
        self.assertIn(b"Invalid XML-RPC data", body)
        head = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        status, _, body = request("POST", "/json/2/care.patient/create", b"{", head)
        self.assertEqual((status, json.loads(body)["name"]), (400, "werkzeug.exceptions.BadRequest"))
        made = self.server.kw("care.patient", "create", [{"family_name": "Stale"}])
        with self.assertRaisesRegex(Exception, "version"):
            self.server.kw("care.patient", "write", [[made], {"given_name": "x"}], {"context": {"expected_version": 77}})
        with self.assertRaisesRegex(Exception, "future"):
            self.server.kw("care.patient", "create", [{"family_name": "Late", "birth_date": "2199-01-01"}])


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
