/// The formats of FHIR's textual primitives.
enum FHIRText {
    private static let maxIdBytes = 64

    /// `[ \r\n\t\S]+` with at least one visible character; no control characters but those three.
    static func isString(_ text: String) -> Bool {
        var isVisible = false
        for byte in text.utf8 {
            if byte > 0x20 {
                isVisible = true
            } else if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 {
                return false
            }
        }
        return isVisible
    }

    /// `[^\s]+(\s[^\s]+)*`: no white space at either end, single spaces within.
    static func isCode(_ text: String) -> Bool {
        var isAfterSpace = true
        for byte in text.utf8 {
            let isSpace = isWhite(byte)
            if isSpace && (isAfterSpace || byte != 0x20) { return false }
            isAfterSpace = isSpace
        }
        return !isAfterSpace
    }

    /// `[A-Za-z0-9\-\.]{1,64}`
    static func isId(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        return (1...maxIdBytes).contains(bytes.count)
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    /// `\S+`
    static func isAddress(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 } }

    /// `urn:oid:[0-2](\.(0|[1-9][0-9]*))+`
    static func isOID(_ text: String) -> Bool {
        guard text.hasPrefix("urn:oid:") else { return false }
        let arcs = text.utf8.dropFirst(8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard arcs.count > 1, let root = arcs[0].first, arcs[0].count == 1, (0x30...0x32).contains(root) else { return false }
        return arcs.dropFirst().allSatisfy { arc in
            !arc.isEmpty && arc.allSatisfy(isDigit) && (arc.count == 1 || arc.first != 0x30)
        }
    }

    /// `urn:uuid:` and 8-4-4-4-12 hexadecimal digits.
    static func isUUID(_ text: String) -> Bool {
        guard text.hasPrefix("urn:uuid:") else { return false }
        let groups = text.utf8.dropFirst(9).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(isHexadecimal) }
    }

    /// Base64 of whole groups of four; white space may stand anywhere, padding only at the end.
    static func isBase64(_ text: String) -> Bool {
        var count = 0
        var padding = 0
        for byte in text.utf8 where !isWhite(byte) {
            if byte == UInt8(ascii: "=") {
                padding += 1
            } else if padding > 0 || !(isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")) {
                return false
            }
            count += 1
        }
        return count > 0 && count % 4 == 0 && padding <= 2
    }

    static func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
