import Foundation

/// The file of this program, which it starts again for its workers.
package enum ProgramFile {
    package static let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
}
