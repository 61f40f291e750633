/// The codes that an element with a required binding may hold.
final class FHIRValueSet: Sendable {
    let name: String
    /// The codes by code system.
    let systems: [String: Set<String>]
    /// A few codes in their order, for a message.
    let examples: [String]

    private static let maxExamples = 12

    /// - Parameter words: The set's name, then `@system` and codes, as often as needed; `~` stands for a space.
    init(words: [Substring]) {
        name = String(words.first ?? "")
        var systems: [String: Set<String>] = [:]
        var examples: [String] = []
        var system = ""
        for word in words.dropFirst() {
            if word.hasPrefix("@") {
                system = String(word.dropFirst())
                continue
            }
            let code = String(word.map { $0 == "~" ? " " : $0 })
            systems[system, default: []].insert(code)
            if examples.count <= FHIRValueSet.maxExamples { examples.append(code) }
        }
        self.systems = systems
        self.examples = examples
    }

    func contains(_ code: String) -> Bool { systems.values.contains { $0.contains(code) } }

    func contains(_ code: String, system: String) -> Bool { systems[system]?.contains(code) == true }

    /// The first codes for a message: `draft, requested, received …`.
    var hint: String {
        let shown = examples.prefix(FHIRValueSet.maxExamples).joined(separator: ", ")
        return examples.count > FHIRValueSet.maxExamples ? shown + " …" : shown
    }
}
