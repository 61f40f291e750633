import Base
import Crypto
import HTTPServer
import Kernel
import Store

/// Who calls, and units of work in their name.
struct FHIRCaller: Sendable {
    let door: FHIRDoor
    let base: String
    let credential: Credential
    let address: String

    /// What a request shows.
    enum Credential: Sendable {
        case basic(login: String, secret: String)
        case bearer(String)

        /// Reads the `Authorization` header; nil when there is none that is understood.
        init?(_ header: String?) {
            guard let header, let space = header.firstIndex(of: " ") else { return nil }
            let text = header[header.index(after: space)...].drop { $0 == " " }
            switch header[..<space].lowercased() {
            case "bearer": self = .bearer(String(text))
            case "basic":
                guard let bytes = Base64.standard.decode(String(text)) else { return nil }
                let pair = String(decoding: bytes, as: UTF8.self)
                guard let colon = pair.firstIndex(of: ":") else { return nil }
                self = .basic(login: String(pair[..<colon]), secret: String(pair[pair.index(after: colon)...]))
            default: return nil
            }
        }
    }

    /// Reads as the caller, on one snapshot.
    func read<Answer: Sendable>(_ body: @escaping @Sendable (FHIRContext) throws -> Answer) async throws -> Answer {
        try await verified { verified in
            try await door.database.read(as: verified.userId) { env in
                try door.authenticator.confirm(verified, in: env)
                return try body(FHIRContext(env: env, base: base, limits: door.configuration))
            }
        }
    }

    /// Writes as the caller; answered after the commit.
    func write<Answer: Sendable>(_ body: @escaping @Sendable (FHIRContext) throws -> Answer) async throws -> Answer {
        try await verified { verified in
            try await door.database.write(as: verified.userId) { env in
                try door.authenticator.confirm(verified, in: env)
                return try body(FHIRContext(env: env, base: base, limits: door.configuration))
            }
        }
    }

    /// Verifies; once more when what was remembered is no longer true.
    private func verified<Answer: Sendable>(_ body: (Verified) async throws -> Answer) async throws -> Answer {
        do { return try await body(try await verify()) } catch is StaleCredential { return try await body(try await verify()) }
    }

    private func verify() async throws -> Verified {
        let found =
            switch credential {
            case .basic(let login, let secret): try await door.authenticator.verify(login: login, secret: secret, address: address)
            case .bearer(let key): try await door.authenticator.verify(key: key, address: address)
            }
        guard let found else { throw FHIRRefusal.unauthenticated }
        return found
    }
}

/// Where resources are read and written: the unit of work, and what answers need to know.
struct FHIRContext {
    let env: Environment
    /// The door's own address, without a slash at its end.
    let base: String
    let limits: FHIRConfiguration
}
