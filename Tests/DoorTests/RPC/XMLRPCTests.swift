import Testing
import XMLRPC

@Suite struct XMLRPCDoorTests {
    private func call(
        _ world: RPCWorld, _ path: String, _ method: String, _ parameters: [XMLRPCValue]
    ) async throws -> XMLRPCResponse {
        let body = String(decoding: XMLRPCCall(method: method, parameters: parameters).serialized(), as: UTF8.self)
        let answer = try await world.send("POST", path, body, type: "text/xml")
        return try XMLRPCResponse(parsing: Array(answer.body.utf8))
    }

    private func execute(
        _ model: String, _ method: String, _ arguments: [XMLRPCValue], password: String = RPCWorld.password
    ) -> [XMLRPCValue] {
        [.string("baton"), .int(2), .string(password), .string(model), .string(method), .array(arguments)]
    }

    @Test("the same services answer in XML")
    func services() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let login = try await call(
                world, "/xmlrpc/2/common", "login", [.string("baton"), .string("admin"), .string(RPCWorld.password)])
            #expect(login == .value(.int(2)))
            let values: XMLRPCValue = .structure(["name": .string("Lead"), "expected_revenue": .double(12.5)])
            #expect(try await call(world, "/xmlrpc/2/object", "execute_kw", execute("crm.lead", "create", [values])) == .value(.int(1)))
            let rows = try await call(
                world, "/xmlrpc/2/object", "execute_kw",
                execute(
                    "crm.lead", "read", [.array([.int(1)]), .array([.string("name"), .string("stage_id"), .string("expected_revenue")])]))
            #expect(
                rows
                    == .value(
                        .array([
                            .structure([
                                "id": .int(1), "name": .string("Lead"), "stage_id": .array([.int(1), .string("New")]),
                                "expected_revenue": .double(12.5),
                            ])
                        ])))
            #expect(try await call(world, "/xmlrpc/db", "db_exist", [.string("baton")]) == .value(.bool(true)))
        }
    }

    @Test("faults have Odoo's numbers, and texts in the first version")
    func faults() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let cases: [(Int64, [XMLRPCValue])] = [
                (1, execute("crm.lead", "create", [.structure(["nope": .int(1)])])),
                (2, execute("no.model", "search", [.array([])])),
                (2, execute("crm.lead", "create", [.structure(["type": .string("lead")])])),
                (3, execute("crm.lead", "search", [.array([])], password: "wrong")),
                (4, execute("crm.lead", "_search", [.array([])])),
                (1, execute("crm.lead", "check_access_rule", [.array([]), .string("read")])),
            ]
            for (code, arguments) in cases {
                guard case .fault(let fault) = try await call(world, "/xmlrpc/2/object", "execute_kw", arguments) else {
                    Issue.record("no fault \(code)")
                    continue
                }
                #expect(fault.code == .int(code), "\(fault.message)")
            }
            let old = try await call(world, "/xmlrpc/object", "execute_kw", cases[1].1)
            guard case .fault(let fault) = old else {
                Issue.record("no fault")
                return
            }
            #expect(fault.code == .string("warning -- UserError\n\nObject no.model doesn't exist"))
            #expect(fault.message.hasPrefix("[model.unknown] "))
        }
    }

    @Test("what is no XML-RPC is refused with HTTP 400")
    func unreadable() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            #expect(try await world.send("POST", "/xmlrpc/2/common", "<oops", type: "text/xml").status == 400)
            #expect(try await world.send("POST", "/xmlrpc/2/nothing", "<methodCall/>", type: "text/xml").status == 404)
        }
    }
}
