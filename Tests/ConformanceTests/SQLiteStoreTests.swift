import Foundation
import StoreSQLite
import TestKit
import Testing

@Suite struct SQLiteStoreTests {
    @Test("SQLite does what every store must do", arguments: StoreSuite.checks)
    func conforms(_ check: StoreSuite.Check) async throws {
        let folder = NSTemporaryDirectory() + "baton-suite-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await check.run(on: try SQLiteDriver(path: folder + "/baton.db"))
    }
}
