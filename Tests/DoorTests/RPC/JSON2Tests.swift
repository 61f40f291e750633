import JSON
import Testing

@Suite struct JSON2Tests {
    private func post(_ world: RPCWorld, _ path: String, _ body: String, key: String) async throws -> (status: Int, body: String) {
        let answer = try await world.send("POST", "/json/2/" + path, body, headers: ["Authorization": "bearer " + key])
        return (answer.status, answer.body)
    }

    private func key(_ world: RPCWorld) async throws -> String {
        try await world.result("res.users.apikeys", "generate", ["robot"]).stringValue ?? ""
    }

    @Test("named arguments, bare values, and always a list from create")
    func life() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let key = try await key(world)
            #expect(try await post(world, "crm.lead/create", #"{"vals_list":{"name":"One"}}"#, key: key) == (200, "[1]"))
            #expect(try await post(world, "crm.lead/write", #"{"ids":[1],"vals":{"priority":"3"}}"#, key: key) == (200, "true"))
            let rows = try await post(
                world, "crm.lead/search_read", #"{"domain":[],"fields":["name","priority"],"context":{"lang":"en_US"}}"#, key: key)
            #expect(rows == (200, #"[{"id":1,"name":"One","priority":"3"}]"#))
            #expect(try await post(world, "crm.lead/action_set_won", #"{"ids":[1]}"#, key: key) == (200, "true"))
        }
    }

    @Test("errors have HTTP's statuses and the bare error object")
    func errors() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let key = try await key(world)
            let cases: [(Int, String, String, String)] = [
                (404, "no.model/search", "{}", "werkzeug.exceptions.NotFound"),
                (404, "crm.lead/nosuch", "{}", "werkzeug.exceptions.NotFound"),
                (422, "crm.lead/search", #"{"domainz":[]}"#, "werkzeug.exceptions.UnprocessableEntity"),
                (422, "crm.lead/search", #"{"ids":[1]}"#, "werkzeug.exceptions.UnprocessableEntity"),
                (422, "crm.lead/create", #"{"vals_list":[{"type":"lead"}]}"#, "odoo.exceptions.ValidationError"),
                (404, "crm.lead/write", #"{"ids":[99],"vals":{"name":"x"}}"#, "odoo.exceptions.MissingError"),
                (403, "crm.lead/_search", "{}", "odoo.exceptions.AccessError"),
                (500, "crm.lead/search", #"{"domain":[["nope","=",1]]}"#, "builtins.ValueError"),
                (400, "crm.lead/search", "{", "werkzeug.exceptions.BadRequest"),
            ]
            for (status, path, body, name) in cases {
                let answer = try await post(world, path, body, key: key)
                let error = try JSON.parse(answer.body)
                #expect(answer.status == status, "\(path) \(answer.body)")
                #expect(error["name"] == .string(name))
                #expect(error.objectValue?.keys == ["name", "message", "arguments", "context", "debug", "code", "instruction"])
                #expect(error["instruction"]?.stringValue?.isEmpty == false && error["code"]?.stringValue?.isEmpty == false)
            }
            let ids = try await post(world, "crm.lead/search", #"{"ids":[1]}"#, key: key)
            #expect(ids.body.contains("cannot call crm.lead.search with ids"))
        }
    }

    @Test("no key and a wrong key are 401, a GET tells what was meant")
    func keys() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            for headers in [[:], ["Authorization": "bearer " + String(repeating: "0", count: 40)], ["Authorization": "Basic x"]] {
                let answer = try await world.send("POST", "/json/2/crm.lead/search", "{}", headers: headers)
                #expect(answer.status == 401 && answer.headers["www-authenticate"] == "Bearer")
            }
            let get = try await world.send("GET", "/json/2/crm.lead/search")
            #expect(get.status == 404 && get.body.contains("Did you mean POST /json/2/<model>/<method>?"))
        }
    }
}
