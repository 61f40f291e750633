import Foundation
import HL7v2

/// The collection of real messages and what another implementation says of them; it stands beside the package, or nowhere.
enum Oracle {
    struct Row: Sendable {
        let file: String
        let index: Int
        let grade: HL7Verdict.Grade
        let structure: String?
        let answer: String
        let error: String

        var name: String { "\(file)#\(index)" }
    }

    static let folder: URL? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../..").standardizedFileURL
        let shared = ProcessInfo.processInfo.environment["BATON_SHARED"].map { URL(fileURLWithPath: $0) } ?? root.appending(path: "shared")
        let folder = shared.appending(path: "oracles/hl7v2")
        return FileManager.default.fileExists(atPath: folder.appending(path: "EXPECTED.tsv").path) ? folder : nil
    }()

    /// The rows; a structure `V…` stands for a message whose version has none.
    static let rows: [Row] = {
        guard let folder, let data = try? Data(contentsOf: folder.appending(path: "EXPECTED.tsv")) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let grade: HL7Verdict.Grade = cells[2] == "OK" ? .strict : cells[3] == "OK" ? .lax : .rejected
            let structure = cells[4].isEmpty || cells[4].hasPrefix("V2") ? nil : cells[4]
            return Row(
                file: cells[0], index: Int(cells[1]) ?? 0, grade: grade, structure: structure, answer: cells[5],
                error: cells.count > 6 ? cells[6] : "")
        }
    }()

    /// What the reader makes of each file that the rows name.
    static let files: [String: (bytes: [UInt8], parsed: [HL7Parsed])] = {
        guard let folder else { return [:] }
        var files: [String: (bytes: [UInt8], parsed: [HL7Parsed])] = [:]
        for file in Set(rows.map(\.file)) {
            guard let data = try? Data(contentsOf: folder.appending(path: file)) else { continue }
            files[file] = ([UInt8](data), HL7Reader().read([UInt8](data)))
        }
        return files
    }()

    static func note(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
