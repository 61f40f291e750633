"""FHIR R4 over HTTP; every answer is parsed with the models of the PyPI package `fhir.resources` (R4B)."""

import importlib
import json

import samples
from harness import ServedTestCase

BASE = samples.FHIR_BASE
KIND = "application/fhir+json"


def parse(value):
    """The answer as a validated model: an unknown element or a wrong cardinality raises."""
    name = value["resourceType"]
    module = importlib.import_module(f"fhir.resources.R4B.{name.lower()}")
    return getattr(module, name).model_validate(value)


class FHIR(ServedTestCase):
    key = None

    def setUp(self):
        if FHIR.key is None:
            FHIR.key = self.server.api_key()

    def call(self, method, path, value=None, anonymous=False, **headers):
        """(status, headers, model or None, parsed JSON)"""
        head = {"Accept": KIND, **({} if anonymous else {"Authorization": f"Bearer {FHIR.key}"})}
        head.update({name.replace("_", "-"): text for name, text in headers.items()})
        body = None
        if value is not None:
            head["Content-Type"] = KIND
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
        status, got, data = self.server.request(method, BASE + path, body, head)
        if not data:
            return status, got, None, None
        self.assertTrue(got["content-type"].startswith(KIND), (status, got, data[:300]))
        answer = json.loads(data)
        return status, got, parse(answer), answer

    def create(self, value):
        status, headers, model, answer = self.call("POST", "/" + value["resourceType"], value)
        self.assertEqual(status, 201, answer)
        self.assertIn(f"{BASE}/{value['resourceType']}/{answer['id']}", headers["location"])
        return answer

    def test_capabilities(self):
        """the CapabilityStatement is R4, needs no login and names what the desk uses"""
        status, _, model, _ = self.call("GET", "/metadata", anonymous=True)
        self.assertEqual(status, 200)
        self.assertEqual(model.fhirVersion, "4.0.1")
        named = {resource.type for resource in model.rest[0].resource}
        wanted = {
            "Patient", "Practitioner", "PractitionerRole", "Organization", "Coverage", "ServiceRequest", "Task", "DocumentReference", "Appointment",
            "Communication"}
        self.assertEqual(wanted - named, set())

    def test_life_of_a_patient(self):
        """create, read, update with If-Match, and refuse a stale version"""
        made = self.create(samples.patient())
        status, headers, model, answer = self.call("GET", f"/Patient/{made['id']}")
        self.assertEqual(status, 200)
        self.assertEqual(model.name[0].family, "Haddad")
        etag = headers["etag"]
        self.assertTrue(etag.startswith('W/"'))
        answer["name"][0]["family"] = "Haddad-Kim"
        status, headers, model, changed = self.call("PUT", f"/Patient/{made['id']}", answer, If_Match=etag)
        self.assertEqual(status, 200, changed)
        self.assertNotEqual(headers["etag"], etag)
        status, _, outcome, _ = self.call("PUT", f"/Patient/{made['id']}", answer, If_Match=etag)
        self.assertEqual(status, 412)
        self.assertEqual(self.call("GET", f"/Patient/{made['id']}")[2].name[0].family, "Haddad-Kim")

    def test_referral(self):
        """a ServiceRequest becomes a referral with a Task beside it"""
        who = self.create(samples.patient())
        order = self.create(samples.service_request(f"Patient/{who['id']}"))
        status, _, bundle, _ = self.call("GET", f"/ServiceRequest?_id={order['id']}&_include=ServiceRequest:patient")
        self.assertEqual(status, 200)
        self.assertEqual({entry.resource.get_resource_type() for entry in bundle.entry}, {"ServiceRequest", "Patient"})
        self.assertEqual([entry.search.mode for entry in bundle.entry if entry.resource.get_resource_type() == "Patient"], ["include"])
        tasks = self.call("GET", f"/Task?focus=ServiceRequest/{order['id']}")[2]
        self.assertEqual(tasks.total, 1)
        task = tasks.entry[0].resource
        self.assertEqual((task.status, task.businessStatus.coding[0].code), ("in-progress", "doc-review"))

    def test_search(self):
        """search finds by identifier, name, birth date and pages with _count"""
        family = "Zz" + samples.unique("F").title()
        made = [self.create(samples.patient(family=family, given=name, birth=f"19{70 + n}-01-01")) for n, name in enumerate(("Ines", "Jonas", "Kofi"))]
        by_number = self.call("GET", f"/Patient?identifier={samples.MRN_SYSTEM}|{made[0]['identifier'][0]['value']}")[2]
        self.assertEqual([entry.resource.id for entry in by_number.entry], [made[0]["id"]])
        self.assertEqual(self.call("GET", f"/Patient?family={family}&birthdate=ge1971-01-01")[2].total, 2)
        found, path = [], f"/Patient?family={family}&_count=2"
        while path:
            page = self.call("GET", path)[3]
            self.assertEqual(page["total"], 3)
            self.assertLessEqual(len(page["entry"]), 2)
            found += [entry["resource"]["id"] for entry in page["entry"]]
            following = [link["url"] for link in page["link"] if link["relation"] == "next"]
            path = following[0].split(BASE, 1)[1] if following else None
        self.assertEqual(sorted(found), sorted(row["id"] for row in made))

    def test_unknown_parameter(self):
        """a search parameter that is not known is refused when strictness is asked for"""
        status, _, outcome, _ = self.call("GET", "/Patient?favourite-colour=blue", Prefer="handling=strict")
        self.assertEqual(status, 400)
        self.assertIn("favourite-colour", outcome.issue[0].diagnostics or outcome.issue[0].details.text)

    def test_conditional_create(self):
        """If-None-Exist makes the same patient once"""
        value = samples.patient()
        condition = f"identifier={samples.MRN_SYSTEM}|{value['identifier'][0]['value']}"
        first = self.call("POST", "/Patient", value, If_None_Exist=condition)
        second = self.call("POST", "/Patient", value, If_None_Exist=condition)
        self.assertEqual((first[0], second[0]), (201, 200))
        self.assertEqual(self.call("GET", "/Patient?" + condition)[2].total, 1)

    def bundle(self, order):
        who = samples.patient()
        return {
            "resourceType": "Bundle", "type": "transaction", "entry": [
                {"fullUrl": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a", "resource": who,
                 "request": {"method": "POST", "url": "Patient", "ifNoneExist": f"identifier={samples.MRN_SYSTEM}|{who['identifier'][0]['value']}"}},
                {"fullUrl": "urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059", "resource": order("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"),
                 "request": {"method": "POST", "url": "ServiceRequest"}},
            ]}, who["identifier"][0]["value"]

    def test_transaction(self):
        """a transaction resolves its own references"""
        value, _ = self.bundle(samples.service_request)
        status, _, model, answer = self.call("POST", "", value)
        self.assertEqual(status, 200, answer)
        self.assertEqual(model.type, "transaction-response")
        self.assertTrue(all(entry.response.status.startswith("201") for entry in model.entry), answer)
        order = model.entry[1].response.location.split("/_history")[0].split("ServiceRequest/")[1]
        self.assertTrue(self.call("GET", f"/ServiceRequest/{order}")[2].subject.reference.startswith("Patient/"))

    def test_transaction_is_whole(self):
        """when one entry is refused nothing of the transaction stays"""
        value, number = self.bundle(lambda who: {**samples.service_request(who), "status": "no-such-status"})
        status, _, outcome, answer = self.call("POST", "", value)
        self.assertIn(status, (400, 422), answer)
        self.assertEqual(outcome.get_resource_type(), "OperationOutcome")
        self.assertEqual(self.call("GET", f"/Patient?identifier={samples.MRN_SYSTEM}|{number}")[2].total, 0)

    def test_refusals_say_what_and_where(self):
        """bad input is answered by an OperationOutcome that names the element"""
        cases = [
            (b'{"resourceType":"Patient"', "/Patient", ""), (b'{"resourceType":"Nothing"}', "/Patient", ""),
            (json.dumps(samples.patient(birth="2199-01-01")).encode(), "/Patient", "birthDate"),
            (json.dumps({**samples.patient(), "gender": ["female"]}).encode(), "/Patient", "gender"),
            (json.dumps({"resourceType": "ServiceRequest", "status": "active", "intent": "order"}).encode(), "/ServiceRequest", "subject"),
            (json.dumps(samples.service_request("Patient/no-such-patient")).encode(), "/ServiceRequest", "subject"),
        ]
        for body, path, element in cases:
            with self.subTest(body=body[:60]):
                status, _, outcome, answer = self.call("POST", path, body)
                self.assertTrue(400 <= status < 500, (status, answer))
                self.assertEqual(outcome.get_resource_type(), "OperationOutcome")
                self.assertIn(element, json.dumps(answer))

    def test_not_found_and_not_allowed(self):
        """an unknown id is 404 and an anonymous read is 401, both with an outcome"""
        self.assertEqual(self.call("GET", "/Patient/no-such-id")[0], 404)
        self.assertEqual(self.call("GET", "/Nothing")[0], 404)
        self.assertEqual(self.call("GET", "/Patient", anonymous=True)[0], 401)

    def test_demo_is_readable(self):
        """what the demo holds comes out as valid R4"""
        for name in ("Patient", "Practitioner", "PractitionerRole", "Organization", "Coverage", "ServiceRequest", "Task", "Appointment"):
            with self.subTest(resource=name):
                status, _, bundle, answer = self.call("GET", f"/{name}?_count=20")
                self.assertEqual(status, 200, answer)
                self.assertTrue(bundle.entry, f"the demo has no {name}")
