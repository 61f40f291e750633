"""HL7 v2 through a real MLLP socket."""

import socket
import time

import samples
from harness import ServedTestCase
from mllp import START, Answer, MLLP


class MLLPDoor(ServedTestCase):
    def connect(self):
        connection = MLLP(self.server.mllp_port)
        self.addCleanup(connection.close)
        return connection

    def referrals(self, placer):
        return self.server.search_read("care.referral", [[samples.PLACER_FIELD, "=", placer]], ["stage", "channel", "patient_id"])

    def test_referral_in(self):
        """REF^I12 becomes a referral and is answered by RRI^I12 with AA"""
        placer, control = samples.unique("P"), samples.unique("M")
        answer = self.connect().ask(samples.ref_i12(control=control, placer=placer))
        self.assertEqual((answer.code, answer.control), ("AA", control), answer.text)
        self.assertTrue(answer.kind.startswith("RRI^I12"), answer.kind)
        found = self.referrals(placer)
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]["channel"], "hl7v2")

    def test_duplicate(self):
        """the same control id is acknowledged again and not repeated"""
        placer = samples.unique("P")
        message = samples.ref_i12(placer=placer)
        with MLLP(self.server.mllp_port) as first:
            self.assertEqual(first.ask(message).code, "AA")
        self.assertEqual(self.connect().ask(message).code, "AA")
        self.assertEqual(len(self.referrals(placer)), 1)

    def test_enhanced_mode(self):
        """MSH-15 AL asks for a commit acknowledgement beside the answer"""
        connection = self.connect()
        placer = samples.unique("P")
        connection.send(samples.ref_i12(placer=placer, enhanced=True))
        self.assertEqual([Answer(connection.receive()).code for _ in range(2)], ["CA", "AA"])
        self.assertEqual(len(self.referrals(placer)), 1)

    def test_other_events(self):
        """REF^I13, I14 and I15 are understood"""
        placer = samples.unique("P")
        connection = self.connect()
        self.assertEqual(connection.ask(samples.ref_i12(placer=placer)).code, "AA")
        for event in ("I13", "I15", "I14"):
            answer = connection.ask(samples.ref_i12(placer=placer).replace("REF^I12^", f"REF^{event}^"))
            self.assertEqual(answer.code, "AA", answer.text)
            self.assertTrue(answer.kind.startswith(f"RRI^{event}"), answer.kind)
        self.assertEqual(len(self.referrals(placer)), 1)

    def test_demographics(self):
        """ADT^A28 makes a patient, A31 and A08 change it"""
        number, connection = samples.unique("MRN"), self.connect()
        for event, family in (("A28", "Novak"), ("A31", "Novakova"), ("A08", "Silva")):
            answer = connection.ask(samples.adt(event, number, family=family))
            self.assertEqual(answer.code, "AA", answer.text)
            found = self.server.search_read("care.patient", samples.patient_domain(number), ["display_name"])
            self.assertEqual(len(found), 1)
            self.assertIn(family, found[0]["display_name"])

    def test_refusals_say_what_and_where(self):
        """a message that cannot be used is answered AE or AR with an ERR segment, and kept"""
        connection = self.connect()
        future = samples.ref_i12(birth="20991231")
        for message in (future, samples.ref_i12().replace("REF^I12^REF_I12", "ZZZ^Z99"), samples.ref_i12(version="9.9")):
            answer = connection.ask(message)
            self.assertIn(answer.code, ("AE", "AR"), answer.text)
            self.assertTrue(answer.all("ERR"), answer.text)

    def test_garbage(self):
        """garbage, a half frame and a slow sender harm nobody"""
        slow = socket.create_connection(("127.0.0.1", self.server.mllp_port), 15)
        self.addCleanup(slow.close)
        slow.sendall(START + b"MSH|^~")
        for data in (b"\xff" * 1000, b"\x0b\x1c\x0d", b"\x0bnot hl7\x1c\x0d", b"\x0bMSH\x1c\x0d", b"\x0bISA*00*\x1c\x0d"):
            with socket.create_connection(("127.0.0.1", self.server.mllp_port), 15) as connection:
                connection.sendall(data)
                connection.settimeout(3)
                try:
                    connection.recv(65536)
                except (TimeoutError, ConnectionError):
                    pass
        began = time.monotonic()
        self.assertEqual(self.connect().ask(samples.ref_i12()).code, "AA")
        self.assertLess(time.monotonic() - began, 5)

    def test_many_in_one_stream(self):
        """messages sent without waiting are answered in order"""
        connection = self.connect()
        controls = [samples.unique("M") for _ in range(20)]
        for control in controls:
            connection.send(samples.ref_i12(control=control))
        self.assertEqual([Answer(connection.receive()).control for _ in controls], controls)
