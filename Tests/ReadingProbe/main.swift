import Foundation
import Kernel
import Pages
import Reading

// A stand-in for `baton bench reading`, so that rules can be tried without building the whole command. It is its own page worker.
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "page-worker" { exit(PageWorker.main(arguments: Array(arguments.dropFirst()))) }

var dictionaries = ReadingDictionaries()
var recipe = RecognitionRecipe()
for word in arguments where word.hasPrefix("--") {
    // `--plain`, or such as `--blur=2`.
    let parts = word.dropFirst(2).split(separator: "=").map(String.init)
    let number = parts.count > 1 ? Double(parts[1]) ?? 0 : 0
    switch parts[0] {
    case "plain": recipe = .plain
    case "speck": recipe.speck = Int(number)
    case "point": recipe.point = Int(number)
    case "reach": recipe.reach = Int(number)
    case "blur": recipe.blur = Int(number)
    case "dpi": recipe.dotsPerInch = number
    default: break
    }
}
for path in arguments where !path.hasPrefix("--") {
    if path.hasSuffix(".dictionaries") {
        dictionaries = ReadingDictionaries(trial: try String(contentsOfFile: path, encoding: .utf8))
        continue
    }
    let service = PageService(executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    print(await ReadingTrial.line(name, bytes, service, recipe: recipe, dictionaries, today: Day(2026, 11, 29)))
}
