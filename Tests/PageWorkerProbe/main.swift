import Foundation
import Pages

// A stand-in for `baton page-worker`, so that the tests of Pages need not build the whole command.
let arguments = Array(CommandLine.arguments.dropFirst())
exit(arguments.first == "try-to-escape" ? Escape.attempt(arguments) : PageWorker.main(arguments: Array(arguments.dropFirst())))
