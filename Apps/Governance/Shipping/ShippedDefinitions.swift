import Foundation
import Kernel

/// The definitions that an app brings along in its folder `Definitions/`; the app offers them with `App.offer(_:)`.
///
/// At each start `Definitions.synchronise` puts new ones in force. What a tenant has released since stays in force: the new shipped version
/// then waits as a draft for a person to look at.
public struct ShippedDefinitions: Sendable {
    /// The app's technical name.
    public let app: String
    /// What the versions are said to come with: the program's version.
    public let release: String
    let files: @Sendable () throws -> [DefinitionFile]

    /// Definitions from YAML files of one folder, in the order of their names; files without a `kind` are not definitions of this sort.
    public init(app: String, release: String, folder: URL?) {
        self.init(app: app, release: release) {
            guard let folder else {
                throw Refusal(
                    "governance.shipped_missing", .internalFault, "The definitions of the app '\(app)' are missing.",
                    instruction: "Install the program with its resource folders.")
            }
            let urls = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            return try urls.filter { $0.pathExtension == "yaml" }.sorted { $0.lastPathComponent < $1.lastPathComponent }.map { url in
                do { return try DefinitionFile.parse(Array(try Data(contentsOf: url))) } catch let refusal as Refusal {
                    throw Refusal(
                        refusal.code, refusal.kind, url.lastPathComponent + ": " + refusal.message, instruction: refusal.instruction)
                }
            }
        }
    }

    /// Definitions from values.
    public init(app: String, release: String, _ files: @escaping @Sendable () throws -> [DefinitionFile]) {
        self.app = app
        self.release = release
        self.files = files
    }
}

extension Definitions {
    /// Brings the shipped definitions of all apps into the database; called at each start, and quick when nothing is new.
    public static func synchronise(_ env: Environment) throws {
        for shipped in env.registry.offered(as: ShippedDefinitions.self) { try ship(shipped, in: env) }
    }

    /// Brings some definitions into the database as shipped ones; for demos, whose definitions not every database has.
    public static func ship(_ shipped: ShippedDefinitions, in env: Environment) throws {
        let machine = env.asSuperuser("shipped definitions are brought along by the program").with(user: .system)
        let superuser = machine.asSuperuser("shipped definitions are brought along by the program")
        for file in try shipped.files() { try ship(file, shipped, superuser) }
    }

    private static func ship(_ file: DefinitionFile, _ shipped: ShippedDefinitions, _ env: Environment) throws {
        let definition = try file.definition(in: env, company: nil)
        let seal = Drafting.seal(file.content, file.tests)
        let own = Domain.where("definition_id", .equal, .int(definition.id))
        let known = own & .where("origin", .equal, "shipped") & .where("checksum", .equal, .text(seal))
        if try env.count(DefinitionVersion.self, known) > 0 { return }
        if definition.shippedBy.isEmpty { definition.shippedBy = shipped.app }
        let present = try Drafting.newest(of: definition)
        let version = try env.create(
            DefinitionVersion.self,
            [
                "definition_id": .int(definition.id), "content": .json(file.content), "tests": .json(file.tests),
                "note": .text(file.note.isEmpty ? "Shipped with \(shipped.release)." : file.note), "origin": "shipped",
                "shipped_with": .text(shipped.release), "checksum": .text(seal),
            ])
        if let present, present.origin != .shipped {
            return try DefinitionTrail.note("suggested", version, by: env, ["shipped_with": .text(shipped.release)])
        }
        try Drafting.check(version).requireGood(version.cause)
        try Releasing.put(version, inForceFrom: env.now, by: env, event: "shipped")
    }
}
