"""A definition's way into force, walked by two people with the public client `odoorpc`."""

import odoorpc

from harness import ADMIN, DATABASE, PASSWORD, ServedTestCase

CONTENT = {
    "group": "exceptions.group_auditor",
    "implies": ["base.group_user"],
    "rights": {"ops.exception": "r", "ops.exception.occurrence": "r"},
}


class Governance(ServedTestCase):
    def setUp(self):
        self.admin = self.client(ADMIN)
        for login, groups in {
            "gov-author": ["governance.group_author"],
            "gov-releaser": ["governance.group_author", "governance.group_releaser"],
        }.items():
            if not self.admin.env["res.users"].search([["login", "=", login]]):
                ids = [self.admin.env.ref(name).id for name in groups]
                self.admin.env["res.users"].create(
                    {"login": login, "name": login, "password": PASSWORD, "group_ids": [[6, 0, ids]]}
                )
        self.author = self.client("gov-author")
        self.releaser = self.client("gov-releaser")

    def client(self, login):
        odoo = odoorpc.ODOO("127.0.0.1", port=self.server.port, timeout=30)
        odoo.login(DATABASE, login, PASSWORD)
        return odoo

    def draft(self, odoo, key, **values):
        known = odoo.env["governance.definition"].search([["key", "=", key]])
        definition = known[0] if known else odoo.env["governance.definition"].create({"kind": "role", "key": key, "title": key})
        return odoo.env["governance.version"].create({"definition_id": definition, "content": CONTENT, **values})

    def refused(self, odoo, action, version, words, **arguments):
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            odoo.execute_kw("governance.version", action, [[version]], arguments)
        self.assertIn(words, str(caught.exception))

    def run_action(self, odoo, action, version, **arguments):
        return odoo.execute_kw("governance.version", action, [[version]], arguments)

    def test_release_by_two_people(self):
        """one person submits and another releases; it is in force, and its author cannot have done it"""
        version = self.draft(self.author, "two-people")
        self.run_action(self.author, "action_submit", version)
        self.refused(self.author, "action_release", version, "may not")
        self.run_action(self.releaser, "action_release", version)
        row = self.author.env["governance.version"].read([version], ["state", "display_name", "releaser_id"])[0]
        self.assertEqual((row["state"], row["display_name"]), ("released", "role:two-people@1"))
        self.assertEqual(row["releaser_id"][1], "gov-releaser")
        in_force = self.author.env["governance.definition"].in_force("role", "two-people")
        self.assertEqual(in_force, version)
        # A group has one role: the next test gives it another.
        self.run_action(self.releaser, "action_retire", version, reason="The end of the test.")

    def test_nobody_releases_their_own(self):
        """somebody who may do both still does not release what they wrote"""
        version = self.draft(self.releaser, "own-work")
        self.run_action(self.releaser, "action_submit", version)
        self.refused(self.releaser, "action_release", version, "Segregation of duties keeps you from this")

    def test_frozen_and_failing(self):
        """what was submitted is edited no more, and failing tests keep a draft from being submitted"""
        tests = [{"name": "no reading", "model": "ops.exception", "never": "r"}]
        failing = self.draft(self.author, "failing", tests=tests)
        self.refused(self.author, "action_submit", failing, "no reading")
        self.author.env["governance.version"].write([failing], {"tests": []})
        self.run_action(self.author, "action_submit", failing)
        with self.assertRaises(odoorpc.error.RPCError) as caught:
            self.author.env["governance.version"].write([failing], {"content": {}})
        self.assertIn("cannot be changed", str(caught.exception))

    def test_roll_back(self):
        """a release is rolled back in one step, and the diff names what it had changed"""
        first = self.draft(self.author, "roll-back")
        self.run_action(self.author, "action_submit", first)
        self.run_action(self.releaser, "action_release", first)
        second = self.draft(self.author, "roll-back", content={**CONTENT, "rights": {"ops.exception": "rw"}})
        changes = self.author.execute_kw("governance.version", "diff", [[second]], {})
        self.assertEqual(
            [change["path"] for change in changes], ["rights.ops.exception", "rights.ops.exception.occurrence"]
        )
        self.run_action(self.author, "action_submit", second)
        self.run_action(self.releaser, "action_release", second)
        self.run_action(self.releaser, "action_roll_back", second, reason="Readers must not write.")
        self.assertEqual(self.author.env["governance.definition"].in_force("role", "roll-back"), first)
        self.run_action(self.releaser, "action_retire", first, reason="The end of the test.")
