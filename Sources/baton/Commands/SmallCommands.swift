import Operations
import Pages

/// `baton version`.
enum VersionCommand {
    static let command = Command(path: ["version"], summary: "Prints the version.") { _ in
        Output.line("baton \(ProgramVersion.text)")
        return ExitCode.done
    }
}

/// `baton page-worker`: the confined process that reads one document; started by the program itself.
enum PageWorkerCommand {
    static let command = Command(
        path: ["page-worker"], summary: "Reads one document in a confined process.", isHidden: true, takesRawWords: true
    ) { PageWorker.main(arguments: $0.rest) }
}
