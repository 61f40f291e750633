import HL7v2
import Testing

@Suite struct OracleTests {
    /// Rows that we judge differently, and why.
    private let justified: [String: String] = [:]

    @Test("the verdicts agree with the oracle's, row by row")
    func verdicts() throws {
        guard Oracle.folder != nil else { return Oracle.note("skipped: no HL7 v2 oracle beside the package") }
        var agreed = 0
        var used: Set<String> = []
        for row in Oracle.rows {
            let parsed = try #require(Oracle.files[row.file]).parsed
            try #require(row.index <= parsed.count, "\(row.name): only \(parsed.count) messages")
            let verdict = HL7Verdict(parsed[row.index - 1])
            let sameStructure = row.grade == .rejected || verdict.structure == row.structure
            if verdict.grade == row.grade && sameStructure {
                agreed += 1
            } else if justified[row.name] != nil {
                used.insert(row.name)
            } else {
                let found = "\(verdict.grade) \(verdict.structure ?? "-") \(verdict.error?.description ?? "")"
                Issue.record("\(row.name): \(found), but the oracle says \(row.grade) \(row.structure ?? "-") \(row.error)")
            }
        }
        #expect(used == Set(justified.keys), "a justified difference that is none any more")
        Oracle.note("HL7 v2 oracle: \(agreed) of \(Oracle.rows.count) rows agree, \(used.count) differ for a stated reason")
    }

    /// The oracle's program writes no code for a message whose fields are not divided by `|`: it looks for `MSA|`.
    @Test("the acknowledgements agree with the oracle's")
    func answers() throws {
        guard Oracle.folder != nil else { return Oracle.note("skipped: no HL7 v2 oracle beside the package") }
        let time = HL7Time(2026, 3, 1)
        for row in Oracle.rows where justified[row.name] == nil {
            let parsed = try #require(Oracle.files[row.file]).parsed[row.index - 1]
            let verdict = HL7Verdict(parsed)
            guard case .success(let message) = parsed.message, message.delimiters.fieldSeparator == "|" else { continue }
            #expect(verdict.answer.rawValue == row.answer, "\(row.name)")
            guard verdict.grade != .rejected else { continue }
            let reply = HL7Acknowledgement(.applicationAccept).reply(to: message, at: time, controlId: "A1")
            #expect(reply["MSA-2"] == message["MSH-10"], "\(row.name)")
            #expect(HL7Verdict(try HL7Reader().readOne(HL7Writer().bytes(reply))).answer == .accept, "\(row.name)")
        }
    }

    @Test("what is read is written unchanged in canonical form")
    func roundTrip() throws {
        guard Oracle.folder != nil else { return Oracle.note("skipped: no HL7 v2 oracle beside the package") }
        var count = 0
        for (file, content) in Oracle.files {
            for parsed in content.parsed {
                guard case .success(let message) = parsed.message else { continue }
                let again = try HL7Reader().readOne(HL7Writer().bytes(message))
                let unchanged = again == message
                #expect(unchanged, "\(file)")
                let canonical = HL7Writer(canonical: true).bytes(message)
                let stable = HL7Writer(canonical: true).bytes(try HL7Reader().readOne(canonical)) == canonical
                #expect(stable, "\(file)")
                count += 1
            }
        }
        #expect(count > 300)
    }

    @Test("cut and damaged messages are judged without a crash")
    func damage() throws {
        guard Oracle.folder != nil else { return Oracle.note("skipped: no HL7 v2 oracle beside the package") }
        var random = Seeded(7)
        var judged = 0
        for content in Oracle.files.values {
            for part in content.parsed where !part.bytes.isEmpty && content.bytes.count >= part.bytes.upperBound {
                let bytes = Array(content.bytes[part.bytes])
                judged += Damage.judge(bytes, &random, times: bytes.count > 8_000 ? 1 : 3)
            }
        }
        #expect(judged > 1_000)
    }
}
