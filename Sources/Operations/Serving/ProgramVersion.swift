/// The version of the program.
package enum ProgramVersion {
    /// What `baton version`, `/health`, figures, traces and backups say.
    package static let text = "0.1.0"
}
