import Foundation
import Kernel
@testable import Store
import Testing

@testable import StoreSQLite

@Suite struct AuditTests {
    static let entries = 400

    /// A sealed trail: checkpoints after 100, 200, 300 and 400 entries.
    private func trail() throws -> Scratch {
        let scratch = try Scratch(sealed: true, migrated: false)
        try scratch.database.migrate()
        for block in 0..<4 {
            try scratch.database.systemBlocking { [database = scratch.database] connection in
                let transaction = SQLTransaction(
                    connection, registry: database.registry, dialect: database.dialect, now: database.clock.now, isReadOnly: false)
                for number in 0..<100 {
                    let entry = AuditEntry(
                        .write, model: "test.contact", ids: [block * 100 + number, 7], userId: 2, detail: ["name": .list(["old", "Ärger"])])
                    try transaction.appendAudit([entry])
                }
            }
            scratch.clock.advance(seconds: 30)
            try scratch.database.sealNow()
        }
        return scratch
    }

    private func verify(_ path: String, _ folder: String) throws -> AuditReport {
        try SQLiteDriver.readOnly(path: path) { AuditVerifier($0, SQLiteDialect(), directory: folder).verify() }
    }

    @Test("an untouched trail is good, and every entry is sealed")
    func untouched() throws {
        let scratch = try trail()
        let report = try verify(scratch.driver.path, scratch.folder)
        #expect(report.findings == [])
        #expect(report.entries == Self.entries)
        #expect(report.sealedThrough == Self.entries)
        #expect(report.checkpoints == 4)
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.folder + "/keys/audit.key")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("of 2,000 random tampers each is found, and its place is told")
    func tampers() throws {
        let scratch = try trail()
        scratch.database.close()
        var random = SeededGenerator(seed: 20_261_120)
        var missed: [String] = []
        let connection = try SQLiteConnection(path: scratch.driver.path, readOnly: false)
        for number in 0..<2_000 {
            try connection.execute("BEGIN")
            let tamper = try Tamper.random(number, on: connection, &random)
            let report = AuditVerifier(connection, SQLiteDialect(), directory: scratch.folder).verify()
            let located = report.findings.contains { ($0.seq...max($0.seq, $0.through)).contains(tamper.seq) }
            if !located || report.firstBad != tamper.first { missed.append("\(tamper): \(report.findings.prefix(2))") }
            try connection.execute("ROLLBACK")
        }
        #expect(missed == [])
    }

    @Test("a checkpoint that was changed in the database or in the file is told")
    func changedCheckpoint() throws {
        let scratch = try trail()
        try scratch.database.systemBlocking { try $0.run("UPDATE baton_audit_checkpoint SET at = '2026-11-20 09:00:01' WHERE seq = 200") }
        #expect(try verify(scratch.driver.path, scratch.folder).findings.map(\.kind) == [.checkpoint])
        try FileManager.default.removeItem(atPath: scratch.folder + "/keys/audit.pub")
        #expect(try !verify(scratch.driver.path, scratch.folder).isGood)
    }

    @Test("after a thousand entries a checkpoint is made without being asked for")
    func sealsByCount() throws {
        let scratch = try Scratch(sealed: true)
        try scratch.database.writeBlocking(superuser: true) { env in
            try env.unit.transaction.appendAudit((0..<1_200).map { AuditEntry(.read, model: "test.contact", ids: [$0], userId: 2) })
        }
        try scratch.database.systemBlocking { _ in }
        let count = try scratch.driver.withSnapshot { try $0.first("SELECT count(*) FROM baton_audit_checkpoint", [], .integer) }
        #expect(count == .int(1))
    }
}
