"""Text messages leave as signed webhooks to a real gateway, which checks them with the library of Standard Webhooks."""

import json
import time
import unittest

import harness
import samples
from harness import RPCFault
from webhook_receiver import Receiver

SECRET = "whsec_" + "dGhlLWtleS1vZi10aGUtZ2F0ZXdheS1vZi10aGVzZS10ZXN0cw=="


class TextMessages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Receiver()
        cls.gateway.secret = SECRET
        cls.server = harness.Server(demo=False, extra=["--sms-gateway", cls.gateway.url], environment={"BATON_SMS_SECRET": SECRET}).start()
        cls.server.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", "127.0.0.1"])
        cls.server.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "*"])
        model = cls.server.kw("ir.model", "search", [[["model", "=", "crm.lead"]]])[0]
        template = cls.server.kw("sms.template", "create", [{"name": "Call back", "model_id": model, "body": "We call you about {{ object.name }}."}])
        cls.server.kw("base.automation", "create", [{
            "name": "Tell them", "model_id": model, "trigger": "on_create", "filter_domain": "[('phone', '!=', False)]",
            "action_server_ids": [[0, 0, {"model_id": model, "state": "sms", "sms_template_id": template, "sms_method": "sms"}]]}])

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.forget()
        cls.gateway.stop()

    def lead(self):
        name = samples.unique("pump")
        self.server.kw("crm.lead", "create", [{"name": name, "phone": "+1 (312) 555-0142"}])
        return name

    def text(self, name, state, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            found = self.server.search_read("sms.sms", [["body", "like", name]], ["number", "state", "failure_type", "attempts", "uuid"])
            if found and found[0]["state"] == state or time.monotonic() > deadline:
                return found[0]
            time.sleep(0.2)

    def arrived(self, name):
        return [(headers, json.loads(body), believed) for headers, body, _, believed in self.gateway.seen if name in body.decode()]

    def test_arrives(self):
        """a rule's text arrives once, signed, with number and body, and is sent"""
        name = self.lead()
        sent = self.text(name, "sent")
        self.assertEqual((sent["state"], sent["number"], sent["attempts"]), ("sent", "+13125550142", 1))
        (headers, body, believed), = self.arrived(name)
        self.assertTrue(believed)
        self.assertEqual(headers["webhook-id"], "sms_" + sent["uuid"])
        self.assertEqual(body["type"], "sms.send")
        self.assertEqual(body["data"], {"uuid": sent["uuid"], "number": "+13125550142", "body": f"We call you about {name}."})

    def test_retried(self):
        """a gateway that fails gets the same text again, under the same id"""
        self.gateway.plan = [(503, 0, {})]
        name = self.lead()
        self.assertEqual(self.text(name, "sent")["attempts"], 2)
        self.assertEqual(len({headers["webhook-id"] for headers, _, _ in self.arrived(name)}), 1)
        self.assertTrue(all(believed for _, _, believed in self.arrived(name)))

    def test_refused(self):
        """a text that the gateway refuses for good raises an exception with an owner, and leaves when it is tried again"""
        self.gateway.plan = [(422, 0, {})]
        name = self.lead()
        dead = self.text(name, "error")
        self.assertEqual(dead["failure_type"], "sms_rejected")
        case, = self.server.search_read("ops.exception", [["res_model", "=", "sms.sms"], ["res_id", "=", dead["id"]]], ["state", "user_id", "kind"])
        self.assertEqual((case["state"], case["kind"]), ("open", "sms"))
        self.assertTrue(case["user_id"])
        with self.assertRaises(RPCFault):
            self.server.kw("sms.sms", "write", [[dead["id"]], {"state": "sent"}])
        self.server.kw("ops.exception", "action_retry", [[case["id"]]])
        self.assertEqual(self.text(name, "sent")["state"], "sent")
        self.assertEqual(self.server.search_read("ops.exception", [["id", "=", case["id"]]], ["state"])[0]["state"], "resolved")

    def test_secret(self):
        """neither the log nor the help of a start shows the key"""
        self.assertNotIn(SECRET[6:], self.server.log_path.read_text(errors="replace"))
