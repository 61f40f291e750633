import Crypto
import Foundation
import Kernel

/// Checks an audit trail offline: every entry's hash, every link of the chain, every signed checkpoint.
///
/// It needs the database, the checkpoint file and the public key, ideally from a copy that the database's administrator cannot write. It
/// finds a changed bit in any column, a missing, added or moved entry, a cut end (by the checkpoint file), and a chain that was computed
/// anew after a change (by the signatures).
public struct AuditVerifier {
    /// Entries that are read at a time.
    static let page = 2_000

    private let connection: any SQLConnection
    private let dialect: any SQLDialect
    private let key: VerifyingKey?
    /// Checkpoints of the file, and its lines that are none.
    private let outside: [AuditCheckpoint]
    private let badLines: Int

    /// A verifier of a database that was opened for reading, with the checkpoints and the public key of its data folder.
    public init(_ connection: any SQLConnection, _ dialect: any SQLDialect, directory: String) {
        let text = (try? String(contentsOfFile: directory + "/audit/checkpoints.jsonl", encoding: .utf8)) ?? ""
        self.init(connection, dialect, key: AuditKeys.publicKey(directory), checkpoints: text)
    }

    /// A verifier with a public key and the text of a checkpoint file from elsewhere.
    public init(_ connection: any SQLConnection, _ dialect: any SQLDialect, key: VerifyingKey?, checkpoints text: String) {
        self.connection = connection
        self.dialect = dialect
        self.key = key
        let lines = text.split(separator: "\n")
        outside = lines.compactMap(AuditCheckpoint.init(line:))
        badLines = lines.count - outside.count
    }

    /// The public key in a data folder; nil when there is none.
    public static func publicKey(in directory: String) -> VerifyingKey? { AuditKeys.publicKey(directory) }

    /// Reads the whole trail and says what is wrong with it.
    public func verify() -> AuditReport {
        let start = Date()
        var run = AuditRun(key: key)
        if badLines > 0 { run.report.add(.init(.checkpoint, 1, "The checkpoint file has \(badLines) lines that are no checkpoints.")) }
        do {
            run.take(try stored(), outside)
            var after = Int.min
            while let rows = try rows(after: after) {
                for row in rows { run.check(row) }
                after = rows.last?.seq ?? after
            }
        } catch {
            run.report.add(
                .init(.unreadable, run.expected, "The database could not be read: \((error as? SQLFailure)?.message ?? "\(error)")."))
        }
        run.finish()
        run.report.seconds = Date().timeIntervalSince(start)
        return run.report
    }

    private func stored() throws -> [AuditCheckpoint?] {
        let sql = "SELECT seq, hash, at, signature FROM baton_audit_checkpoint ORDER BY seq"
        let cells = try connection.query(sql, [], [.integer, .bytes, .text, .bytes])
        return stride(from: 0, to: cells.count, by: 4).map { start in
            guard case .int(let seq) = cells[start], case .bytes(let hash) = cells[start + 1], let digest = Digest(bytes: hash),
                let at = cells[start + 2].textValue.flatMap({ Instant($0) }), case .bytes(let signature) = cells[start + 3]
            else { return nil }
            return AuditCheckpoint(seq: seq, hash: digest, at: at, signature: signature)
        }
    }

    /// The next entries, each column as the bytes that stand there; nil at the end.
    private func rows(after seq: Int) throws -> [AuditRow]? {
        let columns = AuditChain.columns.map { dialect.bytes($0, .text) } + ["previous", "hash"].map { dialect.bytes($0, .bytes) }
        let sql =
            "SELECT seq, \(columns.joined(separator: ", ")) FROM baton_audit WHERE seq > " + dialect.placeholder(1)
            + " ORDER BY seq LIMIT \(AuditVerifier.page)"
        let count = AuditChain.columns.count
        let forms = [ColumnForm.integer] + Array(repeating: ColumnForm.bytes, count: count + 2)
        let cells = try connection.query(sql, [.int(seq)], forms)
        if cells.isEmpty { return nil }
        return stride(from: 0, to: cells.count, by: forms.count).map { start in
            let bytes = cells[(start + 1)..<(start + forms.count)].map { cell -> [UInt8] in
                if case .bytes(let bytes) = cell { bytes } else { [] }
            }
            return AuditRow(
                seq: cells[start].intValue ?? 0, columns: Array(bytes[..<count]), previous: bytes[count], hash: bytes[count + 1])
        }
    }
}

