import Foundation

/// The process that runs scripts: what `baton script-worker` runs.
///
/// It starts JavaScriptCore, gives up files, network, other processes and more memory than it may have, and then answers on its socket:
/// one script at a time, each in a global context of its own that nothing of an earlier script can reach.
public enum ScriptWorker {
    /// Runs the worker until the server closes the socket; the caller ends the process with the result.
    ///
    /// - Parameter arguments: The bytes of memory that it may take.
    /// - Returns: 0 at the end; 64 for a wrong call; 70 when confinement failed; 74 when the server sent something that is no message.
    public static func main(arguments: [String]) -> Int32 {
        guard arguments.count == 1, let memory = Int(arguments[0]), let machine = ScriptMachine() else { return 64 }
        guard ScriptConfinement.enter(memoryBytes: memory) else { return 70 }
        let channel = WorkerChannel(STDIN_FILENO)
        guard channel.send(ScriptFrame.encode(.ready)) else { return 0 }
        while let frame = channel.receive() {
            guard let reply = answer(frame.kind, frame.content, machine) else { return 74 }
            if reply.isEmpty { continue }
            guard channel.send(reply) else { return 0 }
            // The next script's context is made while the server works.
            machine.prepare()
        }
        return 0
    }

    private static func answer(_ kind: ScriptFrame.Kind, _ content: [UInt8], _ machine: ScriptMachine) -> [UInt8]? {
        guard let number = ScriptFrame.number(in: content[...]) else { return nil }
        let rest = content.dropFirst(8)
        switch kind {
        case .source:
            machine.keep(String(decoding: rest, as: UTF8.self), as: number)
            return []
        case .run: return machine.run(number, input: String(decoding: rest, as: UTF8.self))
        case .check: return machine.check(number)
        default: return nil
        }
    }
}
