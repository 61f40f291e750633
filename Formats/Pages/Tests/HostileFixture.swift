import Foundation

/// Random words that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Tools of the test machine that make what we do not make ourselves.
enum Tool {
    /// Whether the tool that encrypts is installed.
    static let hasQpdf = FileManager.default.isExecutableFile(atPath: "/usr/bin/qpdf")

    /// The document under a password.
    static func encrypt(_ pdf: [UInt8], userPassword: String) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appendingPathComponent("in.pdf"), folder.appendingPathComponent("out.pdf"))
        try Data(pdf).write(to: source)
        _ = try run("/usr/bin/qpdf", ["--encrypt", userPassword, "owner", "256", "--", source.path, target.path])
        return Array(try Data(contentsOf: target))
    }

    /// Runs a program to its end; returns its exit code.
    static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
