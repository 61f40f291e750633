import Foundation
import Scripts

// A stand-in for `baton script-worker`, so that the tests of Scripts need not build the whole command.
let arguments = Array(CommandLine.arguments.dropFirst())
exit(arguments.first == "try-to-escape" ? Escape.attempt(arguments) : ScriptWorker.main(arguments: Array(arguments.dropFirst())))
