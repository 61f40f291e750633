import CSodium

/// Prepares libsodium before its first use; every entry of this module goes through `ready()`.
///
/// `sodium_init` chooses the fastest code for this processor and opens the system's random source. A static property
/// runs it exactly once, whichever thread comes first.
enum Sodium {
    private static let outcome: Int32 = sodium_init()

    /// Initialises the library on the first call; later calls cost one load.
    @inline(__always)
    static func ready() {
        // Without random numbers nothing here is safe, so that there is nothing to recover to.
        precondition(outcome >= 0, "libsodium did not initialise: the system's random source is missing.")
    }
}
