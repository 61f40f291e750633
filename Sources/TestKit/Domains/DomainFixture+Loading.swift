import Kernel

extension DomainFixture {
    /// Creates the fixture's records in a superuser's environment and gives their ids by key.
    public static func load(into env: Environment) throws -> [String: Int] {
        var ids: [String: Int] = [:]
        for entry in entries {
            let values = ValueMap(entry.values.entries.map { ($0.name, resolved($0.value, ids)) })
            let made = try env.create(env.registry.requireModel(entry.model), [values])
            ids[entry.key] = made.ids.first
        }
        return ids
    }
}

extension DomainCases {
    /// A case that came out otherwise than the table says.
    public struct Disagreement: Sendable, CustomStringConvertible {
        /// The case, how it was tried, and what came out.
        public let description: String
    }

    /// Tries every case through the store's search and in memory, and says which came out wrong.
    ///
    /// - Parameter env: A superuser's environment at `DomainFixture.now`, in `DomainFixture.timeZone` and with `DomainFixture.language`.
    /// - Parameter ids: What `DomainFixture.load` gave.
    public static func disagreements(in env: Environment, ids: [String: Int]) throws -> [Disagreement] {
        var found: [Disagreement] = []
        for item in all {
            let model = try env.registry.requireModel(item.model)
            let keys = Dictionary(
                uniqueKeysWithValues: DomainFixture.entries.filter { $0.model == item.model }.compactMap { entry in
                    ids[entry.key].map { ($0, entry.key) }
                })
            func compare(_ how: String, _ body: () throws -> [Int]) {
                do {
                    let names = try body().map { keys[$0] ?? "?\($0)" }.sorted()
                    if names == item.expected { return }
                    found.append(Disagreement(description: "\(item) \(how): \(names) instead of \(item.expected)"))
                } catch { found.append(Disagreement(description: "\(item) \(how): \(error)")) }
            }
            compare("in the store") { try env.search(model, item.domain(ids)).ids }
            compare("in memory") {
                let predicate = try DomainResolver(env: env, model: model).resolve(item.domain(ids))
                return try predicate.filter(keys.keys.sorted(), of: model, in: env)
            }
        }
        return found + refusalsMissing(in: env, ids: ids)
    }

    private static func refusalsMissing(in env: Environment, ids: [String: Int]) -> [Disagreement] {
        refused.compactMap { item in
            do {
                let model = try env.registry.requireModel("case.item")
                _ = try DomainResolver(env: env, model: model).resolve(item.domain(ids))
                return Disagreement(description: "\(item) was not refused")
            } catch {
                let code = (error as? Refusal)?.code ?? "\(error)"
                return code == item.code ? nil : Disagreement(description: "\(item): \(code) instead of \(item.code)")
            }
        }
    }
}
