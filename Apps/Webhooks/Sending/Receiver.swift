import Engine
import Governance
import Kernel

/// A receiver of webhooks as it was released: where messages go, and how patient the sender is.
///
/// Its key and whether it is enabled are no part of it: a key that leaked is replaced, and a receiver that must be stopped is stopped, at once.
struct Receiver: Sendable {
    let id: Int
    let name: String
    let url: String
    let timeout: Int
    let attempts: Int
    /// What the audit trail says for everything that is sent to it.
    let cause: String
    private let isActive: Bool

    /// What the model keeps under governance.
    static let governed = GovernedModel(
        "webhook", model: WebhookEndpoint.name, title: WebhookEndpoint.title,
        fields: ["name", "url", "active", "timeout_seconds", "max_attempts", "company_id"],
        check: { row, _ in
            do throws(WebhookTarget.Fault) {
                _ = try WebhookTarget(row["url"].textValue ?? "")
                return []
            } catch { return [DefinitionProblem("values.url", error.reason, remedy: "Correct the address.")] }
        })

    private init(_ row: GovernedRow) {
        id = row.id
        name = row["name"].textValue ?? ""
        url = row["url"].textValue ?? ""
        timeout = row["timeout_seconds"].intValue ?? 10
        attempts = row["max_attempts"].intValue ?? 12
        isActive = !row["active"].isFalsy
        cause = row.cause
    }

    /// A receiver by its id; nil when nothing of it is in force.
    static func find(_ id: Int, _ env: Environment) throws -> Receiver? {
        let machine = env.asSuperuser("what was released is the same for everybody")
        guard let row = try GovernedRows.inForce(governed.name, record: id, in: machine) else { return nil }
        let receiver = Receiver(row)
        return receiver.isActive ? receiver : nil
    }

    /// The receiver with an address; nil when there is none.
    static func find(url: String, _ env: Environment) throws -> Receiver? { try all(env).first { $0.url == url } }

    /// Its record, which holds its key and whether it is enabled; with a superuser's environment.
    func record(_ env: Environment) -> Record<WebhookEndpoint> { env.record(WebhookEndpoint.self, id) }

    private static func all(_ env: Environment) throws -> [Receiver] {
        let machine = env.asSuperuser("what was released is the same for everybody")
        return try GovernedRows.inForce(governed.name, in: machine).map { Receiver($0) }.filter(\.isActive).sorted { $0.id < $1.id }
    }
}
