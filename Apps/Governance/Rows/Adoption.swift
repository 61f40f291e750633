import Exceptions
import Kernel

extension GovernedRows {
    /// The most records of one model that came before it was governed.
    static let adoptionLimit = 10_000

    /// Releases the records that were there before their model came under governance as they are, so that what was in force stays in force.
    ///
    /// For `App.atStart`: a record that a client makes has a definition from its first moment, so that there is nothing to find any more
    /// once this has run.
    public static func adopt(_ governed: GovernedModel, in env: Environment) throws {
        let machine = env.asSuperuser("what was in force before governance stays in force").with(user: .system)
        let superuser = machine.asSuperuser("what was in force before governance stays in force")
        let known = try superuser.search(Definition.self, .where("res_model", .equal, .text(governed.model))).map(\.record)
        let model = try env.registry.requireModel(governed.model)
        let all = try superuser.with(context: ["active_test": false])
        let ids = try all.search(model, .where("id", .notIn, .ids(known)), order: "id", limit: adoptionLimit).ids
        for id in ids {
            do { try note([id], of: governed, in: superuser) } catch let refusal as Refusal {
                // It stays a draft, and somebody hears of it: a start does not end with an old record that makes no sense.
                try ExceptionCase.raise(
                    "governance.adoption", "\(governed.title) \(id) could not be released as it is: \(refusal.message)",
                    remedy: refusal.instruction, source: "governance", on: Records(model, [id], superuser), in: superuser)
            }
        }
    }
}
