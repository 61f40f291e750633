import Base
import CRM
import Foundation
import HTTPServer
import JSON
import Kernel
import Testing

@Suite struct CallTests {
    @Test("nobody gets anything but the question who they are")
    func nobody() async throws {
        let desk = try Desk()
        #expect(try await desk.call("start", nil).json["user"] == false)
        for name in ["view", "choices", "search", "record", "defaults", "save", "bulk", "delete", "action", "method"] {
            let (status, json) = try await desk.call(name, nil, ["model": "crm.lead"])
            #expect(status == 401 && json["code"] == "login.required", "\(name)")
        }
        #expect(try await desk.ask(.get, "/app/api/events?models=crm.lead").status == 401)
    }

    @Test("a page of another site cannot use somebody's session")
    func foreignPage() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let answer = try await desk.ask(
            .post, "/app/api/save", ann, headers: ["Sec-Fetch-Site": "cross-site"],
            body: ["model": "crm.lead", "values": ["name": "Planted"]])
        #expect(answer.status == 403)
        #expect(try desk.world.act { try $0.count(Lead.self, .where("name", .equal, "Planted")) } == 0)
    }

    @Test("what is no call is refused with a code and an instruction")
    func badCalls() async throws {
        let desk = try Desk { $0.records = 2 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let cases: [(String, JSON, Int, String)] = [
            ("search", [:], 400, "client.bad_call"), ("search", ["model": "no.such"], 404, "model.unknown"),
            ("search", ["model": "crm.lead", "filters": ["planted"]], 400, "client.bad_call"),
            ("record", ["model": "crm.lead"], 400, "client.bad_call"),
            ("record", ["model": "crm.lead", "id": 999_999], 404, "record.missing"),
            ("record", ["model": "ir.rule", "id": 1], 403, "access.denied"),
            ("delete", ["model": "crm.lead", "ids": [1, 2, 3]], 413, "client.too_many"),
            ("method", ["model": "crm.lead", "name": "no_such"], 404, "client.no_method"),
            ("choices", ["model": "crm.stage", "where": "[('id', '>', 0)]", "of": "crm.lead"], 400, "client.bad_call"),
        ]
        for (name, body, status, code) in cases {
            let answer = try await desk.call(name, ann, body)
            #expect(answer.status == status && answer.json["code"]?.stringValue == code, "\(name) \(body.text()): \(answer)")
            #expect(answer.json["instruction"]?.stringValue?.isEmpty == false, "\(code)")
        }
        let raw = await desk.router.respond(
            to: try #require(HTTPRequest(.post, "/app/api/search", headers: ["Cookie": "session_id=" + ann], body: Array("[1".utf8))))
        #expect(raw.status == 400)
    }

    @Test("the start names only screens that the person may see")
    func screens() async throws {
        let desk = try Desk()
        let paths = { (json: JSON) in (json["screens"]?.arrayValue ?? []).compactMap { $0["path"]?.stringValue } }
        let seller = paths(try await desk.call("start", try await desk.person("sel", groups: ["crm.group_user"])).json)
        let coordinator = paths(try await desk.call("start", try await desk.person("cor", groups: ["referrals.group_user"])).json)
        #expect(seller.contains("opportunities") && !seller.contains("referrals"))
        #expect(coordinator.contains("referrals") && !coordinator.contains("opportunities"))
        #expect(coordinator.first == "inbox")
    }

    @Test("one call brings rows, their number, and the view with what the person may do")
    func search() async throws {
        let desk = try Desk(demo: true)
        let session = try await desk.session("coordinator")
        let (status, json) = try await desk.call(
            "search", session, ["model": "care.referral", "describe": true, "limit": 3, "filters": ["open"], "order": "id"])
        #expect(status == 200)
        #expect(json["rows"]?.arrayValue?.count == 3)
        #expect((json["total"]?.intValue ?? 0) > 3)
        #expect(json["rows"]?[0]?["patient_id"]?["display_name"]?.stringValue?.isEmpty == false)
        #expect(json["view"]?["can"]?["write"] == true)
        #expect(json["view"]?["board"]?["columns"] == "stage")
        #expect(json["view"]?["fields"]?["status_token"] != nil)
        let groups = try await desk.call("search", session, ["model": "care.referral", "group": ["stage"], "each": 2]).json
        let counts = (groups["groups"]?.arrayValue ?? []).compactMap { $0["count"]?.intValue }
        #expect(counts.reduce(0, +) == groups["total"]?.intValue)
        #expect((groups["groups"]?[0]?["rows"]?.arrayValue?.count ?? 0) <= 2)
    }

    @Test("a field behind a mask is in no descriptor and no row")
    func maskedField() async throws {
        let desk = try Desk(demo: true)
        let auditor = try await desk.session("auditor")
        let json = try await desk.call(
            "search", auditor, ["model": "care.referral", "describe": true, "limit": 1, "fields": ["name", "status_token"]]
        ).json
        #expect(json["view"]?["fields"]?["status_token"] == nil)
        #expect(json["view"]?["can"]?["write"] == false)
        #expect(json["rows"]?[0]?["name"] != nil)
        #expect(json["rows"]?[0]?["status_token"] == nil)
    }

    @Test("a record of another site is not shown, and its refusal names nothing of it")
    func otherSite() async throws {
        let desk = try Desk(demo: true)
        let session = try await desk.session("southgate")
        let other = try desk.world.act { env in
            try env.search(
                env.registry.requireModel("care.referral"),
                .where("company_id", .notEqual, .int(try desk.world.user("southgate").companyId)), limit: 1
            ).ids[0]
        }
        let (status, json) = try await desk.call("record", session, ["model": "care.referral", "id": JSON(other)])
        #expect(status == 403)
        #expect(!json.text().contains("REF/"))
    }

    @Test("a change from an old version is refused with what changed and by whom, and nothing is written")
    func staleSave() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let ben = try await desk.person("ben", groups: ["crm.group_user"])
        let made = try await desk.call("save", ann, ["model": "crm.lead", "values": ["name": "First"]]).json
        let id = try #require(made["id"]?.intValue)
        let version = try #require(made["values"]?["record_version"]?.intValue)
        let body: (String) -> JSON = { ["model": "crm.lead", "id": JSON(id), "version": JSON(version), "values": ["name": .string($0)]] }
        #expect(try await desk.call("save", ben, body("Second")).status == 200)
        let (status, json) = try await desk.call("save", ann, body("Third"))
        #expect(status == 409 && json["code"] == "record.stale")
        #expect(json["details"]?["changed"]?[0] == "name")
        #expect(json["details"]?["changes"]?[0]?["user"]?[1]?.stringValue?.isEmpty == false)
        #expect(try desk.world.act { env in env.record(Lead.self, id).subject } == "Second")
    }

    @Test("a change of many is previewed without writing, done, and leaves out with a reason what is not possible")
    func bulk() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        var ids: [Int] = []
        for name in ["A", "B"] {
            ids.append(
                try #require(
                    try await desk.call("save", ann, ["model": "crm.lead", "values": ["name": .string(name)]]).json["id"]?.intValue))
        }
        let change = { (id: Int, version: Int) -> JSON in ["id": JSON(id), "version": JSON(version), "values": ["priority": "2"]] }
        let changes: JSON = [change(ids[0], 1), change(ids[1], 99)]
        let preview = try await desk.call("bulk", ann, ["model": "crm.lead", "changes": changes, "preview": true]).json
        #expect(preview[0]?["done"] == true && preview[0]?["before"]?["priority"] == "0")
        #expect(preview[1]?["done"] == false && preview[1]?["code"] == "record.stale")
        let priority = { (id: Int) in try desk.world.act { env in env.record(Lead.self, id).priority } }
        #expect(try priority(ids[0]) == .low)
        let done = try await desk.call("bulk", ann, ["model": "crm.lead", "changes": changes]).json
        #expect(done[0]?["done"] == true)
        #expect(try priority(ids[0]) == .high && priority(ids[1]) == .low)
    }

    @Test("an action that is not offered is refused, and one that is runs once with its answers")
    func actions() async throws {
        let desk = try Desk(demo: true)
        let session = try await desk.session("coordinator")
        let row = try await desk.call(
            "search", session, ["model": "care.referral", "domain": [["stage", "=", "assignment"]], "limit": 1]
        ).json["rows"]?[0]
        let id = try #require(row?["id"]?.intValue)
        let record = try await desk.call("record", session, ["model": "care.referral", "id": JSON(id)]).json
        let names = (record["actions"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        #expect(names.contains("action_close") && !names.contains("action_accept"))
        let wrong = try await desk.call("action", session, ["model": "care.referral", "id": JSON(id), "name": "action_accept"])
        #expect(wrong.status == 403)
        let reason = try await desk.call(
            "choices", session,
            [
                "model": "care.reason", "where": "[('kind', 'in', ['cancel', 'reject', 'failed'])]", "of": "care.referral",
                "record": JSON(id),
            ]
        ).json[0]?[0]?.intValue
        let body: JSON = [
            "model": "care.referral", "id": JSON(id), "name": "action_close", "version": record["values"]?["record_version"] ?? 0,
            "arguments": ["reason_id": JSON(reason ?? 0), "comment": "A test closes it"],
        ]
        let closed = try await desk.call("action", session, body)
        #expect(closed.status == 200 && closed.json["values"]?["stage"] == "closed", "\(closed)")
        #expect(try await desk.call("action", session, body).status == 409)
    }

    @Test("saved views are one's own to change and others' only to read when they are shared")
    func savedViews() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let ben = try await desk.person("ben", groups: ["crm.group_user"])
        let save = { (session: String, name: String, shared: Bool) in
            try await desk.call(
                "save", session,
                [
                    "model": "workspace.view",
                    "values": ["name": .string(name), "path": "opportunities", "state": "/list", "shared": .bool(shared)],
                ]
            ).json["id"]?.intValue ?? 0
        }
        let (own, shared) = (try await save(ann, "Mine", false), try await save(ann, "Ours", true))
        let seen = (try await desk.call("start", ben).json["saved"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        #expect(seen == ["Ours"])
        for id in [own, shared] {
            let body: JSON = ["model": "workspace.view", "id": JSON(id), "values": ["name": "Taken"]]
            #expect(try await desk.call("save", ben, body).status == 403)
            #expect(try await desk.call("delete", ben, ["model": "workspace.view", "ids": [JSON(id)]]).status == 403)
        }
        let forged: JSON = [
            "model": "workspace.view",
            "values": ["name": "Forged", "path": "x", "state": "/list", "user_id": JSON(try desk.world.user("ann").id)],
        ]
        #expect(try await desk.call("save", ben, forged).json["values"]?["user_id"]?["id"]?.intValue == desk.world.user("ben").id)
    }

    @Test("the views of every app name only what exists")
    func views() throws { _ = try Desk() }
}

@Suite struct AdminCallTests {
    @Test("the descriptor says which fields hold code, in what language, and when")
    func codeFields() async throws {
        let desk = try Desk()
        let admin = try await desk.person("boss", groups: ["base.group_system"])
        let actions = try await desk.call("view", admin, ["model": "ir.actions.server"]).json["fields"]
        #expect(actions?["code"]?["code"] == ["language": "javascript", "when": false])
        #expect(actions?["value"]?["code"] == ["language": "javascript", "when": ["evaluation_type", "equation"]])
        #expect(actions?["name"]?["code"] == nil)
        let templates = try await desk.call("view", admin, ["model": "mail.template"]).json["fields"]
        #expect(templates?["body_html"]?["code"]?["language"] == "html")
        #expect(try await desk.call("view", admin, ["model": "ir.rule"]).json["fields"]?["domain_force"]?["code"]?["language"] == "python")
    }

    @Test("an import is tried without a trace, tells what does not fit by row and field, and is done whole or not at all")
    func importing() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let count = { try desk.world.act { env in try env.count(Lead.self, .where("name", .like, "Import%")) } }
        let body: (JSON, Bool) -> JSON = { rows, trial in
            ["model": "crm.lead", "fields": ["name", "expected_revenue"], "rows": rows, "trial": .bool(trial)]
        }
        let good: JSON = [["Import 1", "100"], ["Import 2", "200"]]
        let tried = try await desk.call("import", ann, body(good, true)).json
        #expect(tried["ids"]?.arrayValue?.count == 2)
        #expect(try count() == 0)
        let wrong = try await desk.call("import", ann, body([["Import 1", "100"], ["Import 2", "much"]], false)).json
        #expect(wrong["messages"]?[0]?["record"] == 1 || wrong["messages"]?[0]?["rows"] != nil)
        #expect(try count() == 0)
        #expect(try await desk.call("import", ann, body(good, false)).json["ids"]?.arrayValue?.count == 2)
        #expect(try count() == 2)
        let reader = try await desk.person("rea", groups: ["base.group_user"])
        #expect(try await desk.call("import", reader, body(good, true)).status == 403)
    }

    @Test("the audit trail is for administrators, and reading it leaves a line")
    func audit() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        #expect(try await desk.call("audit", ann).status == 403)
        #expect(try await desk.call("audit", ann, ["verify": true]).status == 403)
        let boss = try await desk.person("boss", groups: ["base.group_system"])
        let id = try desk.world.act { env in try env.create(Lead.self, ["name": "Traced"]).id }
        let lines = try await desk.call("audit", boss, ["model": "crm.lead", "id": JSON(id)]).json
        #expect(lines[0]?["kind"] == "create" && lines[0]?["ids"]?[0]?.intValue == id)
        let reads = try await desk.call("audit", boss, ["kind": "read"]).json
        #expect((reads.arrayValue ?? []).contains { $0["model"] == "baton.audit" })
        let before = try #require(lines[0]?["number"]?.intValue)
        let earlier = try await desk.call("audit", boss, ["before": JSON(before), "limit": 5]).json.arrayValue ?? []
        #expect(!earlier.isEmpty && earlier.count <= 5 && earlier.allSatisfy { ($0["number"]?.intValue ?? before) < before })
    }

    @Test("a dashboard counts what the person may see, and is not there for whoever may not")
    func dashboard() async throws {
        let desk = try Desk(demo: true)
        let south = try await desk.call("dashboard", try await desk.session("southgate")).json
        let manager = try await desk.call("dashboard", try await desk.session("manager")).json
        let open = { (json: JSON) in json["tiles"]?[0]?["value"]?.intValue ?? 0 }
        #expect(open(south) > 0 && open(south) < open(manager))
        #expect(manager["charts"]?.arrayValue?.count == 3)
        let seller = try await desk.call("dashboard", try await desk.person("sel", groups: ["crm.group_user"])).json
        #expect(seller["all"]?.arrayValue?.isEmpty == true && seller["tiles"] == nil)
    }
}
