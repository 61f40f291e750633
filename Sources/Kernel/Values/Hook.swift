/// A body that may be replaced, and is called from any thread.
///
/// The body stands in an object of its own: a closure that is kept as a generic value is wrapped once more at each access, until the calls
/// through all its wrappers exhaust the stack.
public final class Hook<Input: Sendable>: Sendable {
    private final class Body: Sendable {
        let run: @Sendable (Input) -> Void

        init(_ run: @escaping @Sendable (Input) -> Void) { self.run = run }
    }

    private let body = Locked<Body?>(nil)

    /// A hook that nothing hangs on.
    public init() {}

    /// Replaces the body.
    public func set(_ run: @escaping @Sendable (Input) -> Void) {
        let fresh = Body(run)
        body.withLock { $0 = fresh }
    }

    /// Takes the body away.
    public func clear() { body.withLock { $0 = nil } }

    /// Calls the body, if there is one.
    public func callAsFunction(_ input: Input) { body.withLock { $0 }?.run(input) }
}
