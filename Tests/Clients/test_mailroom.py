"""Documents by mail: through the SMTP door with smtplib, and from a real mailbox of dovecot."""

import base64
import email.message
import email.policy
import os
import pathlib
import smtplib
import socket
import time
import unittest

import harness
import imap_server
import samples

DOVECOT = pathlib.Path("/usr/sbin/dovecot")
RECIPIENT = "fax@clinic.example"


def mail(files=(), subject="Scan", message_id=None, text="See the fax."):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = "Gateway <gateway@fax.example>", RECIPIENT, subject
    message["Message-ID"] = message_id or f"<{samples.unique('mail')}@fax.example>"
    message.set_content(text)
    for name, content, kind in files:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


class Mailroom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.smtp_port = harness.free_port()
        extra = ["--smtp-listen", f"127.0.0.1:{cls.smtp_port}", "--smtp-recipients", f"{RECIPIENT},scan@clinic.example=admin", "--mailbox-seconds", "1"]
        cls.server = harness.Server(demo=False, extra=extra).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.forget()

    def send(self, message, to=RECIPIENT, sender="gateway@fax.example"):
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as client:
            return client.send_message(message, sender, to)

    def wait(self, name, state="checked", seconds=30):
        deadline = time.monotonic() + seconds
        found = []
        while time.monotonic() < deadline:
            found = self.server.search_read("care.document", [["name", "=", name]], ["state", "page_count", "refusal_code"])
            if found and found[0]["state"] == state:
                return found
            time.sleep(0.25)
        self.fail(f"{name} is {found}\n{self.server.log_tail(10)}")

    def exceptions(self):
        return [row["cause"] for row in self.server.search_read("ops.exception", [], ["cause"])]

    def test_mail_becomes_documents(self):
        """a mail with two files, one of them forwarded, becomes two documents that are looked at"""
        one, two = samples.unique("one") + ".pdf", samples.unique("two") + ".pdf"
        inner = mail([(two, samples.pdf(two), "application/pdf")])
        outer = mail([(one, samples.pdf(one, pages=2), "application/pdf")], subject="Fax from +1 218 555 0142")
        outer.add_attachment(inner)
        self.assertEqual(self.send(outer), {})
        self.assertEqual(self.wait(one)[0]["page_count"], 2)
        self.wait(two)
        channel = self.server.search_read("care.intake", [["name", "=", one]], ["channel", "sender"])
        self.assertEqual((channel[0]["channel"], channel[0]["sender"]), ("fax", "+12185550142"))

    def test_same_mail_is_known(self):
        """the same mail twice makes its document once, and so does the same file in another mail"""
        name = samples.unique("same") + ".pdf"
        message = mail([(name, samples.pdf(name), "application/pdf")])
        for _ in range(2):
            self.send(message)
        self.send(mail([(name, samples.pdf(name), "application/pdf")]))
        self.wait(name)
        time.sleep(1)
        self.assertEqual(len(self.server.search_read("care.document", [["name", "=", name]], ["id"])), 1)

    def test_strangers_mail_is_refused(self):
        """nobody else's mail is taken, nothing is relayed, and a mail that is too large is refused"""
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as caught:
            self.send(mail([("x.pdf", samples.pdf(), "application/pdf")]), to="somebody@elsewhere.example")
        self.assertEqual(caught.exception.recipients["somebody@elsewhere.example"][0], 550)
        with self.assertRaises(smtplib.SMTPSenderRefused) as caught:
            with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as client:
                client.ehlo()
                client.sendmail("a@b.example", RECIPIENT, b"x" * (33 << 20))
        self.assertEqual(caught.exception.smtp_code, 552)

    def test_large_mail_without_a_word(self):
        """a mail that does not say how large it is ends in a refusal too, and the line goes on"""
        with socket.create_connection(("127.0.0.1", self.smtp_port), timeout=60) as line:
            stream = line.makefile("rwb")
            stream.readline()
            for command in (b"HELO x", b"MAIL FROM:<a@b.example>", f"RCPT TO:<{RECIPIENT}>".encode(), b"DATA"):
                stream.write(command + b"\r\n")
                stream.flush()
                answer = stream.readline()
            self.assertTrue(answer.startswith(b"354"), answer)
            block = (b"x" * 76 + b"\r\n") * 8192
            for _ in range(56):
                stream.write(block)
            stream.write(b".\r\nNOOP\r\n")
            stream.flush()
            self.assertTrue(stream.readline().startswith(b"552"))
            self.assertTrue(stream.readline().startswith(b"250"))

    def test_bad_mails_have_owners(self):
        """encrypted mails and mails without documents are kept with an exception, and a broken file is refused like an uploaded one"""
        sealed = mail()
        sealed.add_attachment(b"x", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
        self.send(sealed)
        self.send(mail(text="Please call back."))
        broken = samples.unique("broken") + ".pdf"
        self.send(mail([(broken, b"%PDF-1.7\n" + b"\xff" * 500, "application/pdf")]))
        self.wait(broken, state="refused")
        self.assertLessEqual({"mail.encrypted", "mail.no_document"}, set(self.exceptions()))

    def test_originals_are_whole(self):
        """what came is kept byte for byte"""
        name = samples.unique("whole") + ".pdf"
        message = mail([(name, samples.pdf(name), "application/pdf")], text="A line\n.\n.. and dots\n")
        self.send(message, to="scan@clinic.example")
        self.wait(name)
        number = message["Message-ID"].strip("<>")
        domain = [["control_id", "=like", number + "%"], ["mimetype", "=", "message/rfc822"]]
        kept = self.server.search_read("care.intake", domain, ["state", "content", "channel"])
        self.assertEqual([(row["state"], row["channel"]) for row in kept], [("processed", "email")])
        content = base64.b64decode(kept[0]["content"])
        self.assertIn(b"A line\r\n.\r\n.. and dots\r\n", content)
        self.assertIn(number.encode(), content)

    @unittest.skipUnless(DOVECOT.exists() and os.geteuid() == 0, "dovecot is not installed, or this is not root")
    def test_mailbox_is_read(self):
        """mails of a real mailbox become documents once, in order, also those that came while nobody looked"""
        box = imap_server.Mailbox()
        try:
            first, second, third = (samples.unique(word) + ".pdf" for word in ("first", "second", "third"))
            for name in (first, second):
                box.append(mail([(name, samples.pdf(name), "application/pdf")]).as_bytes())
            record = self.server.kw("care.mailbox", "create", [{
                "name": "Faxes", "url": f"imap://127.0.0.1:{box.port}/INBOX", "login": box.user, "password": box.password}])
            for name in (first, second):
                self.wait(name)
            box.append(mail([(third, samples.pdf(third), "application/pdf")]).as_bytes())
            self.wait(third)
            found = self.server.search_read("care.mailbox", [["id", "=", record]], ["last_uid", "failure_code", "password", "uid_validity"])[0]
            self.assertEqual((found["last_uid"], found["failure_code"] or "", found["password"] or ""), (3, "", ""))
            self.assertGreater(found["uid_validity"], 0)
            self.server.kw("care.mailbox", "write", [[record], {"password": "wrong"}])
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and "mailbox.refused" not in self.exceptions():
                time.sleep(0.5)
            self.assertIn("mailbox.refused", self.exceptions())
            self.server.kw("care.mailbox", "write", [[record], {"active": False}])
        finally:
            box.stop()


if __name__ == "__main__":
    unittest.main()
