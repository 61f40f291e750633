import Kernel

/// Answers to questions about models whose changes are counted, remembered from one unit of work to the next where several processes share
/// the database: each question costs a journey there.
///
/// An answer holds for whoever sees the models changed as often; what a unit of work has written itself it reads for itself.
package final class AnswerMemory: Sendable {
    /// Answers that are kept; with more, all are forgotten.
    static let limit = 2_000
    /// Longer answers, and those about more ids, are not kept.
    static let rowLimit = 64

    private struct Question: Hashable {
        let sql: String
        let arguments: [Value]
    }

    private struct Answer {
        let counts: [Int]
        let rows: FetchedRows
    }

    private let answers = Locked<[Question: Answer]>([:])

    package init() {}

    func find(_ sql: String, _ arguments: [Value], _ counts: [Int]) -> FetchedRows? {
        answers.withLock { answers in
            guard let answer = answers[Question(sql: sql, arguments: arguments)], answer.counts == counts else { return nil }
            return answer.rows
        }
    }

    func keep(_ rows: FetchedRows, _ sql: String, _ arguments: [Value], _ counts: [Int]) {
        guard rows.ids.count <= AnswerMemory.rowLimit else { return }
        answers.withLock { answers in
            if answers.count >= AnswerMemory.limit { answers.removeAll() }
            answers[Question(sql: sql, arguments: arguments)] = Answer(counts: counts, rows: rows)
        }
    }

    /// Forgets everything: the models themselves changed.
    func forget() { answers.withLock { $0.removeAll() } }
}

extension SQLTransaction {
    /// How often the models that a search looks at were changed; nil when one of them is not counted, or was written here.
    func counts(of request: SearchRequest) -> [Int]? {
        guard memory != nil, var counts = counts(of: request.model).map({ [$0] }), !hasWrittenLinks,
            !request.fields.contains(where: \.isSecret)
        else { return nil }
        var models: [ModelSchema] = []
        guard request.predicate.add(modelsTo: &models, registry) else { return nil }
        for term in request.order {
            for link in term.path.dropLast() {
                guard let next = link.kind.comodel.flatMap(registry.model) else { return nil }
                models.append(next)
            }
            for reach in term.reach { guard reach.add(modelsTo: &models, registry) else { return nil } }
        }
        for model in models {
            guard let count = self.counts(of: model) else { return nil }
            counts.append(count)
        }
        return counts
    }

    /// How often a model was changed; nil when that is not counted, or when it was written here.
    func counts(of model: ModelSchema) -> Int? { written.contains(model.index) ? nil : stamps?.counts[model.name] }

    /// Answers from memory, or asks and remembers; without counts it only asks.
    func remembered(_ question: SQLQuestion, _ counts: [Int]?) throws -> FetchedRows {
        if let memory, let counts, let known = memory.find(question.sql, question.arguments, counts) { return known }
        let rows = try guarded { try connection.fetch(question) }
        if let memory, let counts { memory.keep(rows, question.sql, question.arguments, counts) }
        return rows
    }
}

extension Predicate {
    /// Adds the models behind links that it looks at; false when they are not known beforehand.
    fileprivate func add(modelsTo models: inout [ModelSchema], _ registry: Registry) -> Bool {
        switch self {
        case .all, .none, .compare, .unset, .contained, .like, .part: return true
        case .and(let parts), .or(let parts):
            for part in parts where !part.add(modelsTo: &models, registry) { return false }
            return true
        case .not(let inside): return inside.add(modelsTo: &models, registry)
        case .linked(let field, let inside):
            guard let next = field.kind.comodel.flatMap(registry.model) else { return false }
            models.append(next)
            return inside.add(modelsTo: &models, registry)
        case .inTree, .owned: return false
        }
    }
}
