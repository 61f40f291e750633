import Glibc
import Kernel
import Store

/// A mail server for one test: takes every mail, or says a code to every recipient.
final class SMTPListener: Sendable {
    let port: Int
    private let socket: Int32
    private let received = Locked<[(recipients: [String], content: String)]>([])

    /// - Parameter recipientReply: What it answers to `RCPT TO`.
    init(recipientReply: String = "250 ok") throws {
        let listening = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listening, $0, length)
                _ = getsockname(listening, $0, &length)
            }
        }
        listen(listening, 8)
        socket = listening
        port = Int(UInt16(bigEndian: address.sin_port))
        let received = received
        OwnThread.start("smtp") {
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { return }
                // Kept before it is acknowledged: a test looks as soon as the sender has its answer.
                SMTPListener.serve(connection, recipientReply) { mail in received.withLock { $0.append(mail) } }
                close(connection)
            }
        }
    }

    var url: String { "smtp://127.0.0.1:\(port)" }
    var mails: [(recipients: [String], content: String)] { received.withLock { $0 } }

    func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    private static func serve(
        _ connection: Int32, _ recipientReply: String, keep: ((recipients: [String], content: String)) -> Void
    ) {
        func say(_ text: String) {
            let bytes = Array((text + "\r\n").utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
        var held: [UInt8] = []
        func line() -> String? {
            while true {
                if let end = held.firstIndex(of: 0x0A) {
                    let line = String(decoding: held[..<end], as: UTF8.self)
                    held.removeSubrange(...end)
                    return line.last == "\r" || line.last == "\r\n" ? String(line.dropLast()) : line
                }
                var chunk = [UInt8](repeating: 0, count: 4_096)
                let count = recv(connection, &chunk, chunk.count, 0)
                guard count > 0 else { return nil }
                held += chunk[..<count]
            }
        }
        var recipients: [String] = []
        say("220 test")
        while let command = line() {
            switch command.prefix(4).uppercased() {
            case "RCPT":
                recipients.append(String(command.dropFirst(8)))
                say(recipientReply)
            case "DATA":
                say("354 go on")
                var content = ""
                while let next = line(), next != "." { content += next + "\n" }
                keep((recipients, content))
                say("250 kept")
            case "QUIT":
                say("221 bye")
                return
            default: say("250 ok")
            }
        }
    }
}
