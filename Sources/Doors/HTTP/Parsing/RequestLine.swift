/// The first line of a request.
///
/// Source: RFC 9112, section 3. White space is one space, the version is written in full.
struct RequestLine: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    /// Whether the version is 1.0.
    let isOld: Bool

    /// - Parameter line: The line without CRLF; control characters were refused before.
    init(_ line: UnsafeBufferPointer<UInt8>, targetLimit: Int) throws(Refusal) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .malformed("The request line is not “method target version”.")
        }
        isOld = try Self.isOldVersion(parts[2])
        guard parts[0].allSatisfy(\.isTokenByte) else { throw .malformed("The method is no token.") }
        guard let method = HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self)) else { throw .unknownMethod }
        guard parts[1].count <= targetLimit else { throw .targetTooLong(targetLimit) }
        self.method = method
        target = try RequestTarget(String(decoding: parts[1], as: UTF8.self), method: method)
    }

    private static func isOldVersion(_ version: Slice<UnsafeBufferPointer<UInt8>>) throws(Refusal) -> Bool {
        let bytes = Array(version)
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[5].isDigit, bytes[6] == UInt8(ascii: "."), bytes[7].isDigit else {
            throw .malformed("The version is not written as HTTP/1.1.")
        }
        guard bytes[5] == UInt8(ascii: "1"), bytes[7] <= UInt8(ascii: "1") else { throw .unknownVersion }
        return bytes[7] == UInt8(ascii: "0")
    }
}
