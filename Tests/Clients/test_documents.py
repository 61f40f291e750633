"""Documents: by POST and by the watched folder; good ones, hostile ones."""

import json
import time

import samples
from harness import ServedTestCase

UPLOAD = samples.UPLOAD_PATH


class Documents(ServedTestCase):
    key = None

    def setUp(self):
        if Documents.key is None:
            Documents.key = self.server.api_key()

    def upload(self, content, kind, name, raw=True, anonymous=False):
        """(status, parsed answer)"""
        head = {} if anonymous else {"Authorization": f"Bearer {Documents.key}"}
        if raw:
            head.update({"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'})
            status, _, body = self.server.request("POST", UPLOAD, content, head)
        else:
            status, _, body = self.server.post_multipart(UPLOAD, {}, [("file", name, kind, content)], head)
        try:
            return status, json.loads(body)
        except ValueError:
            return status, body

    def documents(self, name):
        return self.server.search_read("care.document", [["name", "=", name]], ["name", "state", "page_count"])

    def test_pdf_and_image(self):
        """a PDF and a PNG are stored, rendered to pages and given a number"""
        for content, kind, suffix, pages in ((samples.pdf(pages=3), "application/pdf", "pdf", 3), (samples.png(), "image/png", "png", 1)):
            with self.subTest(kind=kind):
                name = samples.unique("scan") + "." + suffix
                status, answer = self.upload(content, kind, name)
                self.assertIn(status, (200, 201, 202), answer)
                found = self.documents(name)
                self.assertEqual(len(found), 1)
                self.assertEqual(found[0]["page_count"], pages)

    def test_form_upload(self):
        """a browser's form upload is the same"""
        name = samples.unique("form") + ".pdf"
        status, answer = self.upload(samples.pdf(name), "application/pdf", name, raw=False)
        self.assertIn(status, (200, 201, 202, 303), answer)
        self.assertEqual(len(self.documents(name)), 1)

    def test_same_bytes_are_kept_once(self):
        """the same document twice is one content, told as a duplicate"""
        content = samples.pdf(samples.unique("same"))
        first, second = (self.upload(content, "application/pdf", samples.unique("twice") + ".pdf") for _ in range(2))
        self.assertIn(first[0], (200, 201, 202))
        self.assertIn(second[0], (200, 201, 202, 409), second)

    def test_hostile(self):
        """what is no document, too large, broken, or lies about its kind is refused with a code and kept as an exception"""
        cases = [
            (b"", "application/pdf"), (b"%PDF-1.7\n" + b"\xff" * 500, "application/pdf"), (b"MZ" + b"\0" * 500, "image/png"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png"), (b"hello", "text/plain"), (samples.png(), "application/x-msdownload"),
            (samples.pdf().replace(b"/Size", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> /Size"), "application/pdf"),
            (samples.png(40, 20).replace(b"\0\0\0\x28\0\0\0\x14", b"\x7f\xff\xff\xff\x7f\xff\xff\xff"), "image/png"),
        ]
        for content, kind in cases:
            with self.subTest(kind=kind, content=content[:20]):
                status, answer = self.upload(content, kind, samples.unique("bad"))
                self.assertTrue(400 <= status < 500 or status == 202, (status, answer))
                self.assertTrue(isinstance(answer, dict) and (answer.get("code") or answer.get("type") or answer.get("exception")), answer)

    def test_unauthorised(self):
        """an upload without a key is refused"""
        self.assertIn(self.upload(samples.png(), "image/png", "x.png", anonymous=True)[0], (401, 403))

    def test_watched_folder(self):
        """a file laid into the watched folder becomes a document and leaves the folder"""
        name = samples.unique("drop") + ".pdf"
        hidden = self.server.watch / ("." + name + ".part")
        hidden.write_bytes(samples.pdf(name))
        hidden.rename(self.server.watch / name)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not self.documents(name):
            time.sleep(0.25)
        self.assertEqual(len(self.documents(name)), 1)
        while time.monotonic() < deadline and (self.server.watch / name).exists():
            time.sleep(0.25)
        self.assertFalse((self.server.watch / name).exists())
