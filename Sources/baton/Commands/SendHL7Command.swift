import Foundation
import Kernel
import Operations

/// `baton send-hl7`: sends the messages of a file over MLLP and prints the acknowledgements.
enum SendHL7Command {
    static let command = Command(
        path: ["send-hl7"], summary: "Sends HL7 v2 messages over MLLP and prints the acknowledgements.",
        details: """
            A FILE named `-` is the standard input. Each message is sent after the one before it was acknowledged. Exit codes: 0 all
            were accepted (AA or CA); 1 one was not; 2 the receiver could not be reached or did not answer.
            """,
        operands: "FILE",
        options: [
            CommandOption("host", "H", "the receiver's IP address or name; default 127.0.0.1"),
            CommandOption("port", "N", "the receiver's port; default \(defaultPort)"),
            CommandOption("timeout", "SECONDS", "how long to wait for an answer; default 30"),
        ]
    ) { try run($0) }

    static let defaultPort = 2_575

    private static func run(_ arguments: Arguments) throws -> Int32 {
        guard arguments.rest.count == 1 else { throw UsageMistake("Name one file.") }
        let bytes = try read(arguments.rest[0])
        let messages = split(bytes)
        guard !messages.isEmpty else { throw UsageMistake("There is no HL7 v2 message in \(arguments.rest[0]).") }
        let client = try MLLPClient(
            host: arguments.text("host") ?? "127.0.0.1", port: try arguments.number("port", in: 1...65_535) ?? defaultPort,
            timeoutSeconds: try arguments.number("timeout", in: 1...3_600) ?? 30)
        var code = ExitCode.done
        for message in messages {
            let answer = String(decoding: try client.exchange(message), as: UTF8.self)
            Output.line(answer.replacingOccurrences(of: "\r", with: "\n").trimmingCharacters(in: .newlines))
            let accepted = answer.contains("\rMSA|AA") || answer.contains("\rMSA|CA")
            if !accepted { code = ExitCode.no }
        }
        return code
    }

    private static func read(_ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(FilePieces.Failure) {
            var pieces = try FilePieces(path)
            while !pieces.isAtEnd { bytes += try pieces.next() }
        } catch {
            throw Refusal("file.unreadable", .missing, "\(path) cannot be read: \(error.reason).", instruction: "Check the path.")
        }
        return bytes
    }

    /// The messages of a file, each beginning with MSH, with CR between segments.
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        for line in bytes.split(whereSeparator: { $0 == 0x0D || $0 == 0x0A }) {
            if line.starts(with: Array("MSH".utf8)) { messages.append([]) }
            if !messages.isEmpty { messages[messages.count - 1] += line + [0x0D] }
        }
        return messages
    }
}
