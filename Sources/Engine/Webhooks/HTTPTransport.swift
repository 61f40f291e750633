import CCurl
import Foundation

/// Posts webhooks over HTTP, with libcurl.
///
/// Certificates are checked; redirects are not followed; no proxy of the environment is used, because the address that is reached has to be
/// the receiver's. Plain HTTP reaches only addresses that a setting names.
public struct HTTPTransport: WebhookTransport {
    /// Seconds to connect.
    static let connectSeconds = 5
    /// Bytes of an answer that are read; a longer one counts as given.
    static let answerBytes = 64 << 10

    /// A transport.
    public init() { _ = CurlLibrary.ready }

    public func send(_ message: WebhookMessage, to addresses: ReachableAddresses) throws(WebhookFailure) -> WebhookAnswer {
        let target: WebhookTarget
        do { target = try WebhookTarget(message.url) } catch { throw WebhookFailure(error.reason, isFinal: true) }
        guard let handle = curl_easy_init() else { throw WebhookFailure("The HTTP library gave no connection.") }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for header in message.headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
        // Without this a body of more than a megabyte waits for a word that many servers never say.
        list = curl_slist_append(list, "Expect:")
        _ = curl_set_list(handle, CURLOPT_HTTPHEADER, list)
        let gate = Gate(addresses: addresses, needsName: !target.isEncrypted)
        let held = Unmanaged.passRetained(gate)
        defer { held.release() }
        _ = curl_set_open_socket(handle, openAllowed, held.toOpaque())
        _ = curl_set_pointer(handle, CURLOPT_WRITEDATA, held.toOpaque())
        _ = curl_set_transfer(handle, CURLOPT_WRITEFUNCTION, countAnswer)
        configure(handle, target.url, message.timeoutSeconds)
        let result = perform(handle, message.body)
        if gate.isRefused {
            throw WebhookFailure("The address of \(target.host) is not a public one.", isFinal: true)
        }
        let status = Int(curl_response_code(handle))
        guard result == CURLE_OK || result == CURLE_WRITE_ERROR && gate.isFull, status > 0 else {
            throw WebhookFailure("\(target.host) was not reached: \(String(cString: curl_easy_strerror(result))).")
        }
        return WebhookAnswer(status: status, retryAfterSeconds: Int(curl_retry_after(handle)))
    }

    private func configure(_ handle: UnsafeMutableRawPointer, _ url: String, _ seconds: Int) {
        _ = curl_set_text(handle, CURLOPT_URL, url)
        _ = curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = curl_set_text(handle, CURLOPT_PROXY, "")
        _ = curl_set_text(handle, CURLOPT_USERAGENT, "Baton-Webhooks")
        _ = curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = curl_set_long(handle, CURLOPT_POST, 1)
        _ = curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, min(HTTPTransport.connectSeconds, seconds))
        _ = curl_set_long(handle, CURLOPT_TIMEOUT, seconds)
    }

    private func perform(_ handle: UnsafeMutableRawPointer, _ body: [UInt8]) -> CURLcode {
        body.withUnsafeBytes { bytes in
            _ = curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            _ = curl_set_long(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
            return curl_easy_perform(handle)
        }
    }
}

/// libcurl asks for one call before the first thread uses it.
enum CurlLibrary {
    static let ready: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()
}

/// What the callbacks of one transfer know.
private final class Gate {
    let addresses: ReachableAddresses
    /// Whether only addresses that a setting names may be reached.
    let needsName: Bool
    var isRefused = false
    var received = 0
    var isFull = false

    init(addresses: ReachableAddresses, needsName: Bool) {
        self.addresses = addresses
        self.needsName = needsName
    }
}

// At file scope, so that no actor's isolation sticks to the C callbacks.
private func openAllowed(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ target: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let target else { return curl_socket_t(-1) }
    let gate = Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue()
    guard let address = IPAddress(curl_address(target)), gate.needsName ? gate.addresses.isNamed(address) : gate.addresses.permits(address)
    else {
        gate.isRefused = true
        return curl_socket_t(-1)
    }
    gate.isRefused = false
    return socket(target.pointee.family, target.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), target.pointee.protocol)
}

private func countAnswer(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let gate = Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue()
    gate.received += size * count
    if gate.received > HTTPTransport.answerBytes {
        gate.isFull = true
        return 0
    }
    return size * count
}
