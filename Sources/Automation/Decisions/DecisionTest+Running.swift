import FEEL
import JSON
import Kernel

extension CompiledTable {
    /// What came of a case of the table that should have come out otherwise; nothing when it came out right.
    public func failure(of test: DecisionTest, number: Int) -> DecisionProblem? {
        let got: String
        do {
            let outcome = try evaluate(test.given)
            if case .answer(let expected) = test.expected, meets(expected, outcome) { return nil }
            got = "gives \(outcome.json.text())"
        } catch let refusal as Refusal {
            if case .refusal(let code) = test.expected, code == refusal.code { return nil }
            got = "is refused with \(refusal.code): \(refusal.sentence)"
        } catch { got = "fails: \(error)" }
        let wanted =
            switch test.expected {
            case .answer(let answer): answer.json.text()
            case .refusal(let code): "the refusal \(code)"
            }
        let name = test.name.isEmpty ? "\(number)" : "\(number) ('\(test.name)')"
        return DecisionProblem(
            "decision.test_failed", "Test \(name) expects \(wanted) but the table \(got).", remedy: "Correct the rules or the test.")
    }

    private func meets(_ expected: DecisionTest.ExpectedAnswer, _ outcome: DecisionOutcome) -> Bool {
        switch (expected, outcome.answer) {
        case (.nothing, .nothing): return true
        case (.one(let wanted), .one): return outcome.answers.first.map { fits(wanted, $0) } ?? false
        case (.many(let wanted), .many):
            var left = outcome.answers
            guard wanted.count == left.count else { return false }
            guard table.hitPolicy == .collect else { return zip(wanted, left).allSatisfy(fits) }
            for one in wanted {
                guard let place = left.firstIndex(where: { fits(one, $0) }) else { return false }
                left.remove(at: place)
            }
            return true
        default: return false
        }
    }

    private func fits(_ wanted: [String: FEELValue], _ got: [String: FEELValue]) -> Bool {
        wanted.allSatisfy { got[$0.key]?.isEqual($0.value) == true }
    }
}

extension DecisionTest.ExpectedAnswer {
    /// The answer as tables write it.
    var json: JSON {
        func object(_ values: [String: FEELValue]) -> JSON {
            .object(JSONObject(values.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: $0.value.json) }))
        }
        return switch self {
        case .nothing: .null
        case .one(let values): object(values)
        case .many(let list): .array(list.map(object))
        }
    }
}
