import Base
import Foundation
import Kernel
import Store
import TestKit
import Testing

/// Everything that anybody could try, compared with what is declared.
@Suite(.serialized) struct MatrixTests {
    static let scene = Result { try MatrixWorld() }

    /// Runs a long body on a thread of its own, so that other tests have theirs.
    static func aside<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }

    @Test("no role reads or changes more than rights, rules, masks and owners say, nor less")
    func nobodyGoesBeyondWhatIsDeclared() async throws {
        let tally = try await MatrixTests.aside {
            let scene = try MatrixTests.scene.get()
            var tally = Tally()
            for role in scene.roles { tally.add(try MatrixTests.cells(scene, role)) }
            let models = scene.world.database.registry.models.count
            print("matrix: \(tally.cells) cells, \(scene.roles.count) roles, \(models) models")
            return tally
        }
        #expect(tally.leaks.isEmpty, "\(tally.leaks.count) leaks:\n\(tally.leaks.prefix(60).joined(separator: "\n"))")
        #expect(tally.closed.isEmpty, "\(tally.closed.count) closed:\n\(tally.closed.prefix(60).joined(separator: "\n"))")
        #expect(tally.cells > 50_000)
    }

    @Test("with one rule dropped the matrix is red")
    func aDroppedRuleShows() async throws {
        let tally = try await MatrixTests.aside { try MatrixTests.withoutRule() }
        #expect(tally.leaks.contains { $0.contains("care.referral search") })
        #expect(tally.leaks.contains { $0.contains("care.requirement search") })
        #expect(tally.leaks.contains { $0.contains(".name read") })
    }

    /// Some cells of one role, while the rule about referrals is not in force.
    private static func withoutRule() throws -> Tally {
        let scene = try MatrixTests.scene.get()
        guard let role = scene.roles.first(where: { $0.login == "southgate" }) else { throw Expectation.NotWritten() }
        let rule = try scene.world.act { env in
            let rule = try env.search(RecordRule.self, .where("name", .equal, "care.referral of one's sites"), limit: 1)
            try rule.write(["active": false])
            return rule.ids
        }
        let tally = try MatrixTests.cells(scene, role, models: ["care.referral", "care.requirement"])
        try scene.world.act { env in try env.records(RecordRule.self, rule).write(["active": true]) }
        return tally
    }

    /// The cells of one role on some models, or on all.
    static func cells(_ scene: MatrixWorld, _ role: MatrixWorld.Role, models: [String]? = nil) throws -> Tally {
        let database = scene.world.database
        let user = try scene.world.user(role.login)
        let expectation = Expectation(scene.facts, user, groups: role.groups)
        let names = models ?? database.registry.models.map(\.name)
        var tally = try database.readBlocking(as: user) { env in
            var cells = try ReadCells(env, role.login, expectation)
            for name in names { try cells.run(try env.registry.requireModel(name)) }
            return cells.tally
        }
        for name in names {
            tally.add(
                try undone(database, user) { env in
                    var cells = try WriteCells(env, role.login, expectation)
                    try cells.refusals(try env.registry.requireModel(name))
                    return cells.tally
                })
            for method in database.registry.model(name)?.methodNames ?? [] {
                tally.add(
                    try undone(database, user) { env in
                        var cells = try WriteCells(env, role.login, expectation)
                        try cells.call(method, try env.registry.requireModel(name))
                        return cells.tally
                    })
            }
            tally.add(
                try undone(database, user) { env in
                    var cells = try WriteCells(env, role.login, expectation)
                    try cells.permissions(try env.registry.requireModel(name))
                    return cells.tally
                })
        }
        return tally
    }

    private static func undone(
        _ database: Database, _ user: UserContext, _ body: @escaping @Sendable (Environment) throws -> Tally
    ) throws -> Tally {
        do {
            try database.writeBlocking(as: user) { env in throw Undone(tally: try body(env)) }
        } catch let undone as Undone { return undone.tally }
        return Tally()
    }
}
