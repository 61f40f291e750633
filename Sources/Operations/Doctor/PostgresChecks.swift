import Engine
import Foundation
import JSON
import Kernel
import Store
import StorePostgres

/// The PostgreSQL server: its version, the settings that durability hangs on, room for connections, its clock, and Patroni before it.
package struct PostgresChecks {
    package let address: PostgresAddress
    package let patroni: String?

    package init(address: PostgresAddress, patroni: String?) {
        self.address = address
        self.patroni = patroni
    }

    /// The oldest version that is tested.
    package static let oldest = 150_000
    /// Connections that one node may open: readers, writers and a few for starting.
    package static let connectionsOfNode = PostgresOptions().readers + PostgresOptions().writers + 2
    /// Seconds that the clocks may be apart before leases and schedules notice.
    package static let skewSeconds = 5

    package func run() -> [Finding] {
        var findings: [Finding] = []
        do {
            try PostgresDriver.readOnly(address) { connection in findings = try settings(connection) + [try clock(connection)] }
        } catch {
            let refusal = error as? Refusal
            findings.append(.bad("database", refusal?.message ?? "The database does not answer.", refusal?.instruction ?? ""))
        }
        if let patroni { findings.append(PatroniCheck(url: patroni).run()) }
        return findings
    }

    private func settings(_ connection: any SQLConnection) throws -> [Finding] {
        func setting(_ name: String) throws -> String {
            try connection.first("SELECT current_setting($1)", [.text(name)], .text)?.textValue ?? ""
        }
        var findings: [Finding] = []
        let (number, version) = (Int(try setting("server_version_num")) ?? 0, try setting("server_version"))
        findings.append(
            number >= Self.oldest
                ? .good("PostgreSQL", "Version \(version).")
                : .bad("PostgreSQL", "Version \(version) is older than 15.", "Upgrade the server; nothing older is tested."))
        for name in ["fsync", "full_page_writes"] where try setting(name) != "on" {
            findings.append(
                .bad("durability", "\(name) is off: a power failure can destroy the database.", "Set \(name) = on and reload the server."))
        }
        let commit = try setting("synchronous_commit")
        findings.append(
            commit == "off" || commit == "local"
                ? .bad(
                    "durability", "synchronous_commit is \(commit): what was acknowledged can be lost.",
                    "Set synchronous_commit = on for this database.")
                : .good("durability", "synchronous_commit is \(commit)."))
        let encoding = try setting("server_encoding")
        if encoding != "UTF8" {
            findings.append(
                .bad("encoding", "The database has the encoding \(encoding).", "Make a new one: createdb -E UTF8 -T template0."))
        }
        if try setting("transaction_read_only") == "on", try connection.first("SELECT pg_is_in_recovery()", [], .boolean) == .bool(true) {
            findings.append(.bad("database", "This server is a standby and takes no writes.", "Give the address of the primary."))
        }
        return findings + [try room(connection, Int(try setting("max_connections")) ?? 0)]
    }

    private func room(_ connection: any SQLConnection, _ limit: Int) throws -> Finding {
        let used =
            try connection.first("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'", [], .integer)?.intValue ?? 0
        let words = "\(used) of \(limit) connections are in use; a node opens up to \(Self.connectionsOfNode)."
        guard limit >= 2 * Self.connectionsOfNode else {
            return .warning("connections", words, "Raise max_connections to \(Self.connectionsOfNode) for each node and some more.")
        }
        guard limit - used >= 5 else { return .bad("connections", words, "Raise max_connections, or find out who holds so many.") }
        return .good("connections", words)
    }

    private func clock(_ connection: any SQLConnection) throws -> Finding {
        let theirs = try connection.first("SELECT extract(epoch FROM clock_timestamp())::bigint", [], .integer)?.intValue ?? 0
        let apart = abs(theirs - SystemClock().now.seconds)
        let words = "The clocks of this machine and of the database are \(apart) s apart."
        guard apart > Self.skewSeconds else { return .good("clock", words) }
        return .bad("clock", words, "Let both follow a time server (systemd-timesyncd or chrony).")
    }
}

/// Asks Patroni for its version: before 3.0.3 a node that was frozen and wakes up takes over with old data, and acknowledged writes are lost.
package struct PatroniCheck {
    package let url: String

    package init(url: String) { self.url = url }

    /// The first version that compares before it takes over.
    package static let oldest = [3, 0, 3]

    package func run() -> Finding {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let answer: HTTPCall.Answer
        do { answer = try HTTPCall("GET", base + "/patroni", seconds: 5).perform() } catch {
            return .bad("Patroni", "\(base) does not answer: \(error.reason).", "Check the address in the setting `patroni`.")
        }
        guard let json = try? JSON.parse(answer.body), let version = json["patroni"]?["version"]?.stringValue else {
            return .bad("Patroni", "What answers at \(base) is no Patroni.", "Check the address in the setting `patroni`.")
        }
        guard Self.isNewEnough(version) else {
            return .bad(
                "Patroni", "Version \(version) loses acknowledged writes when a frozen primary wakes up.",
                "Upgrade every node to 3.0.3 or later before this cluster holds records.")
        }
        return .good("Patroni", "Version \(version).")
    }

    package static func isNewEnough(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").prefix(3).map { Int($0.prefix { $0.isNumber }) ?? 0 }
        let padded = numbers + Array(repeating: 0, count: 3 - numbers.count)
        return !padded.lexicographicallyPrecedes(oldest)
    }
}
