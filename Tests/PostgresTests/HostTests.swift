import Foundation
import Glibc
import Kernel
import Store
import TestKit
import Testing

@testable import StorePostgres

/// A port that takes connections and never says a word: what a frozen server looks like.
private final class MutePort {
    let port: Int
    private let descriptor: Int32

    init() throws {
        port = try PostgresServer.freePort()
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        try #require(bound == 0 && listen(descriptor, 64) == 0)
    }

    deinit { close(descriptor) }
}

@Suite(hasServer) struct HostTests {
    @Test("of several hosts the one that has the database is found, past one that refuses and one that is frozen")
    func found() async throws {
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        let (mute, closed) = (try MutePort(), try PostgresServer.freePort())
        let password = PostgresServer.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let hosts = "127.0.0.1:\(closed),127.0.0.1:\(mute.port),127.0.0.1:\(server.port)"
        let address = try PostgresAddress(
            "postgres://\(PostgresServer.user):\(password)@\(hosts)/\(name)?target_session_attrs=read-write")
        #expect(address.places.map(\.port) == ["\(closed)", "\(mute.port)", "\(server.port)"])
        var options = Scratch.options
        options.connectSeconds = 6
        let start = Date()
        let driver = try PostgresDriver(address, options: options)
        defer { driver.close() }
        #expect(try driver.withSnapshot { try $0.first("SELECT 1", [], .integer) } == .int(1))
        #expect(Date().timeIntervalSince(start) < 6)
        // The one that was found is asked first from then on.
        let later = Date()
        try await atOnce(6) { _ in _ = try driver.withSnapshot { try $0.first("SELECT 1", [], .integer) } }
        #expect(Date().timeIntervalSince(later) < 2)
    }

    @Test("a server that takes no changes any more is left for the one that does")
    func readOnly() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        try await database.write(as: .system, superuser: true) { _ = try $0.create(Account.self, ["name": "before"]) }
        try scratch.server.query("ALTER DATABASE \(scratch.name) SET default_transaction_read_only = on")
        let end =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '\(scratch.name)' AND pid <> pg_backend_pid()"
        try scratch.server.query("SET default_transaction_read_only = off; " + end, in: scratch.name)
        async let made: Void = database.write(as: .system, superuser: true) { _ = try $0.create(Account.self, ["name": "after"]) }
        try await Task.sleep(for: .milliseconds(600))
        try scratch.server.query("ALTER DATABASE \(scratch.name) RESET default_transaction_read_only")
        try await made
        #expect(try scratch.number("SELECT count(*) FROM test_account WHERE name = 'after'") == 1)
    }
}
