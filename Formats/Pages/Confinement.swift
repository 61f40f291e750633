import CConfinement
import Foundation

/// Gives up, for good, whatever a reader of hostile documents does not need.
package enum Confinement {
    /// What stays readable, if the kernel can hide the rest: libraries, fonts and their configuration.
    private static let readableFolders = ["/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig"]

    /// Confines this process: CPU time, memory, files, network, other processes.
    ///
    /// The limits on resources must hold. The other two layers depend on the kernel (Landlock since 5.13, seccomp) and on
    /// what a container allows; without them the rest still holds, so that their absence is no reason to stop.
    /// - Returns: False when the limits could not be set.
    package static func enter(_ limits: PageLimits) -> Bool {
        guard limits.workerCPUSeconds > 0, limits.workerMemoryBytes > 0,
            baton_limit_resources(UInt(limits.workerCPUSeconds), UInt(limits.workerMemoryBytes)) == 0
        else { return false }
        let folders = readableFolders.map { strdup($0) }
        _ = folders.map { UnsafePointer($0) }.withUnsafeBufferPointer { baton_hide_files($0.baseAddress, Int32($0.count)) }
        folders.forEach { free($0) }
        _ = baton_forbid_system_calls()
        return true
    }
}
