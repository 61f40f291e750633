import Kernel

/// Reads the expression between `{{` and `}}`.
struct TemplateParser {
    /// Signs of one expression, and brackets within brackets.
    enum Limits { static let signs = 500, nesting = 16 }

    /// The formats that an expression may use.
    static let formats: Set<String> = ["format_date", "format_datetime", "format_amount", "str", "len"]

    private var tokens: [Token] = []
    private var place = 0
    private var nesting = 0

    private enum Token: Equatable {
        case name(String), text(String), number(Value), sign(String)
    }

    static func parse(_ text: String) throws -> TemplateExpression {
        var parser = TemplateParser()
        parser.tokens = try tokens(of: text)
        guard parser.tokens.count <= Limits.signs else { throw Refusal.template("is longer than \(Limits.signs) signs", at: 0) }
        let expression = try parser.choice()
        guard parser.place == parser.tokens.count else { throw parser.problem("something after the end") }
        return expression
    }

    private func problem(_ what: String) -> Refusal { Refusal.template("has \(what)", at: place) }
    private var peek: Token? { place < tokens.count ? tokens[place] : nil }

    private mutating func take(_ token: Token) -> Bool {
        guard peek == token else { return false }
        place += 1
        return true
    }

    private mutating func choice() throws -> TemplateExpression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Limits.nesting else { throw problem("too deep a nesting") }
        let then = try either()
        guard take(.name("if")) else { return then }
        let test = try either()
        guard take(.name("else")) else { throw problem("an 'if' without 'else'") }
        return .choice(then: then, test: test, otherwise: try choice())
    }

    private mutating func either() throws -> TemplateExpression {
        var left = try both()
        while take(.name("or")) { left = .either(left, try both()) }
        return left
    }

    private mutating func both() throws -> TemplateExpression {
        var left = try negation()
        while take(.name("and")) { left = .both(left, try negation()) }
        return left
    }

    private mutating func negation() throws -> TemplateExpression {
        var count = 0
        while take(.name("not")) { count += 1 }
        let inside = try comparison()
        if count == 0 { return inside }
        return count % 2 == 1 ? .not(inside) : .not(.not(inside))
    }

    private mutating func comparison() throws -> TemplateExpression {
        let left = try sum()
        guard case .sign(let sign)? = peek, ["==", "!=", "<", "<=", ">", ">="].contains(sign) else { return left }
        place += 1
        return .compare(left, sign, try sum())
    }

    private mutating func sum() throws -> TemplateExpression {
        var left = try term()
        while take(.sign("+")) { left = .sum(left, try term()) }
        return left
    }

    private mutating func term() throws -> TemplateExpression {
        guard let token = peek else { throw problem("an end where a value should be") }
        place += 1
        switch token {
        case .text(let text): return .literal(.text(text))
        case .number(let value): return .literal(value)
        case .sign("("):
            let inside = try choice()
            guard take(.sign(")")) else { throw problem("a bracket that is not closed") }
            return inside
        case .sign(let sign): throw problem("a '\(sign)' where a value should be")
        case .name(let name): return try named(name)
        }
    }

    private mutating func named(_ name: String) throws -> TemplateExpression {
        switch name {
        case "True": return .literal(true)
        case "False": return .literal(false)
        case "None": return .literal(nil)
        default: break
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if take(.sign("(")) {
            guard parts.count == 1, TemplateParser.formats.contains(name) else {
                throw Refusal.template("calls '\(name)', but templates call nothing", at: place)
            }
            return .format(name, try arguments())
        }
        guard let root = parts.first, ["object", "user", "ctx"].contains(root), !parts.contains("") else {
            throw Refusal.template("begins with '\(name)', which is none of object, user and ctx", at: place)
        }
        guard !parts.contains(where: { $0.hasPrefix("_") }) else { throw Refusal.template("names '\(name)', which is private", at: place) }
        return .path(root, Array(parts.dropFirst()))
    }

    private mutating func arguments() throws -> [TemplateExpression] {
        var parts: [TemplateExpression] = []
        while !take(.sign(")")) {
            if !parts.isEmpty, !take(.sign(",")) { throw problem("a missing comma") }
            parts.append(try choice())
        }
        return parts
    }

    private static func tokens(of text: String) throws -> [Token] {
        let characters = Array(text)
        var tokens: [Token] = []
        var place = 0
        while place < characters.count {
            let character = characters[place]
            if character.isWhitespace {
                place += 1
            } else if character == "'" || character == "\"" {
                tokens.append(.text(try quoted(characters, &place)))
            } else if character.isNumber {
                tokens.append(try number(characters, &place))
            } else if character.isLetter || character == "_" {
                tokens.append(.name(word(characters, &place) { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }))
            } else {
                tokens.append(.sign(try sign(characters, &place)))
            }
        }
        return tokens
    }

    private static func quoted(_ characters: [Character], _ place: inout Int) throws -> String {
        let quote = characters[place]
        guard let end = characters[(place + 1)...].firstIndex(of: quote) else {
            throw Refusal.template("has a text without end", at: place)
        }
        defer { place = end + 1 }
        return String(characters[(place + 1)..<end])
    }

    private static func number(_ characters: [Character], _ place: inout Int) throws -> Token {
        let digits = word(characters, &place) { $0.isNumber || $0 == "." }
        if let int = Int(digits) { return .number(.int(int)) }
        guard let double = Double(digits) else { throw Refusal.template("has a number that cannot be read", at: place) }
        return .number(.double(double))
    }

    private static func word(_ characters: [Character], _ place: inout Int, _ belongs: (Character) -> Bool) -> String {
        var word = ""
        while place < characters.count, belongs(characters[place]) {
            word.append(characters[place])
            place += 1
        }
        return word
    }

    private static func sign(_ characters: [Character], _ place: inout Int) throws -> String {
        if place + 1 < characters.count {
            let pair = String(characters[place...place + 1])
            if ["==", "!=", "<=", ">="].contains(pair) {
                place += 2
                return pair
            }
        }
        let single = String(characters[place])
        guard ["(", ")", ",", "+", "<", ">"].contains(single) else {
            throw Refusal.template("has a '\(single)' that means nothing", at: place)
        }
        place += 1
        return single
    }
}

extension Refusal {
    static func template(_ what: String, at place: Int) -> Refusal {
        Refusal(
            "automation.template", .validation, "A place {{ … }} of the template \(what) (sign \(place + 1)).",
            instruction: "Write a path such as object.partner_id.name, a literal, or a condition with if and else.")
    }
}
