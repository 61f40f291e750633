import Kernel
import Referrals
import Store
import TestKit

extension Clinic {
    /// The models in the trail's entries of a kind by a user, in order.
    func trail(_ kind: String, by login: String) throws -> [String] {
        let user = try world.user(login).id
        return try world.database.systemBlocking { connection in
            try connection.query(
                "SELECT model FROM baton_audit WHERE kind = ? AND user_id = ? ORDER BY seq", [.text(kind), .int(user)], [.text]
            ).compactMap(\.textValue)
        }
    }

    /// What an auditor finds wrong with the trail; empty when nothing is.
    func findings() throws -> [String] {
        let dialect = world.database.dialect
        return try world.database.systemBlocking { connection in
            AuditVerifier(connection, dialect, key: nil, checkpoints: "").verify().findings
                .filter { $0.kind != .checkpoint }.map(\.sentence)
        }
    }
}
