import CCurl
import Foundation

/// A call to an address that the operator named in the settings: a collector of traces, Patroni, a mail gateway's page.
///
/// Certificates are checked; redirects are not followed and no proxy of the environment is used. What people or programs name goes through
/// `HTTPTransport`, which refuses inner addresses.
public struct HTTPCall: Sendable {
    /// Bytes of an answer that are read.
    public static let answerLimit = 256 << 10

    /// `GET` or `POST`.
    public var method: String
    /// `http://` or `https://`.
    public var url: String
    /// Names and values, without line breaks.
    public var headers: [(name: String, value: String)]
    /// The body of a `POST`.
    public var body: [UInt8]
    /// Seconds for all of it.
    public var seconds: Int

    /// A call.
    public init(_ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [], seconds: Int = 10) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.seconds = seconds
    }

    /// What came back.
    public struct Answer: Sendable {
        /// The status code.
        public let status: Int
        /// At most `answerLimit` bytes.
        public let body: [UInt8]
    }

    /// Nobody answered.
    public struct Failure: Error, Sendable {
        /// Why, in a sentence without the address.
        public let reason: String
    }

    /// Makes the call; blocks its thread.
    public func perform() throws(Failure) -> Answer {
        _ = CurlLibrary.ready
        guard let handle = curl_easy_init() else { throw Failure(reason: "The HTTP library gave no connection.") }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for header in headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
        list = curl_slist_append(list, "Expect:")
        _ = curl_set_list(handle, CURLOPT_HTTPHEADER, list)
        _ = curl_set_text(handle, CURLOPT_URL, url)
        _ = curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = curl_set_text(handle, CURLOPT_PROXY, "")
        _ = curl_set_text(handle, CURLOPT_USERAGENT, "Baton")
        _ = curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, min(5, seconds))
        _ = curl_set_long(handle, CURLOPT_TIMEOUT, seconds)
        let taken = Unmanaged.passRetained(TakenAnswer())
        defer { taken.release() }
        _ = curl_set_pointer(handle, CURLOPT_WRITEDATA, taken.toOpaque())
        _ = curl_set_transfer(handle, CURLOPT_WRITEFUNCTION, takeAnswer)
        let result = send(handle)
        let status = Int(curl_response_code(handle))
        let answer = taken.takeUnretainedValue()
        guard status > 0, result == CURLE_OK || result == CURLE_WRITE_ERROR && answer.isFull else {
            throw Failure(reason: String(cString: curl_easy_strerror(result)))
        }
        return Answer(status: status, body: answer.bytes)
    }

    private func send(_ handle: UnsafeMutableRawPointer) -> CURLcode {
        guard method == "POST" else { return curl_easy_perform(handle) }
        return body.withUnsafeBytes { bytes in
            _ = curl_set_long(handle, CURLOPT_POST, 1)
            _ = curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            _ = curl_set_long(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
            return curl_easy_perform(handle)
        }
    }
}

/// What was read of an answer.
private final class TakenAnswer {
    var bytes: [UInt8] = []
    var isFull = false
}

// At file scope, so that no actor's isolation sticks to the C callback.
private func takeAnswer(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let context else { return 0 }
    let taken = Unmanaged<TakenAnswer>.fromOpaque(context).takeUnretainedValue()
    let length = size * count
    guard taken.bytes.count + length <= HTTPCall.answerLimit else {
        taken.isFull = true
        return 0
    }
    taken.bytes += UnsafeRawBufferPointer(start: buffer, count: length)
    return length
}
