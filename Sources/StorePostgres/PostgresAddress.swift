import CPostgres
import Kernel

/// Where a PostgreSQL database is and who asks: `postgres://user:password@host:port/database?sslmode=verify-full`.
///
/// Everything that libpq knows may stand in it; what is left out comes from libpq's environment variables and password file. The password
/// is shown nowhere: print the address, not the text that it was made from.
public struct PostgresAddress: Sendable, CustomStringConvertible {
    let text: String
    /// Several hosts, of which one has the database at a time; empty for one.
    let places: [Place]

    /// A host and its port.
    struct Place: Sendable {
        let host: String
        let port: String
    }
    /// The address without its password.
    public let description: String

    /// Reads an address.
    ///
    /// - Throws: `store.bad_address`, whose sentence does not repeat the address.
    public init(_ text: String) throws {
        guard PostgresAddress.isOne(text) else { throw Refusal.badAddress("it must begin with postgres://") }
        var problem: UnsafeMutablePointer<CChar>?
        guard let parts = PQconninfoParse(text, &problem) else {
            // What libpq says may hold the address itself.
            PQfreemem(problem)
            throw Refusal.badAddress("it cannot be read")
        }
        defer { PQconninfoFree(parts) }
        self.text = text
        let known = PostgresAddress.known(parts)
        description = PostgresAddress.describe(known)
        places = PostgresAddress.places(known)
    }

    /// Whether a text is meant for PostgreSQL.
    public static func isOne(_ text: String) -> Bool { text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") }

    private static func known(_ parts: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var known: [String: String] = [:]
        var place = parts
        while let keyword = place.pointee.keyword {
            if let value = place.pointee.val { known[String(cString: keyword)] = String(cString: value) }
            place += 1
        }
        return known
    }

    private static func places(_ known: [String: String]) -> [Place] {
        let hosts = (known["host"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard hosts.count > 1, known["hostaddr"] == nil else { return [] }
        let ports = (known["port"] ?? "5432").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return hosts.enumerated().map { number, host in
            let port = ports.count == 1 ? ports[0] : number < ports.count ? ports[number] : ""
            return Place(host: host, port: port.isEmpty ? "5432" : port)
        }
    }

    private static func describe(_ known: [String: String]) -> String {
        let user = known["user"].map { $0 + "@" } ?? ""
        let port = known["port"].map { ":" + $0 } ?? ""
        return "postgres://" + user + (known["host"] ?? known["hostaddr"] ?? "") + port + "/" + (known["dbname"] ?? "")
    }
}

extension Refusal {
    fileprivate static func badAddress(_ why: String) -> Refusal {
        Refusal(
            "store.bad_address", .invalid, "The address of the database is wrong: \(why).",
            instruction: "Give it as postgres://user@host:port/database; the password can stand in PGPASSWORD or in a password file.")
    }
}
