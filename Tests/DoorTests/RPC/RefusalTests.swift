import JSON
import Testing

@Suite struct RPCRefusalTests {
    @Test("refusals have Odoo's names and words")
    func names() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            #expect(
                try await world.error("crm.lead", "create", [["nope": 1]]) == ["builtins.ValueError", "Invalid field 'nope' in 'crm.lead'"])
            #expect(
                try await world.error("crm.lead", "read", [[1], ["nope"]]) == ["builtins.ValueError", "Invalid field 'nope' on 'crm.lead'"])
            #expect(
                try await world.error("crm.lead", "search", [[["nope", "=", 1]]])
                    == ["builtins.ValueError", "Invalid field crm.lead.nope in condition ('nope', '=', 1)"])
            #expect(try await world.error("no.model", "search", [[]]) == ["odoo.exceptions.UserError", "Object no.model doesn't exist"])
            #expect(
                try await world.error("crm.lead", "nosuch", [])
                    == ["builtins.AttributeError", "The method 'crm.lead.nosuch' does not exist"])
            #expect(
                try await world.error("crm.lead", "_search", [[]])
                    == ["odoo.exceptions.AccessError", "Private methods (such as 'crm.lead._search') cannot be called remotely."])
            #expect(try await world.error("crm.lead", "exists", [[1]])[0] == "odoo.exceptions.AccessError")
            #expect(try await world.error("crm.lead", "write", [[99], ["name": "x"]])[0] == "odoo.exceptions.MissingError")
            #expect(try await world.error("crm.lead", "create", [["type": "lead"]])[0] == "odoo.exceptions.ValidationError")
            #expect(try await world.error("crm.lead", "read", [[99], ["name"]])[0] == "odoo.exceptions.MissingError")
            #expect(try await world.result("crm.lead", "read", [[99], ["id"]]) == [])
        }
    }

    @Test("the error's shape is Odoo's, debug holds the code alone, and code and instruction stand behind")
    func shape() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let answer = try await world.execute("crm.lead", "create", [["nope": 1]])
            #expect(
                answer.text()
                    == #"{"jsonrpc":"2.0","id":7,"error":{"code":0,"message":"Odoo Server Error","data":{"name":"builtins.ValueError","#
                    + #""message":"Invalid field 'nope' in 'crm.lead'","arguments":["Invalid field 'nope' in 'crm.lead'"],"#
                    + #""context":{},"debug":"field.unknown","code":"field.unknown","#
                    + #""instruction":"Correct the call: the message says what is wrong with it."}}}"#)
        }
    }

    @Test("arguments are bound by Python's rule")
    func arguments() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let type = "builtins.TypeError"
            #expect(
                try await world.error("crm.lead", "search", [[]], ["domainz": []])
                    == [type, "crm.lead.search() got an unexpected keyword argument 'domainz'"])
            #expect(
                try await world.error("crm.lead", "search", [[]], ["domain": []])
                    == [type, "crm.lead.search() got multiple values for argument 'domain'"])
            #expect(
                try await world.error("crm.lead", "write", [[1]])
                    == [type, "crm.lead.write() missing 1 required positional argument: 'vals'"])
            #expect(try await world.error("crm.lead", "unlink", [[1], 2])[0] == type)
            #expect(try await world.error("crm.lead", "name_search", ["x"], ["args": []])[0] == type)
            #expect(try await world.error("crm.lead", "read", ["x", ["name"]])[0] == type)
            #expect(try await world.result("crm.lead", "search", [], ["domain": [], "limit": 1, "context": ["lang": "en_US"]]) == [])
        }
    }

    @Test("a user without the right is refused, and stale versions are told")
    func access() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let user = try world.makeUser("reader", groups: ["base.group_user"])
            #expect(try await world.error("crm.lead", "search", [[]], user: user)[0] == "odoo.exceptions.AccessError")
            #expect(try await world.error("base.session", "search", [[]])[0] == "odoo.exceptions.AccessError")
            #expect(try await world.error("res.users", "read", [[2], ["password_hash"]])[0] == "odoo.exceptions.AccessError")
            let id = try await world.result("crm.lead", "create", [["name": "Stale"]])
            let stale = try await world.execute("crm.lead", "write", [[id], ["name": "x"]], ["context": ["expected_version": 9]])
            #expect(stale["error"]?["data"]?["name"] == "odoo.exceptions.UserError")
            #expect(stale["error"]?["data"]?["debug"] == "record.stale")
            let rows = try await world.result("crm.lead", "read", [[id], ["record_version"]])
            #expect(stale["error"]?["data"]?["context"]?["version"] == rows[0]?["record_version"])
        }
    }
}
