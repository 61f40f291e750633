import Glibc
import Operations

/// The program: finds the command, runs it and ends the process with its exit code.
@main
enum Baton {
    // Nothing but this call: what stands in a `main` is bound to the main actor, which would trap on any other thread.
    static func main() { exit(CommandTable.run(Array(CommandLine.arguments.dropFirst()))) }
}
