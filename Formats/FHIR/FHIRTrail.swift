/// The place of the validator's walk; text is made of it only when there is a problem.
struct FHIRTrail {
    private struct Step {
        let name: String
        var index: Int?
    }

    private var steps: [Step] = []

    init() {}
    init(root: String) { steps = [Step(name: root, index: nil)] }

    var isEmpty: Bool { steps.isEmpty }
    var depth: Int { steps.count }

    /// Whether the walk stands at a resource inside `contained`.
    var isInContained: Bool { steps.last?.name == "contained" }

    mutating func push(_ name: String) { steps.append(Step(name: name, index: nil)) }
    mutating func pop() { steps.removeLast() }

    /// Names which element of the last step's array is meant.
    mutating func index(_ index: Int) { steps[steps.count - 1].index = index }

    /// The place as simple FHIRPath, and the member below it.
    func text(adding name: String? = nil) -> String {
        var parts = steps.map { step in step.index.map { "\(step.name)[\($0)]" } ?? step.name }
        if let name { parts.append(name) }
        return parts.joined(separator: ".")
    }
}
