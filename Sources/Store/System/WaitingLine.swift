/// What waits, in the order in which it came; taking the first moves nothing else.
package struct WaitingLine<Element> {
    private var elements: [Element] = []
    private var head = 0

    /// A line in which nothing waits.
    package init() {}

    /// How many wait.
    package var count: Int { elements.count - head }

    /// Puts something at the end.
    package mutating func append(_ element: Element) { elements.append(element) }

    /// Takes what came first; nil when nothing waits.
    package mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let first = elements[head]
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1_024, head * 2 > elements.count {
            // A line that never runs dry must not keep what was taken long ago.
            elements.removeFirst(head)
            head = 0
        }
        return first
    }
}
