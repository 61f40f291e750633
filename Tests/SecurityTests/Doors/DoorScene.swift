import Base
import Crypto
import Foundation
import HTTPServer
import Kernel
import Referrals
import Store
import TestKit

@testable import Operations

/// The demo with a canary in every text, served by the program's own router, and people who show who they are in each way there is.
final class DoorScene: @unchecked Sendable {
    /// Somebody who asks; nobody signed in has no groups and no credentials.
    struct Asker: Sendable {
        let login: String
        let groups: [String]
        var id = 0
        var basic = ""
        var session = ""
        var key = ""
        var isNobody: Bool { login.isEmpty }
    }

    static let password = "correct horse 7"
    private static let chosen = [
        "coordinator", "southgate", "hl7", "auditor", "only base.group_portal", "only base.group_user", "only crm.group_user",
        "only probe.group_user", "admin",
    ]

    let scene: MatrixWorld
    let router: Router
    let server: HTTPServer
    let askers: [Asker]
    let canaries: Int
    /// What decides about access, the askers' own keys included.
    let facts: Facts
    var world: World { scene.world }
    var registry: Registry { scene.world.database.registry }

    init() throws {
        scene = try MatrixWorld()
        let world = scene.world
        try FileManager.default.createDirectory(at: world.folder.appendingPathComponent("keys"), withIntermediateDirectories: true)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..").standardized.path
        let words = ["--data", world.folder.path, "--port", "0", "--demo", "--log-level", "error", "--client", root + "/Client"]
        let configuration = try ServeConfiguration(
            try Arguments.parse(words, Configuration.settings, takesOperands: false, environment: [:]))
        let house = try House(world.database, configuration, Log(level: .error))
        router = try Doors.routes(house)
        server = HTTPServer(configuration: configuration.http, handler: router, workers: world.database.workers)
        try server.start()
        let hash = try Passwords.hash(DoorScene.password)
        var askers = [Asker(login: "", groups: [])]
        for role in scene.roles where DoorScene.chosen.contains(role.login) {
            askers.append(try DoorScene.asker(role, hash, world))
        }
        self.askers = askers
        canaries = try world.act { try Canary.plant($0) }
        facts = try world.act { try Facts($0) }
    }

    private static func asker(_ role: MatrixWorld.Role, _ hash: String, _ world: World) throws -> Asker {
        var asker = Asker(login: role.login, groups: role.groups)
        asker.id = try world.user(role.login).id
        asker.basic = "Basic " + Base64.standard.encode(Array("\(role.login):\(password)".utf8))
        let (session, key) = (Hex.encode(SystemRandomSource().bytes(32)), Hex.encode(SystemRandomSource().bytes(20)))
        let user = asker.id
        try world.act { env in
            try env.record(User.self, user).write(["password_hash": .text(hash)])
            try env.create(
                APIKey.self,
                [
                    "name": "matrix", "user_id": .int(user), "scope": "rpc", "index": .text(String(key.prefix(8))),
                    "key": .text(SHA256.hash(key).hex),
                ])
            try env.unit.flush()
            try env.create(
                Session.self,
                [
                    "user_id": .int(user), "token_digest": .text(SHA256.hash(session).hex), "last_seen": .instant(env.now),
                    "expires": .instant(env.now + 86_400),
                ])
        }
        (asker.session, asker.key) = (session, key)
        return asker
    }

    /// What an asker should be able to do; nobody may nothing.
    func expectation(_ asker: Asker) throws -> Expectation {
        let user =
            asker.isNobody
            ? UserContext(id: 0, login: "", name: "", partnerId: nil, companyId: 0, companyIds: [], groups: [])
            : try world.user(asker.login)
        return Expectation(facts, user, groups: asker.groups)
    }

    /// Every record of every model with its version: what nobody may have changed.
    func standing() throws -> [String: [Int: Int]] {
        try world.act { env in
            let everything = try env.with(context: ["active_test": false])
            var standing: [String: [Int: Int]] = [:]
            for model in env.registry.models {
                let ids = try everything.search(model, .all).ids
                let rows = try env.unit.transaction.fetch(model, [model.fields[ModelSchema.Slot.version]], ids: ids)
                standing[model.name] = Dictionary(
                    uniqueKeysWithValues: rows.ids.enumerated().map { ($1, rows[$0, 0].intValue ?? 0) })
            }
            return standing
        }
    }
}
