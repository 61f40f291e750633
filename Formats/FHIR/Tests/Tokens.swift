import Foundation

/// The tokens of a JSON text, read without our own parser, so that two texts can be compared but for white space and escapes.
enum Token: Equatable {
    case mark(UInt8)
    /// A number or word, letter for letter.
    case word(String)
    case string(String)

    static func tokens(_ bytes: [UInt8]) throws -> [Token] {
        var tokens: [Token] = []
        var next = 0
        while next < bytes.count {
            switch bytes[next] {
            case 0x20, 0x0A, 0x0D, 0x09: next += 1
            case UInt8(ascii: "\""):
                let end = stringEnd(bytes, next)
                tokens.append(.string(try JSONDecoder().decode([String].self, from: Data([0x5B] + bytes[next..<end] + [0x5D]))[0]))
                next = end
            case let mark where "{}[],:".utf8.contains(mark):
                tokens.append(.mark(mark))
                next += 1
            default:
                let end = bytes[next...].firstIndex { " \n\r\t{}[],:\"".utf8.contains($0) } ?? bytes.count
                tokens.append(.word(String(decoding: bytes[next..<end], as: UTF8.self)))
                next = end
            }
        }
        return tokens
    }

    private static func stringEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var next = start + 1
        while next < bytes.count, bytes[next] != UInt8(ascii: "\"") { next += bytes[next] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(next + 1, bytes.count)
    }
}
