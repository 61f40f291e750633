import JSON
import Testing

@Suite struct JSONRPCTests {
    @Test("versions, logins and databases are told as by Odoo 19")
    func commonServices() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let version = try await world.send("POST", "/jsonrpc", #"{"params":{"service":"common","method":"version","args":[]},"id":5}"#)
            #expect(
                version.body
                    == #"{"jsonrpc":"2.0","id":5,"result":{"server_version":"19.0","server_version_info":[19,0,0,"final",0,""],"#
                    + #""server_serie":"19.0","protocol_version":1}}"#)
            #expect(try await world.call("common", "login", ["baton", "admin", .string(RPCWorld.password)])["result"] == 2)
            #expect(try await world.call("common", "authenticate", ["baton", "admin", "wrong", [:]])["result"] == false)
            #expect(try await world.call("common", "login", ["baton", "__system__", ""])["result"] == false)
            #expect(try await world.call("db", "list", [])["result"] == ["baton"])
            let other = try await world.call("common", "login", ["other", "admin", .string(RPCWorld.password)])
            #expect(other["error"]?["data"]?["name"] == "psycopg2.OperationalError")
            #expect(try await world.call("db", "drop", ["x", "baton"])["error"]?["data"]?["name"] == "odoo.exceptions.AccessDenied")
        }
    }

    @Test("a lead is made, found, changed and deleted, letter by letter as by Odoo")
    func lifeOfALead() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let id = try await world.result(
                "crm.lead", "create", [["name": "odoorpc lead", "type": "opportunity", "expected_revenue": 1234.5]])
            #expect(id == 1)
            let rows = try await world.send(
                "POST", "/jsonrpc",
                #"{"jsonrpc":"2.0","method":"call","id":9,"params":{"service":"object","method":"execute_kw","args":["baton",2,"#
                    + "\"\(RPCWorld.password)\",\"crm.lead\",\"search_read\",[[[\"id\",\"=\",1]],[\"name\",\"stage_id\",\"tag_ids\","
                    + #""expected_revenue","date_deadline"]]]}}"#)
            #expect(
                rows.body
                    == #"{"jsonrpc":"2.0","id":9,"result":[{"id":1,"name":"odoorpc lead","stage_id":[1,"New"],"tag_ids":[],"#
                    + #""expected_revenue":1234.5,"date_deadline":false}]}"#)
            #expect(
                try await world.result("crm.lead", "read", [[1], ["stage_id"]], ["load": "_classic_write"]).text()
                    == #"[{"id":1,"stage_id":1}]"#)
            #expect(try await world.result("crm.lead", "write", [[1], ["priority": "2"]]) == true)
            #expect(try await world.result("crm.lead", "search", [[["priority", "=", "2"]]]) == [1])
            #expect(try await world.result("crm.lead", "unlink", [[1]]) == true)
            #expect(try await world.result("crm.lead", "search_count", [[]]) == 0)
        }
    }

    @Test("what is no call gets Odoo's HTTP errors, and batches are refused")
    func unreadable() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let broken = try await world.send("POST", "/jsonrpc", "{")
            #expect(broken.status == 400 && broken.body.hasPrefix("Invalid JSON data\nrpc.unreadable_json: Send one call"))
            let batch = try await world.send("POST", "/jsonrpc", "[{}]")
            #expect(batch.status == 400 && batch.body.hasPrefix("Batches are not supported."))
            #expect(try await world.send("GET", "/jsonrpc").status == 415)
            #expect(try await world.send("POST", "/jsonrpc", "{}", type: "text/plain").status == 415)
            #expect(try await world.send("POST", "/jsonrpc", #"{"params":[1]}"#).status == 400)
        }
    }

    @Test("None leaves the result out, and the id comes back as it was")
    func noneAndIds() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let answer = try await world.send(
                "POST", "/jsonrpc",
                #"{"id":"a-b","params":{"service":"object","method":"execute_kw","args":["baton",2,"#
                    + "\"\(RPCWorld.password)\",\"crm.lead\",\"check_access_rule\",[[],\"read\"]]}}")
            #expect(answer.body == #"{"jsonrpc":"2.0","id":"a-b"}"#)
        }
    }
}
