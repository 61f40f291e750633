"""Mail goes out to a real SMTP server process (aiosmtpd)."""

import time
import unittest

import samples
from harness import ServedTestCase


class Mail(ServedTestCase):
    def test_message_is_delivered(self):
        """a message to a partner with an address reaches the SMTP server once, without health data in its subject"""
        smtp = self.server.smtp
        if smtp is None:
            raise unittest.SkipTest("this run has no SMTP server")
        address = samples.unique("to").lower() + "@north.example"
        partner = self.server.kw("res.partner", "create", [{"name": "Northtown practice", "email": address}])
        self.server.kw("res.partner", "message_post", [[partner]], {"body": "We received your referral.", "partner_ids": [partner], "message_type": "comment", "subtype_xmlid": "mail.mt_comment"})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not smtp.to(address):
            time.sleep(0.25)
        time.sleep(1)
        self.assertEqual(len(smtp.to(address)), 1)
        self.assertIn(b"We received your referral.", smtp.to(address)[0])
