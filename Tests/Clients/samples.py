"""Messages, documents and values that the suites send. Nobody in them is real."""

import collections
import itertools
import os
import struct
import zlib

# Where the doors stand and where a sender's own numbers are kept; the harnesses count by them.
FHIR_BASE = "/fhir"
UPLOAD_PATH = "/documents"
MRN_SYSTEM = "https://north.example/mrn"
PLACER_FIELD = "external_id"

_number = itertools.count(1)
_run = os.urandom(3).hex().upper()


def unique(prefix="T"):
    """A control id or number that no other call gives."""
    return f"{prefix}{_run}{next(_number):05d}"


def referral_values(server):
    """Values of a new referral by RPC, about a patient of the demo."""
    patient = server.kw("care.patient", "search", [[]], {"limit": 1})[0]
    return {"patient_id": patient, "urgency": "routine", "reason_text": "Chest pain on effort"}


def ref_i12(control=None, placer=None, patient=None, family="Okafor", given="Amara", birth="19700214", version="2.5.1", enhanced=False):
    """A referral as HL7 v2 sends it: REF^I12; `enhanced` asks for both acknowledgements."""
    control, placer, patient = control or unique("M"), placer or unique("P"), patient or unique("MRN")
    segments = [
        f"MSH|^~\\&|GPSYS|NORTHGP|BATON|HOSP|20261120090000||REF^I12^REF_I12|{control}|P|{version}" + ("|||AL|AL" if enhanced else ""),
        f"RF1|P^Pending^HL70280|R^Routine^HL70280|CAR^Cardiology^L|||{placer}|20261120",
        "PRD|RP^Referring provider^HL70286|Bauer^Lena^^^Dr|2 Mill Lane^^Northtown^^N1 1AA|^^^NORTHGP|||1234567893^NPI",
        "PRD|RT^Referred to provider^HL70286|Cardiology Clinic",
        f"PID|1||{patient}^^^NORTHGP^MR||{family}^{given}||{birth}|F|||4 Elm Road^^Northtown^^N1 2BB||+15550100",
        "IN1|1|PPO|ACME^^^ACME|Acme Health|||||GRP1||||||||||||||||||||||||||POL123",
        "DG1|1||I20.9^Angina pectoris, unspecified^I10||20261118|W",
        "NTE|1||Chest pain on effort for three weeks",
    ]
    return "\r".join(segments) + "\r"


def adt(event, patient, family="Okafor", given="Amara", birth="19700214", control=None):
    """A change of demographics: ADT^A28, A31 or A08."""
    return "\r".join([
        f"MSH|^~\\&|GPSYS|NORTHGP|BATON|HOSP|20261120090000||ADT^{event}^ADT_A05|{control or unique('A')}|P|2.5.1",
        f"EVN|{event}|20261120090000",
        f"PID|1||{patient}^^^NORTHGP^MR||{family}^{given}||{birth}|F|||4 Elm Road^^Northtown^^N1 2BB",
        "PV1|1|N",
    ]) + "\r"


def png(width=40, height=20):
    """A small grey image."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([128 + (row * 3 + int.from_bytes(os.urandom(1), "big")) % 100] * width) for row in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pdf(text="Referral letter", pages=1):
    """A PDF of one font and a line of text to the page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", None, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number in range(pages):
        stream = f"BT /F1 18 Tf 72 720 Td ({text} {number + 1}) Tj ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects))
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(b"%d 0 R" % kid for kid in kids))
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def service_request(patient, **more):
    """A FHIR R4 order for a consultation."""
    return {
        "resourceType": "ServiceRequest", "status": "active", "intent": "order", "priority": "routine",
        "identifier": [{"system": "https://north.example/referrals", "value": unique("SR")}],
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "183519002", "display": "Referral to cardiology service"}]},
        "subject": {"reference": patient}, "authoredOn": "2026-11-20",
        "reasonCode": [{"text": "Chest pain on effort"}], **more,
    }


def patient(family="Haddad", given="Farah", birth="1981-03-09", **more):
    """A FHIR R4 patient with a new identifier."""
    return {
        "resourceType": "Patient", "identifier": [{"system": MRN_SYSTEM, "value": unique("MRN")}],
        "name": [{"family": family, "given": [given]}], "gender": "female", "birthDate": birth, **more,
    }


def patient_domain(number):
    """Finds a patient by the number that a sender gave it."""
    return [["identifier_ids.value", "=", number]]


def count_patients(server, numbers):
    """How often each number of the senders was given to a patient."""
    rows = server.search_read("care.patient.identifier", [["value", "in", numbers]], ["value"])
    return collections.Counter(row["value"] for row in rows)


def count_documents(server, names):
    """How many documents bear each name."""
    rows = server.search_read("care.document", [["name", "in", [name + ".pdf" for name in names]]], ["name"])
    return collections.Counter(row["name"].removesuffix(".pdf") for row in rows)
