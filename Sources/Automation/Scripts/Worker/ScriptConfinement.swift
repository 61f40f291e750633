import CConfinement

/// Gives up, for good, whatever a worker of scripts does not need.
package enum ScriptConfinement {
    /// Seconds of CPU time of a worker's whole life; one run's share is measured from outside.
    private static let lifetimeSeconds: UInt = 3_600

    /// Confines this process: memory, CPU time, every file, network, other processes, new machine code.
    ///
    /// The limits on resources must hold. The other layers depend on the kernel and on what a container allows; without one of them the
    /// rest still holds. JavaScriptCore must have started before, because it opens files and reserves memory when it starts.
    /// - Parameter memoryBytes: How much more memory than now.
    /// - Returns: False when the limits could not be set.
    package static func enter(memoryBytes: Int) -> Bool {
        guard memoryBytes > 0, baton_limit_resources(lifetimeSeconds, UInt.max) == 0, baton_limit_growth(UInt(memoryBytes)) == 0 else {
            return false
        }
        _ = baton_hide_files(nil, 0)
        _ = baton_forbid_system_calls()
        _ = baton_forbid_files_and_code()
        return true
    }
}
