import StorePostgres
import TestKit
import Testing

@Suite(.enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.missing)))
struct PostgresStoreTests {
    @Test("PostgreSQL does what every store must do", arguments: StoreSuite.checks)
    func conforms(_ check: StoreSuite.Check) async throws {
        let server = try PostgresServer.shared.get()
        var options = PostgresOptions()
        options.settleSeconds = 0
        try await check.run(on: try PostgresDriver(try server.address(try server.makeDatabase()), options: options))
    }
}
