/// What a command ends with.
package enum ExitCode {
    package static let done: Int32 = 0
    /// The command did its work and the answer is no: a damaged trail, a file that cannot be read.
    package static let no: Int32 = 1
    /// The command could not do its work.
    package static let failed: Int32 = 2
    /// A mistake on the command line (EX_USAGE).
    package static let usage: Int32 = 64
}
