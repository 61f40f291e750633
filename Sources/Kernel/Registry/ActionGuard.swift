/// Stands before actions of any model: refuses one, or puts something else in its place, such as a request for approval.
///
/// An app registers one with `App.guardActions(_:)`. It is asked for everybody, the machine included, after groups, reach and the action's
/// own condition have been found to allow the action, in the unit of work of the caller; several are asked in the order of their apps, and
/// the first that does not let the action run decides. Whoever runs an action that the guard has stopped before (an approval that was
/// granted) says so with `Environment.because(_:)`, which no caller from outside can set, and looks for it in `env.cause`.
public protocol ActionGuard: Sendable {
    /// Asked by `Records.call` before an action's body runs; nothing of the action stands in the trail yet.
    ///
    /// - Parameter records: All records of the call: a guard that stops one of them stops the call.
    /// - Throws: A `Refusal` that says who may do it or what is missing; then the unit of work ends.
    func judge(_ action: AnyAction, on records: Records, arguments: ValueMap) throws -> ActionVerdict

    /// Asked by `Records.availableActions` for one record, so that people see beforehand what they cannot do at once.
    func offer(_ action: AnyAction, on records: Records, id: Int) throws -> ActionOffer
}

/// What a guard says when an action is to run.
public enum ActionVerdict: Sendable {
    /// It may run.
    case run
    /// It does not run; the caller is answered this instead. What the guard made for it (a request) is kept, and stands in the trail.
    case replaced(by: Value)
}

/// What a guard says when actions are listed.
public enum ActionOffer: Sendable {
    /// It is offered as it is.
    case plain
    /// It is offered with a word about what it leads to: "Needs approval by two managers".
    case marked(String)
    /// It is not offered.
    case hidden
}

extension ActionGuard {
    public func offer(_ action: AnyAction, on records: Records, id: Int) throws -> ActionOffer { .plain }
}
