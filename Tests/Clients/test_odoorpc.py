"""The public client `odoorpc`, unchanged, against the served database."""

import odoorpc

from harness import ADMIN, DATABASE, PASSWORD, ServedTestCase


class OdooRPC(ServedTestCase):
    def setUp(self):
        self.odoo = odoorpc.ODOO("127.0.0.1", port=self.server.port, timeout=30)
        self.odoo.login(DATABASE, ADMIN, PASSWORD)

    def test_version(self):
        """the version is one that the client knows how to speak to"""
        self.assertEqual(self.odoo.version.split(".")[0], "19")

    def test_login_reads_the_user(self):
        """after login the user, its name and its company are there"""
        self.assertEqual(self.odoo.env.user.login, ADMIN)
        self.assertTrue(self.odoo.env.user.name)
        self.assertTrue(self.odoo.env.user.company_id.name)
        self.assertEqual(self.odoo.env.context["uid"], self.odoo.env.uid)

    def test_wrong_password(self):
        """a wrong password is refused with the client's own error"""
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            odoorpc.ODOO("127.0.0.1", port=self.server.port).login(DATABASE, "nobody-of-that-name", "wrong")
        self.assertIn("Wrong login ID or password", str(caught.exception))

    def test_databases(self):
        """the list of databases holds ours"""
        self.assertIn(DATABASE, self.odoo.db.list())

    def test_life_of_a_lead(self):
        """create, read, search_read, write and unlink a lead"""
        lead_model = self.odoo.env["crm.lead"]
        lead = lead_model.create({"name": "Infusion pumps", "type": "opportunity", "expected_revenue": 1234.5})
        self.assertIsInstance(lead, int)
        found = lead_model.search_read([["id", "=", lead]], ["name", "stage_id", "tag_ids", "expected_revenue"])
        self.assertEqual(found[0]["name"], "Infusion pumps")
        self.assertEqual(found[0]["expected_revenue"], 1234.5)
        self.assertEqual(found[0]["tag_ids"], [])
        self.assertEqual(set(found[0]), {"id", "name", "stage_id", "tag_ids", "expected_revenue"})
        self.assertTrue(lead_model.write([lead], {"priority": "2"}))
        self.assertEqual(lead_model.browse(lead).priority, "2")
        self.assertTrue(lead_model.unlink([lead]))
        self.assertEqual(lead_model.search([["id", "=", lead]]), [])

    def test_records_by_attribute(self):
        """a browsed record reads its fields and follows a many2one"""
        lead_model = self.odoo.env["crm.lead"]
        lead = lead_model.browse(lead_model.create({"name": "MRI service contract", "type": "opportunity"}))
        self.assertEqual(lead.name, "MRI service contract")
        self.assertTrue(lead.stage_id.name)
        lead.name = "MRI service contract, renewed"
        self.assertEqual(lead_model.read([lead.id], ["name"])[0]["name"], "MRI service contract, renewed")
        lead.unlink()

    def test_x2many_commands(self):
        """tags are created, linked, replaced and cleared by commands"""
        leads, tags = self.odoo.env["crm.lead"], self.odoo.env["crm.tag"]
        urgent = tags.create({"name": "client test urgent"})
        lead = leads.create({"name": "Dialysis chairs", "tag_ids": [[4, urgent], [0, 0, {"name": "client test new"}]]})
        linked = leads.read([lead], ["tag_ids"])[0]["tag_ids"]
        self.assertIn(urgent, linked)
        self.assertEqual(len(linked), 2)
        leads.write([lead], {"tag_ids": [[6, 0, [urgent]]]})
        self.assertEqual(leads.read([lead], ["tag_ids"])[0]["tag_ids"], [urgent])
        leads.write([lead], {"tag_ids": [[5, 0, 0]]})
        self.assertEqual(leads.read([lead], ["tag_ids"])[0]["tag_ids"], [])
        leads.unlink([lead])
        tags.unlink(linked)

    def test_unknown_field(self):
        """an unknown field is refused in Odoo's words"""
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            self.odoo.env["crm.lead"].create({"nope": 1})
        self.assertEqual(caught.exception.info["data"]["name"], "builtins.ValueError")
        self.assertEqual(str(caught.exception), "Invalid field 'nope' in 'crm.lead'")

    def test_read_group(self):
        """read_group counts and sums by stage"""
        leads = self.odoo.env["crm.lead"]
        made = [leads.create({"name": f"read_group {n}", "type": "opportunity", "expected_revenue": n}) for n in (10, 20, 30)]
        groups = leads.read_group([["id", "in", made]], ["expected_revenue:sum"], ["stage_id"])
        self.assertEqual(sum(group["expected_revenue"] for group in groups), 60)
        self.assertEqual(sum(group["stage_id_count"] for group in groups), 3)
        self.assertEqual(leads.search_count(groups[0]["__domain"]), groups[0]["stage_id_count"])
        leads.unlink(made)

    def test_metadata(self):
        """every field that fields_get lists can be read"""
        for model in ("crm.lead", "res.partner", "care.referral"):
            proxy = self.odoo.env[model]
            ids = proxy.search([], limit=2)
            self.assertTrue(ids, f"the demo has no {model}")
            fields = list(proxy.fields_get())
            rows = proxy.read(ids, fields)
            self.assertEqual(set(rows[0]), set(fields))

    def test_life_of_an_approval(self):
        """a request is made with Odoo's fields, submitted, and approved by its approver, not by its owner"""
        owner, approver = (odoorpc.ODOO("127.0.0.1", port=self.server.port, timeout=30) for _ in range(2))
        owner.login(DATABASE, "coordinator", "demo-demo")
        approver.login(DATABASE, "manager", "demo-demo")
        categories = owner.env["approval.category"]
        fields = ["name", "approval_minimum", "approver_sequence", "manager_approval", "has_amount", "has_period", "requirer_document"]
        category = categories.search_read([["name", "ilike", "equipment"]], fields)[0]
        self.assertEqual((category["has_amount"], category["has_period"], category["approval_minimum"]), ("required", "no", 1))
        requests = owner.env["approval.request"]
        request = requests.create({"category_id": category["id"], "reason": "<p>A lamp</p>"})
        with self.assertRaises(odoorpc.error.RPCError):
            requests.action_confirm([request])
        requests.write([request], {"amount": 75.5})
        requests.action_confirm([request])
        row = requests.read([request], ["request_status", "request_owner_id", "approver_ids", "user_status", "attachment_number"])[0]
        self.assertEqual((row["request_status"], row["user_status"], row["attachment_number"]), ("pending", False, 0))
        seats = owner.env["approval.approver"].read(row["approver_ids"], ["user_id", "status", "required"])
        self.assertEqual([(seat["user_id"][1], seat["status"]) for seat in seats], [("Mira Placeholder", "pending")])
        with self.assertRaises(odoorpc.error.RPCError):
            requests.action_approve([request])
        counts = approver.execute("inbox.item", "counts")
        self.assertGreaterEqual(counts["approval"], 1)
        items = approver.execute("inbox.item", "items", "approval")
        self.assertIn(request, [item["id"] for item in items])
        approver.env["approval.request"].action_approve([request])
        self.assertEqual(requests.read([request], ["request_status"])[0]["request_status"], "approved")
