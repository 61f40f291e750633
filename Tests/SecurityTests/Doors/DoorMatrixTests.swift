import Base
import Foundation
import Kernel
import Testing

/// Every route, method and interaction, asked by everybody about records of their own, of others and of other companies.
@Suite(.serialized) struct DoorMatrixTests {
    static let scene = Result { try DoorScene() }

    @Test("every route of the program is declared, and nothing is declared that is not there")
    func everyRouteIsDeclared() throws {
        let found = Set(try DoorMatrixTests.scene.get().router.patterns.map(RouteTable.name))
        let declared = Set(RouteTable.rules.keys)
        #expect(found.subtracting(declared) == [], "declare who may ask: Tests/SecurityTests/Doors/RouteTable.swift")
        #expect(declared.subtracting(found) == [])
    }

    @Test("no door shows or does more than rights, rules, masks and owners say, whoever asks for whatever")
    func nothingLeaks() async throws {
        let (tally, shown) = try await MatrixTests.aside {
            let scene = try DoorMatrixTests.scene.get()
            let before = try scene.standing()
            var tally = Tally()
            var shown: [String: Int] = [:]
            for asker in scene.askers {
                let start = Date()
                var cells = try DoorCells(scene, asker)
                try cells.routes()
                try cells.status()
                try cells.methods()
                try cells.resources()
                try cells.client()
                tally.add(cells.tally)
                shown.merge(cells.shown, uniquingKeysWith: +)
                print(
                    "door matrix: \(asker.login.isEmpty ? "nobody" : asker.login) \(cells.tally.cells) cells in \(Date().timeIntervalSince(start)) s"
                )
            }
            tally.leaks += try DoorMatrixTests.changes(before, try scene.standing())
            print(
                "door matrix: \(tally.cells) cells, \(scene.askers.count) askers, \(scene.router.patterns.count) routes, \(scene.canaries) canaries"
            )
            return (tally, shown)
        }
        #expect(tally.leaks.isEmpty, "\(tally.leaks.count) leaks:\n\(tally.leaks.prefix(80).joined(separator: "\n"))")
        for way in DoorCells.Way.allCases where way != .button && way != .buttonPath {
            #expect(shown[way.route, default: 0] > 0, "nobody was shown anything by \(way)")
        }
        for route in ["search", "record", "choices"].map({ "POST /app/api/" + $0 }) {
            #expect(shown[route, default: 0] > 0, "nobody was shown anything by \(route)")
        }
        for route in ["GET /fhir/{path*}", "GET /documents/{id}/content", "GET /documents/{id}/enter", "GET /portal/referral"] {
            #expect(shown[route, default: 0] > 0, "nobody was shown anything by \(route)")
        }
    }

    @Test("with one rule dropped every notation is red")
    func aDroppedRuleShows() async throws {
        let leaks = try await MatrixTests.aside {
            let scene = try DoorMatrixTests.scene.get()
            let rule = try DoorMatrixTests.drop("care.patient of one's sites", scene)
            defer { try? scene.world.act { env in try env.records(RecordRule.self, rule).write(["active": true]) } }
            let asker = try #require(scene.askers.first { $0.login == "southgate" })
            var cells = try DoorCells(scene, asker)
            let (open, closed) = try cells.samples("care.patient")
            let model = try scene.registry.requireModel("care.patient")
            for way in DoorCells.Way.allCases { try cells.few(way, model, open, closed) }
            try cells.resources()
            return cells.tally.leaks
        }
        for way in ["jsonrpc", "xmlrpc", "oldXMLRPC", "dataset", "datasetPath", "json2"] {
            #expect(leaks.contains { $0.contains("care.patient.search_read by \(way) shows care.patient(") }, "\(way)")
        }
        #expect(leaks.contains { $0.contains("/fhir/Patient/") && $0.contains("shows care.patient(") })
    }

    private static func drop(_ name: String, _ scene: DoorScene) throws -> [Int] {
        try scene.world.act { env in
            let rule = try env.search(RecordRule.self, .where("name", .equal, .text(name)), limit: 1)
            try rule.write(["active": false])
            return rule.ids
        }
    }

    /// Records that came, went or changed though nothing of all this may change any.
    private static func changes(_ before: [String: [Int: Int]], _ after: [String: [Int: Int]]) throws -> [String] {
        // Signing in leaves its traces.
        let busy: Set<String> = ["res.users.log", "base.session"]
        // What FHIR or an upload could not take is kept, with an exception that has an owner; an export gives external ids.
        let growing: Set<String> = [
            "care.intake", "care.document", "ops.exception", "ops.exception.occurrence", "mail.activity", "mail.message", "mail.followers",
            "ir.model.data",
        ]
        var found: [String] = []
        for (model, records) in before where !busy.contains(model) {
            let now = after[model] ?? [:]
            var changed = records.keys.filter { records[$0] != now[$0] }
            if !growing.contains(model) { changed += now.keys.filter { records[$0] == nil } }
            if !changed.isEmpty { found.append("\(model) changed: \(changed.sorted().prefix(5).map { "\($0)" }.joined(separator: ", "))") }
        }
        return found
    }
}
