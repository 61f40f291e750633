"""Automation rules made by the public client `odoorpc`, with Odoo's field names."""

import odoorpc

from harness import ADMIN, DATABASE, PASSWORD, ServedTestCase


class Automation(ServedTestCase):
    def setUp(self):
        self.odoo = odoorpc.ODOO("127.0.0.1", port=self.server.port, timeout=30)
        self.odoo.login(DATABASE, ADMIN, PASSWORD)
        self.odoo.env["ir.config_parameter"].set_param("governance.direct_changes", "base.automation,ir.actions.server,webhook.endpoint")
        self.model = self.odoo.env["ir.model"].search([("model", "=", "crm.lead")])[0]
        self.rules = self.odoo.env["base.automation"]
        self.leads = self.odoo.env["crm.lead"]

    def tearDown(self):
        self.rules.unlink(self.rules.with_context(active_test=False).search([]))

    def rule(self, name, trigger, actions, **values):
        lines = [(0, 0, {"model_id": self.model, **action}) for action in actions]
        return self.rules.create({"name": name, "model_id": self.model, "trigger": trigger, "action_server_ids": lines, **values})

    def test_a_rule_runs_at_once(self):
        """a rule made over the wire runs with the next create, and not once it is archived"""
        rule = self.rule(
            "Mark", "on_create", [{"state": "object_write", "update_path": "referred", "value": "by rule"}],
            filter_domain="[('type', '=', 'opportunity')]")
        lead = self.leads.create({"name": "A", "type": "opportunity"})
        self.assertEqual(self.leads.browse(lead).referred, "by rule")
        self.assertFalse(self.leads.browse(self.leads.create({"name": "B", "type": "lead"})).referred)
        self.rules.write([rule], {"active": False})
        self.assertFalse(self.leads.browse(self.leads.create({"name": "C", "type": "opportunity"})).referred)

    def test_five_rules_of_different_kinds(self):
        """stage, priority and user rules with activities and writes, as the public benchmark makes them"""
        field = lambda name: self.odoo.env["ir.model.fields"].search([("model", "=", "crm.lead"), ("name", "=", name)])[0]  # noqa: E731
        urgent = self.odoo.env["ir.model.fields.selection"].search([("field_id", "=", field("priority")), ("value", "=", "3")])[0]
        todo = self.odoo.env["mail.activity.type"].search([("res_model", "=", False)], order="sequence,id", limit=1)[0]
        stages = self.odoo.env["crm.stage"].search([("is_won", "=", False)])
        self.rule(
            "Stage", "on_stage_set", [{"state": "next_activity", "activity_type_id": todo, "activity_summary": "Follow up",
                                       "activity_date_deadline_range": 3, "activity_user_type": "generic", "activity_user_field_name": "user_id"}],
            trg_field_ref=stages[-1])
        self.rule("Priority", "on_priority_set", [{"state": "object_write", "update_path": "color", "value": "1"}], trg_selection_field_id=urgent)
        self.rule("User", "on_user_set", [{"state": "object_write", "update_path": "function", "value": "Ward manager"}])
        lead = self.leads.create({"name": "A", "type": "opportunity", "stage_id": stages[0]})
        self.leads.write([lead], {"stage_id": stages[-1], "priority": "3"})
        read = self.leads.read([lead], ["color", "function", "activity_ids"])[0]
        self.assertEqual((read["color"], read["function"], len(read["activity_ids"])), (1, "Ward manager", 1))

    def test_a_script_refuses(self):
        """a UserError of a script reaches the client, names the rule, and the write is undone"""
        self.rule("Guard", "on_write", [{"state": "code", "code": "if (record.priority === '3') throw new UserError('Not today.');"}])
        lead = self.leads.create({"name": "A"})
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            self.leads.write([lead], {"priority": "3"})
        self.assertIn("Not today.", str(caught.exception))
        self.assertEqual(caught.exception.info["data"]["context"]["base_automation"]["name"], "Guard")
        self.assertEqual(self.leads.read([lead], ["priority"])[0]["priority"], "0")

    def test_mistakes_are_named(self):
        """a wrong domain and a trigger without its field are refused with the place and what to do"""
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            self.rule("Bad", "on_create", [], filter_domain="[('nope', '=', 1)]")
        self.assertIn("filter_domain", str(caught.exception))
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            self.rule("Bad", "on_state_set", [])
        self.assertIn("offered_triggers", str(caught.exception))

    def test_only_administrators(self):
        """who is no administrator neither reads nor writes rules and actions"""
        user = self.odoo.env["res.users"].create({"name": "Nora", "login": "nora", "password": "Quiet-harbour-77"})
        self.addCleanup(self.odoo.env["res.users"].unlink, [user])
        other = odoorpc.ODOO("127.0.0.1", port=self.server.port, timeout=30)
        other.login(DATABASE, "nora", "Quiet-harbour-77")
        for model in ("base.automation", "ir.actions.server", "mail.template", "ir.logging"):
            with self.assertRaises(odoorpc.error.RPCError):
                other.env[model].search_read([], ["id"])
            with self.assertRaises(odoorpc.error.RPCError):
                other.env[model].create({"name": "x"})
