"""Webhooks go out to a real receiver, which checks them with the library of Standard Webhooks."""

import time

import samples
from harness import RPCFault, ServedTestCase
from webhook_receiver import Receiver


class Webhooks(ServedTestCase):
    def setUp(self):
        self.server.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", "127.0.0.1"])
        self.server.kw("ir.config_parameter", "set_param", ["governance.direct_changes", "base.automation,ir.actions.server,webhook.endpoint"])

    def receiver(self, plan=(), **values):
        receiver = Receiver(plan)
        self.addCleanup(receiver.stop)
        endpoint = self.server.kw("webhook.endpoint", "create", [{"name": samples.unique("receiver"), "url": receiver.url, **values}])
        receiver.secret = self.server.kw("webhook.endpoint", "action_rotate_secret", [[endpoint]])["secret"]
        return receiver, endpoint

    def delivery(self, endpoint, state, seconds=30):
        deadline = time.monotonic() + seconds
        while True:
            found = self.server.search_read("webhook.delivery", [["endpoint_id", "=", endpoint]], ["state", "attempts", "last_status", "message_id"])
            if found and found[0]["state"] == state or time.monotonic() > deadline:
                return found[0]
            time.sleep(0.2)

    def test_signed(self):
        """a message arrives signed by both keys after a rotation, and the standard's library believes it"""
        receiver, endpoint = self.receiver()
        self.server.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        headers, body, _, believed = receiver.wait(1)[0]
        self.assertTrue(believed)
        self.assertEqual(body, b'{"type":"webhook.test"}')
        self.assertEqual(len(headers["webhook-signature"].split(" ")), 2)
        self.assertEqual(self.delivery(endpoint, "delivered")["message_id"], headers["webhook-id"])

    def test_retries(self):
        """a receiver that fails and then answers too late gets the same message again, under the same id"""
        receiver, endpoint = self.receiver([(500, 0, {}), (200, 3, {})], timeout_seconds=1)
        self.server.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        seen = receiver.wait(3, seconds=60)
        self.assertEqual([status for _, _, status, _ in seen], [500, 200, 200])
        self.assertEqual(len({headers["webhook-id"] for headers, _, _, _ in seen}), 1)
        self.assertTrue(all(believed for _, _, _, believed in seen))
        self.assertEqual(self.delivery(endpoint, "delivered")["attempts"], 3)

    def test_gone(self):
        """410 disables the receiver, raises an exception with an owner, and the message can be sent again later"""
        receiver, endpoint = self.receiver([(410, 0, {})])
        self.server.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        dead = self.delivery(endpoint, "dead")
        self.assertEqual(self.server.search_read("webhook.endpoint", [["id", "=", endpoint]], ["state"])[0]["state"], "disabled")
        cases = self.server.search_read("ops.exception", [["res_model", "=", "webhook.delivery"], ["res_id", "=", dead["id"]]], ["user_id", "state"])
        self.assertEqual([case["state"] for case in cases], ["open"])
        self.assertTrue(cases[0]["user_id"])
        with self.assertRaises(RPCFault):
            self.server.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        self.server.kw("webhook.endpoint", "action_enable", [[endpoint]])
        self.server.kw("webhook.delivery", "action_redrive", [[dead["id"]]])
        self.assertEqual(self.delivery(endpoint, "delivered")["attempts"], 2)

    def test_inside(self):
        """an address inside is not reached when no setting names it"""
        receiver, endpoint = self.receiver()
        self.server.kw("ir.config_parameter", "set_param", ["webhooks.allowed_networks", ""])
        self.server.kw("webhook.endpoint", "action_send_test", [[endpoint]])
        self.assertEqual(self.delivery(endpoint, "dead")["attempts"], 1)
        self.assertEqual(receiver.seen, [])

    def test_secret(self):
        """nobody reads a key, the administrator included, and the log does not hold it"""
        receiver, endpoint = self.receiver()
        read = self.server.search_read("webhook.endpoint", [["id", "=", endpoint]], ["secret"])[0]
        self.assertEqual(read["secret"], "whsec_********")
        with self.assertRaises(RPCFault):
            self.server.search_read("webhook.endpoint", [["id", "=", endpoint]], ["secret_value"])
        self.assertNotIn(receiver.secret[6:], self.server.log_path.read_text(errors="replace"))
