import Kernel

/// What an attempt came to.
enum Outcome<Answer> {
    case done(Answer)
    /// Access was refused.
    case refused
    /// Something else stood in the way.
    case failed(String)

    init(_ body: () throws -> Answer) {
        do { self = .done(try body()) } catch let refusal as Refusal {
            self = refusal.kind == .accessDenied || refusal.code == "record.missing" ? .refused : .failed(refusal.code)
        } catch { self = .failed("\(error)") }
    }

    var answer: Answer? { if case .done(let answer) = self { answer } else { nil } }
    var isDone: Bool { answer != nil }
    var isRefused: Bool { if case .refused = self { true } else { false } }
}

/// Cells of the matrix that were compared, and those that differ.
struct Tally: Sendable {
    var cells = 0
    /// More was possible than is declared.
    var leaks: [String] = []
    /// Less was possible than is declared.
    var closed: [String] = []

    /// Compares one cell.
    mutating func expect<Answer>(_ isAllowed: Bool, _ outcome: Outcome<Answer>, _ what: @autoclosure () -> String) {
        cells += 1
        switch outcome {
        case .done where !isAllowed: leaks.append(what())
        case .refused where isAllowed: closed.append(what())
        case .failed(let code) where isAllowed: closed.append(what() + " [" + code + "]")
        default: break
        }
    }

    /// Compares two answers.
    mutating func expectEqual(_ found: Set<Int>, _ expected: Set<Int>, _ what: @autoclosure () -> String) {
        cells += max(found.union(expected).count, 1)
        let more = found.subtracting(expected)
        let less = expected.subtracting(found)
        if !more.isEmpty { leaks.append(what() + " shows \(more.sorted().prefix(5))") }
        if !less.isEmpty { closed.append(what() + " hides \(less.sorted().prefix(5))") }
    }

    mutating func add(_ other: Tally) {
        cells += other.cells
        leaks += other.leaks
        closed += other.closed
    }
}

/// Undoes a unit of work and brings its tally home.
struct Undone: Error {
    let tally: Tally
}
