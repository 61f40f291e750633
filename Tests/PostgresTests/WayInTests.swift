import Foundation
import Glibc
import Kernel
import Store
import StorePostgres
import TestKit
import Testing

@Suite(hasServer) struct WayInTests {
    @Test("passwords go by SCRAM, a wrong one is refused, and no word of ours repeats it")
    func passwords() throws {
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        #expect(try server.query("SELECT substr(rolpassword, 1, 13) FROM pg_authid WHERE rolname = 'baton'") == "SCRAM-SHA-256\n")
        let address = try server.address(name)
        #expect(address.description == "postgres://baton@127.0.0.1:\(server.port)/\(name)")
        let wrong = try PostgresAddress("postgres://baton:opensesame@127.0.0.1:\(server.port)/\(name)")
        var options = PostgresOptions()
        options.connectSeconds = 2
        do {
            _ = try PostgresDriver(wrong, options: options)
            Issue.record("the wrong password was taken")
        } catch let refusal as Refusal {
            #expect(refusal.code == "store.unreachable")
            #expect(!"\(refusal)\(refusal.sentence)\(wrong)".contains("opensesame"))
        }
        do {
            _ = try PostgresAddress("mysql://baton:opensesame@127.0.0.1/x")
            Issue.record("the address was taken")
        } catch let refusal as Refusal {
            #expect(refusal.code == "store.bad_address")
            #expect(!"\(refusal)".contains("opensesame"))
        }
    }

    @Test("with TLS asked for, an encrypted connection or none; with the authority named, only its servers")
    func tls() throws {
        let server = try PostgresServer(.init(hasTLS: true))
        let name = try server.makeDatabase()
        let ask = "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl AND version = 'TLSv1.3'"
        for mode in ["sslmode=require", "sslmode=verify-full&sslrootcert=\(server.folder)/server.crt"] {
            let driver = try PostgresDriver(try server.address(name, more: mode))
            defer { driver.close() }
            #expect(try driver.withSnapshot { try $0.first(ask, [], .integer) } == .int(1))
        }
        let plain = try PostgresServer.shared.get()
        #expect(throws: Refusal.self) { try PostgresDriver(try plain.address("postgres", more: "sslmode=require")) }
        let stranger = "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"
        #expect(throws: Refusal.self) { try PostgresDriver(try server.address(name, more: stranger)) }
    }

    @Test("everything works through pgbouncer in session mode", .enabled(if: PoolerServer.isInstalled, "apt-get install pgbouncer"))
    func pgbouncer() async throws {
        let server = try PostgresServer.shared.get()
        let pooler = try PoolerServer(server)
        defer { pooler.stop() }
        let scratch = try Scratch(server, port: pooler.port)
        let database = scratch.database
        let id = try await database.write(as: .system, superuser: true) { try $0.create(Account.self, ["name": "a", "balance": 0]).id }
        try await atOnce(40) { _ in
            try await database.write(as: .system, superuser: true) { env in
                let account = env.record(Account.self, id)
                try account.write(["balance": .int(account.balance + 1)])
            }
        }
        #expect(try await database.read(as: .system, superuser: true) { $0.record(Account.self, id).balance } == 40)
        let own = "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(scratch.name)' AND application_name = 'baton'"
        #expect(try Int(server.query(own).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 0)
    }
}

/// pgbouncer in session mode before a server, on a free port.
final class PoolerServer {
    static let program = "/usr/sbin/pgbouncer"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: program)

    let port: Int
    private let process: Process
    private let folder: String

    init(_ server: PostgresServer) throws {
        port = try PostgresServer.freePort()
        folder = server.folder + "/pooler-\(port)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = """
            [databases]
            * = host=127.0.0.1 port=\(server.port)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = \(folder)/users
            pool_mode = session
            default_pool_size = 30
            max_client_conn = 100
            """
        try settings.write(toFile: folder + "/pgbouncer.ini", atomically: true, encoding: .utf8)
        let password = PostgresServer.password.replacingOccurrences(of: "\"", with: "\"\"")
        try "\"\(PostgresServer.user)\" \"\(password)\"\n".write(toFile: folder + "/users", atomically: true, encoding: .utf8)
        process = PostgresServer.process([PoolerServer.program, "-q", folder + "/pgbouncer.ini"])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<100 {
            let driver = try? PostgresDriver(try PostgresAddress(server.text("postgres", port: port)))
            driver?.close()
            if driver != nil { break }
            usleep(50_000)
        }
    }

    /// A pooler keeps nothing; a thread of a test may block every gentler signal in what it starts.
    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
