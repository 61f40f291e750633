import Foundation
import JSON
import Operations

/// `baton inspect`: judges messages in files and prints one JSON object for each, or writes them out again.
enum InspectCommand {
    /// What a file holds.
    enum Format: String, CaseIterable, Sendable {
        case hl7v2, fhir
    }

    static let command = Command(
        path: ["inspect"], summary: "Judges HL7 v2 messages and FHIR resources in files.",
        details: """
            Prints one JSON object a message: file, index (from 1), format, structure, version, verdict (strict, lax or rejected), ack
            (what a strict receiver answers), error, position. A FILE named `-` is the standard input; a .ndjson file holds one
            resource a line. Exit codes: 0 every file was read, whatever it held; 1 a file could not be read.
            """,
        operands: "FILE…",
        options: [
            CommandOption("format", "F", "hl7v2 or fhir; without it each file's first character tells"),
            CommandOption("emit", nil, "write the messages out again instead of judging them"),
        ]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        guard !arguments.rest.isEmpty else { throw UsageMistake("Name at least one file.") }
        let format = try arguments.choice("format", Format.self)
        var code = ExitCode.done
        for (number, file) in arguments.rest.enumerated() {
            if arguments.rest.count > 1 { Output.progress("inspect: \(number + 1) of \(arguments.rest.count)") }
            let inspection = Inspection(file: file, emits: arguments.has("emit"))
            do throws(FilePieces.Failure) {
                try inspection.run(format)
            } catch {
                Output.endProgress()
                Output.complain("\(file) cannot be read: \(error.reason). Check the path and who may read it.")
                code = ExitCode.no
            }
        }
        Output.endProgress()
        return code
    }
}

/// One file on its way through `inspect`.
struct Inspection {
    let file: String
    let emits: Bool

    func run(_ format: InspectCommand.Format?) throws(FilePieces.Failure) {
        var pieces = try FilePieces(file)
        let first = try pieces.next()
        switch format ?? Inspection.guess(first) {
        case .hl7v2: try HL7Inspection(self).run(first, &pieces)
        case .fhir: try FHIRInspection(self).run(first, &pieces)
        }
    }

    /// JSON begins with a brace or a bracket; anything else is taken for HL7 v2.
    private static func guess(_ bytes: [UInt8]) -> InspectCommand.Format {
        let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let first = rest.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .fhir : .hl7v2
    }

    /// What is printed of one message.
    struct Line {
        let index: Int
        let format: InspectCommand.Format
        var structure: String?
        var version: String?
        let verdict: String
        var ack: String?
        var error: String?
        var position: String?
    }

    func report(_ line: Line) {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        let object: JSON = [
            "file": .string(file), "index": JSON(line.index), "format": .string(line.format.rawValue), "structure": text(line.structure),
            "version": text(line.version), "verdict": .string(line.verdict), "ack": text(line.ack), "error": text(line.error),
            "position": text(line.position),
        ]
        Output.line(object.text())
    }

    /// Says why a message is not written out again.
    func complain(_ index: Int, _ reason: String) { Output.complain("\(file), message \(index), is not written out: \(reason)") }
}
