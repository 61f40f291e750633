/// What apps keep beside a database from one unit of work to the next, one thing of each type: compiled rules and the like.
///
/// The things lock themselves: units of work on several threads ask for them.
public final class DatabaseMemory: Sendable {
    /// What was made from records, until a commit changes them.
    package let remembered = SharedMemory()
    private let things = Locked<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    /// A memory without anything.
    public init() {}

    /// The thing of a type, made when it is asked for first.
    public func thing<Thing: AnyObject & Sendable>(_ type: Thing.Type, make: () -> Thing) -> Thing {
        things.withLock { things in
            if let known = things[ObjectIdentifier(type)] { return unsafeDowncast(known, to: type) }
            let fresh = make()
            things[ObjectIdentifier(type)] = fresh
            return fresh
        }
    }
}

extension UnitOfWork {
    /// What an app keeps for this unit of work only, one thing of each type, made when it is asked for first.
    public func thing<Thing: AnyObject>(_ type: Thing.Type, make: () -> Thing) -> Thing {
        if let known = things[ObjectIdentifier(type)] { return unsafeDowncast(known, to: type) }
        let fresh = make()
        things[ObjectIdentifier(type)] = fresh
        return fresh
    }
}
