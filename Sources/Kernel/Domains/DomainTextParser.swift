/// Reads Python literals with names.
struct DomainTextParser {
    /// Brackets within brackets, members of all lists together, and terms of one sum.
    enum Limits { static let nesting = 64, members = 200_000, terms = 100 }

    private let bytes: [UInt8]
    private var place = 0
    private var nesting = 0
    private var members = 0

    static func parse(_ text: String) throws -> DomainExpression {
        guard text.utf8.count <= DomainText.textLimit else { throw Refusal.domainLimit("bytes", DomainText.textLimit) }
        var parser = DomainTextParser(bytes: Array(text.utf8))
        parser.skipSpace()
        if parser.peek == nil { return .list([]) }
        let expression = try parser.sum()
        guard parser.peek == nil else { throw parser.problem("something after the end") }
        return expression
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func problem(_ what: String) -> Refusal { Refusal.domainText(what, at: min(place, bytes.count)) }

    private mutating func skipSpace() { while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { place += 1 } }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: sign) else { return false }
        place += 1
        skipSpace()
        return true
    }

    private mutating func sum() throws -> DomainExpression {
        var left = try term()
        var terms = 1
        while take("+") {
            terms += 1
            guard terms <= Limits.terms else { throw problem("too many terms of one sum") }
            left = .sum(left, try term())
        }
        return left
    }

    private mutating func term() throws -> DomainExpression {
        guard let byte = peek else { throw problem("the end where a value should be") }
        switch byte {
        case UInt8(ascii: "["): return .list(try sequence(closing: "]").items)
        case UInt8(ascii: "("):
            let (items, isTuple) = try sequence(closing: ")")
            return items.count == 1 && !isTuple ? items[0] : .list(items)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .literal(.text(try text()))
        case UInt8(ascii: "-"):
            guard nesting < Limits.nesting else { throw problem("too deep a nesting") }
            nesting += 1
            defer { nesting -= 1 }
            _ = take("-")
            let inside = try term()
            if case .literal(.int(let int)) = inside { return .literal(.int(0 - int)) }
            if case .literal(.double(let double)) = inside { return .literal(.double(-double)) }
            return .negative(inside)
        case 0x30...0x39, UInt8(ascii: "."): return .literal(try number())
        default: return try name()
        }
    }

    private mutating func sequence(closing: Unicode.Scalar) throws -> (items: [DomainExpression], hasComma: Bool) {
        guard nesting < Limits.nesting else { throw problem("too deep a nesting") }
        nesting += 1
        defer { nesting -= 1 }
        place += 1
        skipSpace()
        var items: [DomainExpression] = []
        var hasComma = false
        while !take(closing) {
            if !items.isEmpty, !hasComma { throw problem("a missing comma") }
            items.append(try sum())
            members += 1
            guard members <= Limits.members else { throw problem("too many values") }
            hasComma = take(",")
            if !hasComma, peek != UInt8(ascii: closing) { throw problem("a missing comma or bracket") }
        }
        return (items, hasComma || items.count != 1)
    }

    private mutating func number() throws -> Value {
        let start = place
        var isDouble = false
        while let byte = peek {
            switch byte {
            case 0x30...0x39: break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isDouble = true
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard bytes[place - 1] | 0x20 == UInt8(ascii: "e"), place > start else { return try finish(start, isDouble) }
            default: return try finish(start, isDouble)
            }
            place += 1
        }
        return try finish(start, isDouble)
    }

    private mutating func finish(_ start: Int, _ isDouble: Bool) throws -> Value {
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        defer { skipSpace() }
        if !isDouble, let int = Int(digits) { return .int(int) }
        guard let double = Double(digits), double.isFinite else { throw problem("a number that cannot be read") }
        return .double(double)
    }

    private mutating func text() throws -> String {
        let quote = bytes[place]
        place += 1
        var content: [UInt8] = []
        while let byte = peek, byte != quote {
            place += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &content) } else { content.append(byte) }
        }
        guard peek == quote else { throw problem("a text without end") }
        place += 1
        skipSpace()
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func escape(into content: inout [UInt8]) throws {
        guard let byte = peek else { throw problem("a text without end") }
        place += 1
        switch byte {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(byte)
        case UInt8(ascii: "x"), UInt8(ascii: "u"):
            let width = byte == UInt8(ascii: "x") ? 2 : 4
            let digits = String(decoding: bytes[place..<min(place + width, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == width, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
                throw problem("an escape that cannot be read")
            }
            place += width
            content += Array(String(scalar).utf8)
        default: content += [UInt8(ascii: "\\"), byte]
        }
    }

    /// `True`, a path of names, or a call of `strftime`.
    private mutating func name() throws -> DomainExpression {
        let start = place
        while let byte = peek, DomainTextParser.isNameByte(byte) || byte == UInt8(ascii: ".") { place += 1 }
        let name = String(decoding: bytes[start..<place], as: UTF8.self)
        guard !name.isEmpty, !name.hasSuffix("."), !name.contains("..") else { throw problem("a sign that does not belong here") }
        skipSpace()
        guard peek == UInt8(ascii: "(") else {
            switch name {
            case "True", "true": return .literal(true)
            case "False", "false": return .literal(false)
            case "None", "null": return .literal(nil)
            default: return .name(name)
            }
        }
        let arguments = try sequence(closing: ")").items
        guard name == "time.strftime", arguments.count == 1, case .literal(.text(let format)) = arguments[0] else {
            place = start
            throw problem("a call of '\(name)'")
        }
        return .time(format)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
}
