import Base
import Foundation
import Glibc
import HL7v2
import Kernel
import MLLPDoor
import Referrals
import TestKit
import Testing

/// Every kind of message about a referral and a patient of the sender's own, of another sender, and of another company.
@Suite struct MLLPMatrixTests {
    /// Who sends: `CLINIC|NORTH` owns everything; the others know its numbers.
    private static let senders = ["CLINIC|NORTH", "OTHER|NORTH", "CLINIC|SOUTH"]
    /// What each may do, in the order of `senders`.
    private static let expected = [
        "REF^I15": ["AA", "AE referral.unknown", "AE referral.unknown"],
        "REF^I13": ["AA", "AE referral.unknown", "AE referral.unknown"],
        "REF^I14": ["AA", "AE referral.unknown", "AE referral.unknown"],
        // Demographics belong to the site, whoever reports them; another company has no such patient.
        "ADT^A31": ["AA", "AA", "AE patient.unknown"],
        "ADT^A08": ["AA", "AA", "AE patient.unknown"],
        // What is new is the sender's own, and never touches what another one sent under the same number.
        "REF^I12": ["AA", "AA", "AA"],
        "ADT^A28": ["AA", "AA", "AA"],
    ]
    private static let secret = "Zanzibar palpitations"

    @Test("no sender learns of, or changes, another sender's referral or another company's patient")
    func nobodyElse() async throws {
        for (type, answers) in MLLPMatrixTests.expected.sorted(by: { $0.key < $1.key }) {
            for (sender, answer) in zip(MLLPMatrixTests.senders, answers) { try await check(type, sender, answer) }
        }
    }

    private func check(_ type: String, _ sender: String, _ expected: String) async throws {
        let place = try MLLPPlace()
        let own = try place.ask(MLLPMatrixTests.message("REF^I12", "CLINIC|NORTH", "M-1", reason: MLLPMatrixTests.secret))
        #expect(own["MSA-1"] == "AA")
        let before = try place.original()
        let answer = try place.ask(MLLPMatrixTests.message(type, sender, "M-2", reason: "News"))
        let found = [answer["MSA-1"] ?? "", answer["ERR-5.1"] ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        #expect(found == expected, "\(type) by \(sender)")
        #expect(!String(decoding: HL7Writer().bytes(answer), as: UTF8.self).contains(MLLPMatrixTests.secret))
        let mayChange = sender == "CLINIC|NORTH" || (type.hasPrefix("ADT") && sender == "OTHER|NORTH")
        if !mayChange { #expect(try place.original() == before, "\(type) by \(sender) changed it") }
        await place.end()
    }

    private static func message(_ type: String, _ sender: String, _ id: String, reason: String) -> String {
        let head = #"MSH|^~\&|\#(sender)|BATON|HARBOUR|20261120101500||\#(type)|\#(id)|P|2.5.1"#
        let patient = "PID|1||MRN-5^^^NORTH&2.16.840.1.113883.3.1&ISO^MR||Tester^Anna||19840229|F"
        let parts =
            type.hasPrefix("ADT")
            ? ["EVN||20261120101500", patient, "PV1|1|N"] : ["RF1||||||N-77||||^\(reason)", "PRD|RP|Okafor^Ada", patient]
        return ([head] + parts).joined(separator: "\r") + "\r"
    }
}

/// An open door over a database with two companies, and a user who acts for each.
private final class MLLPPlace {
    let world: World
    let door: MLLPDoor
    private let socket: Int32

    init() throws {
        world = try World()
        let south = try world.act { env in try env.create(Company.self, ["name": "South"]).id }
        try world.makeUser("north", groups: ["referrals.group_integration"])
        try world.makeUser("south", groups: ["referrals.group_integration"], companies: [south])
        var configuration = MLLPConfiguration(port: 0)
        configuration.senders = [
            MLLPSender(application: "CLINIC", facility: "SOUTH", login: "south"),
            MLLPSender(application: "", facility: "NORTH", login: "north"),
        ]
        door = MLLPDoor(database: world.database, configuration: configuration)
        try door.start()
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var wait = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(door.port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    func ask(_ message: String) throws -> HL7Message {
        let bytes = [0x0B] + Array(message.utf8) + [0x1C, 0x0D]
        _ = send(socket, bytes, bytes.count, 0)
        var received: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while !received.contains(0x1C) {
            let count = recv(socket, &part, part.count, 0)
            if count <= 0 { break }
            received += part[..<count]
        }
        return try HL7Reader().readOne(Array(received.drop { $0 == 0x0B }.prefix { $0 != 0x1C }))
    }

    /// The first referral and its patient, as the superuser sees them.
    func original() throws -> [String] {
        try world.act { env in
            let everything = try env.with(context: ["active_test": false])
            let referral = try #require(try everything.search(Referral.self, order: "id", limit: 1).first)
            return [
                "\(referral.version)", referral.reasonText, referral.stage?.rawValue ?? "", "\(referral.patient?.version ?? 0)",
                referral.patient?.displayedName ?? "",
            ]
        }
    }

    func end() async {
        close(socket)
        await door.stop(graceSeconds: 1)
    }
}
