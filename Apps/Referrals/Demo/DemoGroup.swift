import Base
import Kernel

/// The demo hospital group, made by seed: no real people, the same every time.
enum DemoGroup {
    static func fill(_ env: Environment) throws {}
}
