import CCurl
import Foundation
import Kernel
import Mailroom

/// Reads one mailbox by IMAP, with libcurl. Blocks its thread.
///
/// Source: RFC 9051; mails are known by UIDVALIDITY and UID, so that no flag of the mailbox is needed and nothing in it is changed but that
/// mails count as seen.
final class IMAPClient {
    /// Why a mailbox was not read; the raw values are stable codes.
    enum Failure: String, Error {
        case unreachable = "mailbox.unreachable"
        case refused = "mailbox.refused"
        case tooLarge = "mailbox.mail_too_large"
        case unclear = "mailbox.unclear_answer"
    }

    private static let connectSeconds = 15, totalSeconds = 300
    /// Bytes of an answer that lists mails.
    private static let listBytes = 1 << 20

    private let handle: UnsafeMutableRawPointer
    private let address: MailboxAddress

    /// - Throws: `mailbox.unreachable` when the library gives no connection.
    init(_ address: MailboxAddress, login: String, password: String) throws(Failure) {
        guard let handle = curl_easy_init() else { throw .unreachable }
        self.handle = handle
        self.address = address
        _ = curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "imap,imaps")
        _ = curl_set_text(handle, CURLOPT_USERNAME, login)
        _ = curl_set_text(handle, CURLOPT_PASSWORD, password)
        _ = curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, Self.connectSeconds)
        _ = curl_set_long(handle, CURLOPT_TIMEOUT, Self.totalSeconds)
        // Mailboxes of this machine may speak in the clear; others are asked over TLS from the start.
        let tls = address.isEncrypted ? CURLUSESSL_ALL : CURLUSESSL_TRY
        _ = curl_set_long(handle, CURLOPT_USE_SSL, Int(tls.rawValue))
        _ = curl_set_transfer(handle, CURLOPT_WRITEFUNCTION, takeMail)
    }

    deinit { curl_easy_cleanup(handle) }

    /// What the server calls this state of the mailbox: another number means that mails have other numbers.
    func validity() throws(Failure) -> Int {
        let answer = try ask("/", command: "STATUS \"\(address.folder)\" (UIDVALIDITY)", limit: Self.listBytes)
        let text = String(decoding: answer, as: UTF8.self)
        guard let word = text.range(of: "UIDVALIDITY ") else { throw .unclear }
        guard let number = Int(text[word.upperBound...].prefix { $0.isNumber }) else { throw .unclear }
        return number
    }

    /// Numbers of mails above one, in order.
    func mails(after last: Int) throws(Failure) -> [Int] {
        let answer = try ask(folderPath, command: "UID SEARCH UID \(last + 1):*", limit: Self.listBytes)
        // The star stands for the last mail even where it is no new one.
        return String(decoding: answer, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("* SEARCH") }.flatMap { $0.split(separator: " ").compactMap { Int($0) } }
            .filter { $0 > last }.sorted()
    }

    /// A whole mail.
    func mail(_ number: Int) throws(Failure) -> [UInt8] {
        try ask("\(folderPath);UID=\(number)", command: nil, limit: MailDesk.mailBytes)
    }

    private var folderPath: String { "/" + (address.folder.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "INBOX") }

    private func ask(_ path: String, command: String?, limit: Int) throws(Failure) -> [UInt8] {
        let sink = Unmanaged.passRetained(MailSink(limit: limit))
        defer { sink.release() }
        _ = curl_set_text(handle, CURLOPT_URL, address.server + path)
        _ = curl_set_text(handle, CURLOPT_CUSTOMREQUEST, command)
        _ = curl_set_pointer(handle, CURLOPT_WRITEDATA, sink.toOpaque())
        let result = curl_easy_perform(handle)
        let taken = sink.takeUnretainedValue()
        if taken.isTooLarge { throw .tooLarge }
        switch result {
        case CURLE_OK: return taken.bytes
        case CURLE_LOGIN_DENIED, CURLE_QUOTE_ERROR, CURLE_REMOTE_ACCESS_DENIED, CURLE_REMOTE_FILE_NOT_FOUND: throw .refused
        default: throw .unreachable
        }
    }
}

/// The bytes that libcurl brings, up to a limit.
private final class MailSink {
    let limit: Int
    var bytes: [UInt8] = []
    var isTooLarge = false

    init(limit: Int) { self.limit = limit }
}

// At file scope, so that no actor's isolation sticks to the C callback.
private func takeMail(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let context else { return 0 }
    let sink = Unmanaged<MailSink>.fromOpaque(context).takeUnretainedValue()
    guard sink.bytes.count + size * count <= sink.limit else {
        sink.isTooLarge = true
        return 0
    }
    sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: size * count))
    return size * count
}
