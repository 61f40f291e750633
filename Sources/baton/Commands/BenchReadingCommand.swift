import Foundation
import Kernel
import Operations
import Pages
import Reading

/// `baton bench reading`: reads documents and prints all that was found; for `make bench`, which knows what stands on them.
enum BenchReadingCommand {
    static let command = Command(
        path: ["bench", "reading"], summary: "Reads documents and prints what was found.",
        details: "Prints one JSON object for each document. For Benchmarks/run.", operands: "FILE…",
        options: [
            CommandOption("names", "FILE", "names that the organisation knows, one to a line"),
            CommandOption("plain", nil, "recognise the pages as they came, for comparison"),
        ],
        isHidden: true
    ) { try run($0) }

    /// The day of the samples, so that the same documents give the same figures.
    private static let today = Day(2026, 11, 29)

    private static func run(_ arguments: Arguments) throws -> Int32 {
        var names = ReadingDictionaries()
        if let path = arguments.text("names") { names = ReadingDictionaries(trial: String(decoding: try bytes(path), as: UTF8.self)) }
        let recipe = arguments.has("plain") ? RecognitionRecipe.plain : RecognitionRecipe()
        let service = PageService(executable: ProgramFile.path)
        for path in arguments.rest {
            let content = try bytes(path)
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            Output.line(
                ServeCommand.waiting { [names] in await ReadingTrial.line(name, content, service, recipe: recipe, names, today: today) })
        }
        return ExitCode.done
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw UsageMistake("`\(path)` cannot be read.") }
        return Array(data)
    }
}
