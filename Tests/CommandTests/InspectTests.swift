import Foundation
import JSON
import Testing

@Suite struct InspectTests {
    private func objects(_ run: Program.Run) throws -> [JSON] { try run.lines.map { try JSON.parse(Array($0.utf8)) } }

    @Test("each message of each file gets one object")
    func messages() throws {
        let folder = try Folder()
        let one = try Program.run("sample", "hl7", "--number", "1").output
        let good = try folder.write("two.hl7", Array((one + one).utf8))
        let bad = try folder.write("bad.hl7", Array("no message".utf8))
        let run = try Program.run("inspect", good, bad)
        #expect(run.code == 0)
        let rows = try objects(run)
        #expect(rows.map { $0["verdict"]?.stringValue } == ["strict", "strict", "rejected"])
        #expect(rows.map { $0["index"]?.intValue } == [1, 2, 1])
        #expect(rows[0]["structure"]?.stringValue == "REF_I12")
        #expect(rows[0]["version"]?.stringValue == "2.5.1")
        #expect(rows[0]["ack"]?.stringValue == "AA")
        #expect(rows[0].objectValue?.keys == ["file", "index", "format", "structure", "version", "verdict", "ack", "error", "position"])
        #expect(rows[2]["error"]?.stringValue?.hasPrefix("hl7.no_header") == true)
    }

    @Test("FHIR is told from HL7 by its first character, and an error has a place")
    func fhir() throws {
        let folder = try Folder()
        let good = try folder.write("good", Array(try Program.run("sample", "fhir").output.utf8))
        let bad = try folder.write("bad", Array(#"{"resourceType": "Patient", "gender": ["x"]}"#.utf8))
        let rows = try objects(try Program.run("inspect", good, bad))
        #expect(rows.map { $0["verdict"]?.stringValue } == ["strict", "rejected"])
        #expect(rows.map { $0["format"]?.stringValue } == ["fhir", "fhir"])
        #expect(rows[1]["position"]?.stringValue == "Patient.gender")
    }

    @Test("what is read is written out again")
    func emits() throws {
        let folder = try Folder()
        let message = try Program.run("sample", "hl7").output
        let file = try folder.write("message.hl7", Array(message.utf8))
        #expect(try Program.run("inspect", "--emit", file).output == message)
        let resource = try folder.write("value.json", Array(#"{"resourceType":"Observation","valueQuantity":{"value":6.30}}"#.utf8))
        #expect(try Program.run("inspect", "--emit", resource).output.contains("6.30"))
    }

    @Test("lines of a .ndjson file are resources of their own")
    func lines() throws {
        let folder = try Folder()
        let file = try folder.write(
            "all.ndjson",
            Array("{\"resourceType\":\"Patient\",\"active\":true}\n\nnonsense\n{\"resourceType\":\"Patient\",\"active\":1}".utf8))
        let rows = try objects(try Program.run("inspect", "--format", "fhir", file))
        #expect(rows.map { $0["verdict"]?.stringValue } == ["strict", "rejected", "rejected"])
    }

    @Test("no bytes harm it, and only a file that cannot be read ends with 1")
    func anyBytes() throws {
        let folder = try Folder()
        var random = SystemRandomNumberGenerator()
        for size in [0, 1, 3, 1_000, 100_000] {
            for format in ["hl7v2", "fhir"] {
                let file = try folder.write("noise", (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) })
                let run = try Program.run("inspect", "--format", format, file)
                #expect(run.code == 0)
                #expect(try !objects(run).isEmpty)
            }
        }
        let missing = try Program.run("inspect", folder.file("missing"))
        #expect(missing.code == 1)
        #expect(missing.complaint.contains("cannot be read"))
        #expect(try Program.run("inspect", folder.path).code == 1)
    }

    @Test("a file of many pieces is cut between messages")
    func large() throws {
        let folder = try Folder()
        let message = Array(try Program.run("sample", "hl7", "--number", "1").output.utf8)
        let count = (34 << 20) / message.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * message.count)
        for _ in 0..<count { bytes += message }
        let run = try Program.run("inspect", "--emit", try folder.write("large.hl7", bytes))
        #expect(run.code == 0)
        #expect(run.output.utf8.count == bytes.count)
    }
}