/// One entry as it was read.
struct AuditRow {
    let seq: Int
    let columns: [[UInt8]]
    let previous: [UInt8]
    let hash: [UInt8]
}

/// The walk along the trail.
struct AuditRun {
    let key: VerifyingKey?
    var report = AuditReport()
    /// The number that the next entry must have.
    private(set) var expected = 1
    private var last = Digest.zero
    private var waiting: [AuditCheckpoint] = []
    private var next = 0
    /// What the hash of the entry before should be, where it is not what was written.
    private var should = Digest.zero
    private var wasFaulty = false

    init(key: VerifyingKey?) { self.key = key }

    /// Takes in the checkpoints of the database and of the file, and checks their signatures.
    mutating func take(_ stored: [AuditCheckpoint?], _ outside: [AuditCheckpoint]) {
        for checkpoint in stored where checkpoint == nil {
            report.add(.init(.checkpoint, 1, "A checkpoint in the database cannot be read."))
        }
        let all = Set(stored.compactMap { $0 } + outside)
        report.checkpoints = all.count
        if key == nil, !all.isEmpty {
            report.add(.init(.checkpoint, 1, "The public key is missing, so that no checkpoint can be trusted."))
        }
        for checkpoint in all.sorted(by: { $0.seq < $1.seq }) {
            if let key, checkpoint.isSigned(by: key) {
                waiting.append(checkpoint)
            } else if key != nil {
                report.add(.init(.checkpoint, max(checkpoint.seq, 1), "The signature of the checkpoint at \(checkpoint.seq) is wrong."))
            }
        }
    }

    /// Checks one entry against what came before it.
    ///
    /// After an entry that is not what was written, the next may follow either its stored hash or the one that it should have: one fault
    /// is then one finding.
    mutating func check(_ row: AuditRow) {
        report.entries += 1
        let gapped = row.seq != expected
        if gapped { gap(row.seq) }
        let previous = Digest(bytes: row.previous)
        let follows = previous.map { $0 == last || $0 == should } ?? false
        let own = AuditChain.hash(previous ?? last, columns: row.columns)
        let stored = Digest(bytes: row.hash)
        let isChanged = stored != own
        // Sound in itself but hung on another entry than the one before it: that one is not what it was.
        if !follows, !gapped, !wasFaulty, !isChanged { broken(before: row.seq) }
        if isChanged { report.add(.init(.changed, row.seq, "Entry \(row.seq) is not what was written.")) }
        should = follows ? own : AuditChain.hash(last, columns: row.columns)
        last = stored ?? should
        wasFaulty = isChanged
        report.lastAt = String(decoding: row.columns[1], as: UTF8.self)
        expected = row.seq + 1
        compare(row.seq)
    }

    private mutating func broken(before seq: Int) {
        let first = report.sealedThrough + 1
        report.add(.init(.rechained, first, through: seq - 1, "Entries \(first) to \(seq - 1) are not those that entry \(seq) followed."))
    }

    private mutating func gap(_ found: Int) {
        if found > expected {
            report.add(.init(.missing, expected, through: found - 1, "Entries \(expected) to \(found - 1) are missing."))
        } else {
            report.add(.init(.extra, found, "Entry \(found) stands where none can be."))
        }
    }

    /// Compares the checkpoints up to this entry. What a checkpoint cannot confirm is named from the last good one on: a fault in the
    /// signed entry itself may hide others before it.
    private mutating func compare(_ seq: Int) {
        while next < waiting.count, waiting[next].seq <= seq {
            let checkpoint = waiting[next]
            next += 1
            let first = report.sealedThrough + 1
            let isThere = checkpoint.seq == seq
            if isThere, checkpoint.hash == last || (wasFaulty && checkpoint.hash == should) {
                report.sealedThrough = max(report.sealedThrough, seq)
            } else {
                let what = isThere ? "are not those that were signed on" : "cannot be confirmed: the entry is gone that was signed on"
                report.add(
                    .init(.rechained, first, through: checkpoint.seq, "Entries \(first) to \(checkpoint.seq) \(what) \(checkpoint.at)."))
            }
        }
    }

    mutating func finish() {
        if next < waiting.count, let last = waiting.last {
            report.add(.init(.truncated, expected, through: last.seq, "Entries \(expected) to \(last.seq) were signed and are gone."))
        }
        report.findings.sort { $0.seq < $1.seq }
    }
}
