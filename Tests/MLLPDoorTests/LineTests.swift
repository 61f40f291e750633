import Foundation
import HL7v2
import Kernel
import MLLPDoor
import Referrals
import Testing

extension MLLPDoorTests {
    @Suite struct LineTests {
        @Test("a message that comes byte by byte is taken like any other")
        func partial() async throws {
            try await withDoor { _, client in
                let bytes = Client.frame(Messages.demographics("A28", id: "L-1"))
                for start in stride(from: 0, to: bytes.count, by: 40) {
                    try client.send(raw: Array(bytes[start..<min(start + 40, bytes.count)]))
                    try await Task.sleep(nanoseconds: 1_000_000)
                }
                #expect(try client.receiveMessage()["MSA-1"] == "AA")
            }
        }

        @Test("several messages in one packet are answered in order")
        func several() async throws {
            try await withDoor { fixture, client in
                let all = (1...5).flatMap { Client.frame(Messages.referral(id: "L-\($0)", number: "N-\($0)")) }
                try client.send(raw: all)
                for number in 1...5 { #expect(try client.receiveMessage()["MSA-2"] == "L-\(number)") }
                #expect(try fixture.count(Referral.self) == 5)
            }
        }

        @Test("a frame may lack its last byte, and blanks may stand between frames")
        func lenientFrames() async throws {
            try await withDoor { _, client in
                let first = Client.frame(Messages.demographics("A28", id: "L-1")).dropLast()
                try client.send(raw: Array(first) + [0x0A, 0x0D, 0x0A] + Client.frame(Messages.demographics("A31", id: "L-2")))
                #expect(try client.receiveMessage()["MSA-2"] == "L-1")
                #expect(try client.receiveMessage()["MSA-2"] == "L-2")
            }
        }

        @Test("garbage in a frame is rejected and kept, and the line goes on")
        func garbage() async throws {
            try await withDoor { fixture, client in
                for junk in [
                    Array("GET / HTTP/1.1\r\n".utf8), [0xFF, 0x00, 0xFE, 0x07], Array("MSH|".utf8), [], Array("MSH|^~\\&|A|B\rxx".utf8),
                ] {
                    try client.send(raw: Client.frame(junk))
                    let answer = try client.receiveMessage()
                    #expect(answer["MSA-1"] == "AR" && !(answer["ERR-8.1"] ?? "").isEmpty)
                }
                #expect(try client.ask(Messages.demographics("A28", id: "L-1"))["MSA-1"] == "AA")
                #expect(try fixture.count(Intake.self, .where("state", .equal, "failed")) == 5)
                #expect(try fixture.exceptions() == 5)
            }
        }

        @Test("bytes outside of any frame are kept with an exception, and the message after them is taken")
        func stray() async throws {
            try await withDoor { fixture, client in
                try client.send(raw: Array("hello?".utf8) + Client.frame(Messages.demographics("A28", id: "L-1")))
                #expect(try client.receiveMessage()["MSA-1"] == "AA")
                let kept = try fixture.read { env in
                    try env.search(Intake.self, .where("error_code", .equal, "mllp.unframed")).map(\.content)
                }
                #expect(kept == [Array("hello?".utf8)])
                let other = try Client(port: fixture.door.port)
                try other.send(raw: Array(Messages.demographics("A28", id: "L-2").utf8))
                other.close()
                #expect(try await fixture.eventually { try fixture.exceptions() == 2 })
            }
        }

        @Test("a frame without end is answered after a while, kept, and the line is closed")
        func withoutEnd() async throws {
            try await withDoor({
                $0.stallSeconds = 0.3
            }) { fixture, client in
                try client.send(raw: [0x0B] + Array(Messages.demographics("A28", id: "L-1").utf8))
                let answer = try client.receiveMessage()
                #expect(answer["MSA-1"] == "AR" && answer["MSA-2"] == "L-1" && answer["ERR-5.1"] == "mllp.frame_without_end")
                #expect(try client.isClosedByPeer())
                #expect(try fixture.count(Patient.self) == 0)
                // Sent again and whole, it is carried out.
                #expect(try Client(port: fixture.door.port).ask(Messages.demographics("A28", id: "L-1"))["MSA-1"] == "AA")
            }
        }

        @Test("a sender that trickles is cut off when its message has not come whole in time")
        func slow() async throws {
            try await withDoor({
                $0.messageSeconds = 0.5
            }) { _, client in
                let bytes = [0x0B] + Array(Messages.demographics("A28", id: "L-1").utf8)
                let begin = Date()
                for byte in bytes.prefix(40) {
                    try? client.send(raw: [byte])
                    try await Task.sleep(nanoseconds: 30_000_000)
                    if Date().timeIntervalSince(begin) > 0.8 { break }
                }
                #expect(try client.receiveMessage()["ERR-5.1"] == "mllp.frame_without_end")
            }
        }

        @Test("a message that is too long is refused before it has come whole")
        func tooLong() async throws {
            try await withDoor({
                $0.maxMessageBytes = 20_000
            }) { fixture, client in
                let text = Messages.referral(id: "L-1", more: ["NTE|1||" + String(repeating: "x", count: 30_000)])
                try client.send(raw: Array(Client.frame(text).prefix(25_000)))
                let answer = try client.receiveMessage()
                #expect(answer["MSA-1"] == "AR" && answer["MSA-2"] == "L-1" && answer["ERR-5.1"] == "mllp.message_too_long")
                #expect(try client.isClosedByPeer())
                #expect(try fixture.exceptions() == 1)
            }
        }

        @Test("an idle line is closed, and more lines than allowed are not taken")
        func limits() async throws {
            try await withDoor({
                $0.idleSeconds = 0.5
                $0.maxConnectionsPerAddress = 2
            }) { fixture, client in
                let second = try Client(port: fixture.door.port)
                #expect(try second.ask(Messages.demographics("A28", id: "L-1"))["MSA-1"] == "AA")
                let third = try Client(port: fixture.door.port)
                #expect(try third.isClosedByPeer())
                #expect(fixture.notes.withLock { $0.contains("mllp.connections_address_full") })
                #expect(try client.isClosedByPeer())
                #expect(try await fixture.eventually { fixture.door.connections == 0 })
            }
        }

        @Test("a stop finishes the message in hand, answers it, and closes")
        func stop() async throws {
            try await withDoor({
                $0.stallSeconds = 30
            }) { fixture, client in
                let idle = try Client(port: fixture.door.port)
                let bytes = Client.frame(Messages.referral(id: "L-1"))
                try client.send(raw: Array(bytes.prefix(100)))
                try await Task.sleep(nanoseconds: 100_000_000)
                let door = fixture.door
                async let stopped: Void = door.stop(graceSeconds: 30)
                #expect(try idle.isClosedByPeer())
                try client.send(raw: Array(bytes.dropFirst(100)))
                #expect(try client.receiveMessage()["MSA-1"] == "AA")
                #expect(try client.isClosedByPeer())
                await stopped
                #expect(door.connections == 0)
                #expect(throws: Client.Failure.self) { _ = try Client(port: door.port) }
            }
        }
    }
}
