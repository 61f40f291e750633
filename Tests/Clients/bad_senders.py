"""What the table of bad input sends, and how each door is spoken to."""

import base64
import functools
import json
import os
import re
import time
import xmlrpc.client
import zlib
from dataclasses import dataclass

import samples
from harness import DATABASE, PASSWORD
from mllp import MLLP
from test_portal import START, Visitor, fill

KIND = "application/fhir+json"
LATER = 60


def unlike(content):
    """The same kind of content as no other test sends it."""
    return content + b"\n%" + samples.unique("x").encode()


def encrypted_pdf():
    return unlike(samples.pdf().replace(b"/Size", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> /Size"))


@functools.cache
def drawing():
    """400 MB of text behind 400 kB."""
    packer = zlib.compressobj(6)
    return b"".join(packer.compress(b"n " * (1 << 20)) for _ in range(200)) + packer.flush()


def bomb_pdf():
    """A page whose drawing unpacks to 400 MB."""
    plain, stream = samples.pdf("bomb"), drawing()
    at = plain.index(b"4 0 obj")
    body = b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream)
    return unlike(plain[:at] + body + plain[plain.index(b"endobj", at) + len(b"endobj\n"):])


def attachment(content, kind="application/pdf"):
    data = base64.b64encode(content).decode()
    return {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": {"contentType": kind, "data": data}}]}


@dataclass
class Seen:
    """What a door answered to something bad, and where it is kept: care.intake, care.document, webhook.call, or ops.exception alone."""

    status: object
    code: str
    instruction: str
    content: bytes = b""
    kept: str = "care.intake"
    state: str = "failed"
    cause: str = ""
    route: str = ""


class Senders:
    """How each door is spoken to."""

    def __init__(self, server):
        self.server, self.key, self.uid = server, server.api_key(), server.login()

    # -- doors

    def mllp(self, message, kept="care.intake", state="failed", cause=""):
        content = message if isinstance(message, bytes) else message.encode()
        with MLLP(self.server.mllp_port) as line:
            answer = line.ask(message)
        return Seen(answer.code, (answer.field("ERR", 5) or "").split("^")[0], answer.field("ERR", 8) or "", content, kept, state, cause)

    def fhir(self, method, path, body, key=True, **headers):
        head = {"Content-Type": KIND, "Accept": KIND, **({"Authorization": f"Bearer {self.key}"} if key else {})}
        head.update({name.replace("_", "-"): value for name, value in headers.items()})
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = self.server.request(method, "/fhir" + path, body, head, timeout=90)
        answer = json.loads(answer)
        if answer["resourceType"] != "OperationOutcome":
            return status, answer
        issue = answer["issue"][0]
        return Seen(status, issue["details"]["coding"][0]["code"], issue.get("diagnostics", ""), body)

    def upload(self, content, kind="application/pdf", **headers):
        head = {"Authorization": f"Bearer {self.key}", "Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        status, _, body = self.server.request("POST", samples.UPLOAD_PATH, content, head, timeout=90)
        answer = json.loads(body)
        return Seen(status, answer.get("code", ""), answer.get("instruction", ""), content)

    def folder(self, content):
        partial = self.server.watch / (samples.unique("bad") + ".part")
        partial.write_bytes(content)
        partial.rename(partial.with_suffix(".pdf"))
        reason = self.server.watch / "refused" / (partial.stem + ".pdf.reason.txt")
        lines = wait(lambda: reason.exists() and reason.read_text().splitlines())
        return Seen("refused", lines[0], lines[1], content)

    def portal(self, values=None, content=None, name="letter.pdf"):
        visitor = Visitor(self.server).open(START)
        fields = {**fill(visitor.page.forms[-1]), **(values or {})}
        files = [("documents", name, "application/pdf", content)] if content else []
        status, _, body = self.server.post_multipart(START, {**visitor.page.forms[-1].values(), **fields}, files, visitor._head())
        words = re.search(r"error-summary|summary", body.decode()) and body.decode()
        sentence = next((text for text in re.findall(r">([^<>]*\([a-z_]+\.[a-z_]+\))<", words or "")), "")
        code = (re.findall(r"\(([a-z_]+\.[a-z_]+)\)$", sentence) or [""])[0]
        return Seen(status, code, sentence, content or b"")

    def rpc(self, door, model, method, args, context=None, password=PASSWORD, body=None):
        """A call, or a body that is none, by one of the three protocols of Odoo's clients."""
        named = {"context": context} if context else {}
        if door == "JSON-RPC":
            call = {"jsonrpc": "2.0", "id": 1, "params": {
                "service": "object", "method": "execute_kw", "args": [DATABASE, self.uid, password, model, method, args, named]}}
            status, _, answer = self.server.request("POST", "/jsonrpc", body or json.dumps(call).encode(), {"Content-Type": "application/json"})
            if body:
                return Seen(status, *text_advice(answer.decode()), body)
            error = json.loads(answer).get("error", {}).get("data")
            return Seen(error["name"], error["code"], error["instruction"]) if error else json.loads(answer)["result"]
        if door == "XML-RPC":
            if body:
                status, _, answer = self.server.request("POST", "/xmlrpc/2/object", body, {"Content-Type": "text/xml"})
                return Seen(status, *text_advice(answer.decode()), body)
            try:
                proxy = xmlrpc.client.ServerProxy(self.server.url + "/xmlrpc/2/object", allow_none=True)
                return proxy.execute_kw(DATABASE, self.uid, password, model, method, args, named)
            except xmlrpc.client.Fault as fault:
                code = re.findall(r"\[([a-z_.]+)\]", fault.faultString)
                return Seen(fault.faultCode, code[-1] if code else "", fault.faultString)
        head = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key if password == PASSWORD else password}"}
        values = {"create": ["vals_list"], "write": ["ids", "vals"]}[method]
        call = body or json.dumps({**dict(zip(values, args)), **named}).encode()
        status, _, answer = self.server.request("POST", f"/json/2/{model}/{method}", call, head)
        answer = json.loads(answer)
        return Seen(status, answer["code"], answer["instruction"], body or b"") if status >= 400 else answer

    def hook(self, content, signed=False):
        """A webhook of a rule that does nothing; signed ones refuse whoever does not sign."""
        # The rule holds at once, without a second person's release.
        self.server.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "base.automation,ir.actions.server,webhook.endpoint"])
        model = self.server.search_read("ir.model", [["model", "=", "res.partner"]], ["id"])[0]["id"]
        rule = self.server.kw("base.automation", "create", [{
            "name": samples.unique("hook"), "model_id": model, "trigger": "on_webhook", "record_getter": "model.browse(payload.get('_id'))"}])
        if signed:
            secret = "whsec_" + base64.b64encode(os.urandom(32)).decode()
            self.server.kw("base.automation", "write", [[rule], {"webhook_secret": secret}])
        name = self.server.search_read("base.automation", [["id", "=", rule]], ["webhook_uuid"])[0]["webhook_uuid"]
        status, _, answer = self.server.request("POST", "/web/hook/" + name, content, {"Content-Type": "application/json"})
        answer = json.loads(answer)
        return Seen(status, answer.get("code", ""), answer.get("instruction", ""), content, "webhook.call", cause="webhook.call_failed")


def text_advice(text):
    """Code and instruction of an answer in plain text: the last line, `code: instruction`."""
    code, _, instruction = text.strip().splitlines()[-1].partition(": ")
    return code, instruction


def wait(found, seconds=LATER):
    """The first true answer within some time, else the last."""
    end = time.monotonic() + seconds
    while not (answer := found()) and time.monotonic() < end:
        time.sleep(0.3)
    return answer


# -- the table: what cannot be read
