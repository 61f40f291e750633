import Foundation
import Kernel
import Pages
import Reading

// A stand-in for `baton bench reading`, so that rules can be tried without building the whole command. It is its own page worker.
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "page-worker" { exit(PageWorker.main(arguments: Array(arguments.dropFirst()))) }

var dictionaries = ReadingDictionaries()
let isPlain = arguments.first == "--plain"
for path in arguments where !path.hasPrefix("--") {
    if path.hasSuffix(".dictionaries") {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count >= 2 else { continue }
            let entry = ReadingDictionaries.Entry(parts[1], value: parts.count > 2 ? parts[2] : nil)
            switch parts[0] {
            case "specialty": dictionaries.specialties.append(entry)
            case "payer": dictionaries.payers.append(entry)
            default: dictionaries.practices.append(entry)
            }
        }
        continue
    }
    let service = PageService(executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    print(await ReadingTrial.line(name, bytes, service, isPlain: isPlain, dictionaries, today: Day(2026, 11, 29)))
}
