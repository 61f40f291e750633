import Kernel

/// Answers to questions about models whose changes are counted, remembered from one unit of work to the next where several processes share
/// the database: each question costs a journey there.
///
/// An answer holds for whoever sees the models changed as often; what a unit of work has written itself it reads for itself. Nothing is kept of
/// secrets, and of what was not found neither: what people type in vain is nobody's business.
package final class AnswerMemory: Sendable {
    /// Bytes of all answers together, about; with more, all are forgotten.
    static let byteLimit = 8_000_000
    /// Bytes of one answer and its question; longer ones are not kept.
    static let answerLimit = 8_000
    /// Ids that a question names at most.
    static let idLimit = 64

    /// A statement with its arguments, byte by byte: the database tells texts apart that look the same.
    struct Question: Hashable {
        fileprivate let bytes: [UInt8]
        private let hash: Int

        /// Nil for a question that is too long, or has an argument of a rare kind.
        init?(_ sql: String, _ arguments: [Value]) {
            var bytes = Array(sql.utf8)
            for argument in arguments where !Question.add(argument, to: &bytes) { return nil }
            if bytes.count > AnswerMemory.answerLimit { return nil }
            self.bytes = bytes
            hash = bytes.hashValue
        }

        static func == (left: Question, right: Question) -> Bool { left.hash == right.hash && left.bytes == right.bytes }

        func hash(into hasher: inout Hasher) { hasher.combine(hash) }

        private static func add(_ value: Value, to bytes: inout [UInt8]) -> Bool {
            bytes.append(0)
            switch value {
            case .null: bytes.append(1)
            case .bool(let flag): bytes.append(flag ? 2 : 3)
            case .int(let number): withUnsafeBytes(of: number) { bytes += $0 }
            case .text(let text): bytes += text.utf8
            case .day(let day): bytes += day.description.utf8
            case .instant(let instant): bytes += instant.description.utf8
            case .double, .amount, .ids, .bytes, .json, .list, .map: return false
            }
            return true
        }
    }

    private struct Answer {
        let counts: [Int]
        let rows: FetchedRows
        let size: Int
    }

    private struct State {
        var answers: [Question: Answer] = [:]
        var size = 0
    }
    private let state = Locked(State())

    package init() {}

    func find(_ question: Question, _ counts: [Int]) -> FetchedRows? {
        state.withLock { state in
            guard let answer = state.answers[question], answer.counts == counts else { return nil }
            return answer.rows
        }
    }

    func keep(_ rows: FetchedRows, _ question: Question, _ counts: [Int]) {
        let size = question.bytes.count + rows.cells.reduce(64) { $0 + AnswerMemory.size($1) }
        guard !rows.ids.isEmpty, size <= AnswerMemory.answerLimit else { return }
        state.withLock { state in
            state.size += size - (state.answers[question]?.size ?? 0)
            if state.size > AnswerMemory.byteLimit { state = State(size: size) }
            state.answers[question] = Answer(counts: counts, rows: rows, size: size)
        }
    }

    private static func size(_ value: Value) -> Int {
        switch value {
        case .null, .bool, .int, .double, .amount, .day, .instant: 16
        case .text(let text): 16 + text.utf8.count
        // Rare, and of any length.
        case .ids, .bytes, .json, .list, .map: answerLimit
        }
    }

    /// Forgets everything: the models themselves changed.
    func forget() { state.withLock { $0 = State() } }
}

extension SQLTransaction {
    /// How often the models that a search looks at were changed; nil when one of them is not counted, or was written here, or a secret is asked.
    func counts(of request: SearchRequest) -> [Int]? {
        guard memory != nil, stamps?.counts[request.model.name] != nil, !hasWrittenLinks else { return nil }
        guard !request.fields.contains(where: \.isSecret) else { return nil }
        var models = [request.model]
        guard request.predicate.add(modelsTo: &models, registry) else { return nil }
        for term in request.order {
            for link in term.path.dropLast() {
                guard let next = link.kind.comodel.flatMap(registry.model) else { return nil }
                models.append(next)
            }
            for reach in term.reach { guard reach.add(modelsTo: &models, registry) else { return nil } }
        }
        return counts(of: models)
    }

    /// How often models were changed; nil when that is not counted of one, or when one was written here.
    func counts(of models: [ModelSchema]) -> [Int]? {
        if models.contains(where: { written.contains($0.index) }) { return nil }
        return stamps?.counts(of: models.map(\.name))
    }

    /// Answers from memory, or asks and remembers; without counts it only asks.
    func remembered(_ question: SQLQuestion, _ counts: [Int]?) throws -> FetchedRows {
        guard let memory, let counts, let key = AnswerMemory.Question(question.sql, question.arguments) else {
            return try guarded { try connection.fetch(question) }
        }
        if let known = memory.find(key, counts) { return known }
        let rows = try guarded { try connection.fetch(question) }
        memory.keep(rows, key, counts)
        return rows
    }
}

extension Predicate {
    /// Adds the models behind links that it looks at; false when they are not known beforehand, or when it compares a secret.
    fileprivate func add(modelsTo models: inout [ModelSchema], _ registry: Registry) -> Bool {
        switch self {
        case .all, .none: return true
        case .compare(let field, _, _), .unset(let field), .contained(let field, _), .like(let field, _, _), .part(let field, _, _, _, _):
            return !field.isSecret
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
