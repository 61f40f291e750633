"""The kit's own tests, in the browser, under the client's policy."""

import pathlib
import re
import shutil
import subprocess
import unittest

import browser
import harness

HERE = pathlib.Path(__file__).resolve().parent


class Kit(browser.Case):
    def test_every_part_of_the_kit_keeps_its_promises(self):
        """every part of the kit keeps its promises"""
        page = self.page()
        page.get_by_label("Login").wait_for()
        base = page.evaluate("() => document.documentElement.dataset.base")
        results = page.evaluate("(base) => { %s; return run(base) }" % (HERE / "kit.js").read_text(), base)
        self.assertGreater(len(results), 15)
        for sentence, wrong in results:
            with self.subTest(sentence):
                self.assertIsNone(wrong)


class Types(unittest.TestCase):
    @unittest.skipUnless(shutil.which("tsc"), "tsc (Debian's node-typescript) is not installed")
    def test_the_client_holds_its_types(self):
        """the types written in the client's comments hold (tsc, strict)"""
        run = subprocess.run(["tsc", "-p", str(harness.ROOT / "Client" / "jsconfig.json")], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout[-3000:]), (0, ""))


class Words(unittest.TestCase):
    def test_every_sentence_is_translated(self):
        """every sentence of the client has its Spanish, with the same places to fill in"""
        client = harness.ROOT / "Client"
        sentence = re.compile(r"\bt\(\s*'((?:[^'\\]|\\.)*)'")
        choice = re.compile(r"\?\s*t\('((?:[^'\\]|\\.)*)'[^?]*?:\s*t\('((?:[^'\\]|\\.)*)'")
        said = set()
        for path in client.rglob("*.js"):
            if path.parent.name == "lang":
                continue
            text = path.read_text()
            said |= {found.replace("\\'", "'") for found in sentence.findall(text)}
            said |= {found for pair in choice.findall(text) for found in pair}
        catalogue = dict(re.findall(r"'((?:[^'\\]|\\.)*)': '((?:[^'\\]|\\.)*)'", "".join(path.read_text() for path in sorted((client / "lang").glob("es*.js")))))
        self.assertGreater(len(said), 250)
        self.assertEqual(sorted(said - set(catalogue)), [])
        places = lambda text: sorted(set(re.findall(r"\{(\w+)[}|]", text)))
        self.assertEqual([text for text in sorted(said) if places(text) != places(catalogue[text])], [])
