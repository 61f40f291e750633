import CCurl
import Foundation

/// Sends mail by SMTP, with libcurl.
///
/// Shape: `smtp://host[:port]` uses STARTTLS when the server offers it and insists on it when a user is named; `smtps://` is encrypted
/// from the start. Certificates are checked.
public struct SMTPTransport: MailTransport {
    /// Seconds to connect.
    static let connectSeconds = 15
    /// Seconds for one mail altogether.
    static let totalSeconds = 120

    private let url: String
    private let user: String?
    private let password: String?

    /// A server by its address; nil when the text is none. A user and password may stand before the host.
    public init?(_ text: String) {
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["smtp", "smtps"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.query == nil, ["", "/"].contains(parts.path)
        else { return nil }
        user = parts.user
        password = parts.password
        parts.user = nil
        parts.password = nil
        guard let plain = parts.string else { return nil }
        url = plain
        _ = CurlLibrary.ready
    }

    public func send(from sender: String, to recipients: [String], _ content: [UInt8]) throws(MailRefusal) {
        guard let handle = curl_easy_init() else { throw MailRefusal(code: 0, reason: "The mail library gave no connection.") }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for recipient in recipients { list = curl_slist_append(list, "<\(recipient)>") }
        configure(handle, sender)
        _ = curl_set_list(handle, CURLOPT_MAIL_RCPT, list)
        let source = Unmanaged.passRetained(MailSource(content))
        defer { source.release() }
        _ = curl_set_pointer(handle, CURLOPT_READDATA, source.toOpaque())
        _ = curl_set_transfer(handle, CURLOPT_READFUNCTION, readMail)
        _ = curl_set_transfer(handle, CURLOPT_WRITEFUNCTION, dropAnswer)
        let result = curl_easy_perform(handle)
        guard result != CURLE_OK else { return }
        let code = Int(curl_response_code(handle))
        // After a good greeting the last code may be 2xx although the connection broke.
        let said = code >= 400 ? code : 0
        let words = String(cString: curl_easy_strerror(result))
        throw MailRefusal(
            code: said, reason: said > 0 ? "The mail server answered \(said): \(words)." : "The mail server was not reached: \(words).")
    }

    private func configure(_ handle: UnsafeMutableRawPointer, _ sender: String) {
        _ = curl_set_text(handle, CURLOPT_URL, url)
        _ = curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        _ = curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = curl_set_long(handle, CURLOPT_UPLOAD, 1)
        _ = curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, SMTPTransport.connectSeconds)
        _ = curl_set_long(handle, CURLOPT_TIMEOUT, SMTPTransport.totalSeconds)
        let tls = user == nil ? CURLUSESSL_TRY : CURLUSESSL_ALL
        _ = curl_set_long(handle, CURLOPT_USE_SSL, Int(tls.rawValue))
        _ = curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
        if let user { _ = curl_set_text(handle, CURLOPT_USERNAME, user) }
        if let password { _ = curl_set_text(handle, CURLOPT_PASSWORD, password) }
    }
}

/// The bytes that libcurl reads.
private final class MailSource {
    let bytes: [UInt8]
    var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

// At file scope, so that no actor's isolation sticks to the C callbacks.
private func readMail(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let context else { return 0 }
    let source = Unmanaged<MailSource>.fromOpaque(context).takeUnretainedValue()
    let length = min(size * count, source.bytes.count - source.at)
    source.bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { memcpy(buffer, start + source.at, length) }
    }
    source.at += length
    return length
}

private func dropAnswer(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int { size * count }
