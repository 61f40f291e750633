/// Thrown by a method whose changes must not stay, with the answer that it gives all the same: the unit of work is rolled back, and the
/// doors give the answer as if nothing had been thrown.
public struct UndoneAnswer: Error {
    /// The answer.
    public let answer: Value

    /// An answer of work that is not to stay.
    public init(answer: Value) { self.answer = answer }
}
