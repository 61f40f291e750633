import HL7v2
import HTTPServer
import Kernel
import Referrals
import Testing

@testable import MLLPDoor

@Suite struct PartsTests {
    @Test("frames are found however the bytes are cut")
    func frames() {
        let stream = [0x0D, 0x61] + FrameReader.frame([1, 2]) + [0x0B, 3, 0x1C, 0x0B, 4, 0x1C, 0x0D]
        for size in 1...stream.count {
            var reader = FrameReader(limit: 10)
            var found: [FrameReader.Piece] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                reader.feed(Array(stream[start..<min(start + size, stream.count)]))
                while let piece = reader.next() { found.append(piece) }
            }
            #expect(found == [.stray([0x61]), .message([1, 2]), .message([3]), .message([4])])
            #expect(reader.rest.isEmpty && !reader.isInFrame)
        }
    }

    @Test("a frame longer than the limit is told, with or without its end")
    func longFrame() {
        var reader = FrameReader(limit: 3)
        reader.feed([0x0B, 1, 2, 3, 4])
        #expect(reader.next() == .tooLong([1, 2, 3, 4]))
        var whole = FrameReader(limit: 3)
        whole.feed(FrameReader.frame([1, 2, 3]))
        #expect(whole.next() == .message([1, 2, 3]))
    }

    @Test("networks hold their own addresses, and this machine is always trusted")
    func networks() throws {
        let list = try AddressList(["10.1.0.0/20", "192.168.3.4", "2001:db8::/33"])
        for inside in ["127.0.0.1", "127.9.9.9", "::1", "10.1.15.255", "192.168.3.4", "2001:db8:7fff::1"] { #expect(list.contains(inside)) }
        for outside in ["10.1.16.0", "192.168.3.5", "2001:db8:8000::1", "8.8.8.8", "", "nonsense"] { #expect(!list.contains(outside)) }
        for bad in ["10.0.0.0/33", "10.0.0", "x", ""] { #expect(throws: Refusal.self) { _ = try AddressList([bad]) } }
    }

    @Test("the envelope is told from a first line however broken the rest is")
    func envelope() {
        let odd = Envelope(sniffing: Array("\nMSH#*~\\&#LAB*1.2#HOME###2026##REF*I12#77#P\r\u{FF}broken".utf8))
        #expect(odd.application == "LAB" && odd.facility == "HOME" && odd.type == "REF" && odd.event == "I12" && odd.controlId == "77")
        for nothing in ["", "MSH", "PID|1", "MSH|^~"] { #expect(Envelope(sniffing: Array(nothing.utf8)).sender == "") }
    }

    @Test("a sender is named by application and facility")
    func senders() {
        let sender = MLLPSender("CLINIC|NORTH=north.user")
        #expect(sender == MLLPSender(application: "CLINIC", facility: "NORTH", login: "north.user"))
        #expect(MLLPSender("CLINIC=x")?.facility == "" && MLLPSender("CLINIC") == nil && MLLPSender("A|B=") == nil)
        let envelope = Envelope(sniffing: Array("MSH|^~\\&|CLINIC|SOUTH|".utf8))
        #expect(sender?.matches(envelope) == false && MLLPSender("CLINIC=x")?.matches(envelope) == true)
    }

    @Test("the stage decides what RF1-1 says")
    func statuses() throws {
        let message = try HL7Reader().readOne(Array(Messages.referral(id: "P-1").utf8))
        guard case .referral(let data) = try Order.read(message, sender: "S") else { throw HL7Error.noControlId() }
        #expect(data.intent == .new && data.specialty == "CARD" && data.practice.isOrganization)
    }

    @Test("a specialty is found by code system, by short code, or by name")
    func specialties() throws {
        for (coded, expected) in [
            ("CAR^Cardiology^L", ["CAR", "Cardiology"]), ("394591006^Neurology^SCT", ["NEUR", "394591006", "Neurology"]),
            ("MED^Medical^HL70281^207X00000X^Orthopaedic Surgery^NUCC", ["ORTH", "207X00000X", "Orthopaedic Surgery"]),
            ("MED^Medical^HL70281", []), ("RAD^Radiology^HL70281", ["IMAG", "RAD", "Radiology"]),
        ] {
            let text = Messages.lines([Messages.header("REF^I12", id: "1"), "RF1|||\(coded)|||N-1"])
            #expect(SpecialtyReader(message: try HL7Reader().readOne(Array(text.utf8))).read() == expected)
        }
    }

    @Test("a document that cannot be decoded is told with its place")
    func badDocument() throws {
        let text = Messages.referral(id: "1", more: ["OBX|1|ST|1^x||y", "OBX|2|ED|11524-6||^AP^PDF^Base64^%%%"])
        let message = try HL7Reader().readOne(Array(text.utf8))
        #expect { _ = try Order.read(message, sender: "S") } throws: { error in
            let position = (error as? HL7Error)?.position
            return position?.segmentName == "OBX" && position?.occurrence == 1 && position?.field == 5
        }
        let kinds = [("11526-1", ""), ("X", "EKG study"), ("X", "Biopsy report"), ("X", "Letter"), ("X", "MRI of the knee")]
        #expect(kinds.map { DocumentKinds.kind(code: $0.0, title: $0.1) } == ["pathology", "ecg", "pathology", "", "imaging"])
    }
}
