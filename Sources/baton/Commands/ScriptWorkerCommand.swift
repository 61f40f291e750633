import Operations
import Scripts

/// `baton script-worker`: the confined process that runs scripts; started by the program itself.
enum ScriptWorkerCommand {
    static let command = Command(
        path: ["script-worker"], summary: "Runs scripts in a confined process.", isHidden: true, takesRawWords: true
    ) { ScriptWorker.main(arguments: $0.rest) }
}
