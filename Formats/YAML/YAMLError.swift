/// A place in a text, counted from 1.
struct YAMLPlace {
    var line = 1
    var column = 1
}

/// Why a text is not acceptable YAML, and where; it never quotes the text.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable code, for example `yaml.syntax`.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let what: String
    /// The line of the fault, counted from 1.
    public let line: Int
    /// The character within that line, counted from 1.
    public let column: Int

    init(_ code: String, _ what: String, at place: YAMLPlace = YAMLPlace()) {
        self.code = code
        self.what = what
        self.line = place.line
        self.column = place.column
    }

    /// The code, the sentence and the place, in one line.
    public var description: String { "\(code): \(what) (line \(line), column \(column))" }
}

extension YAMLError {
    static var empty: YAMLError { YAMLError("yaml.empty", "The text holds no document. Send one.") }

    static func tooLarge(_ limit: Int) -> YAMLError {
        YAMLError("yaml.too_large", "The text is larger than \(limit) bytes. Split it.")
    }

    static func syntax(_ problem: String, at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.syntax", "The text is not correct YAML: \(problem). Correct it at this place.", at: place)
    }

    static func severalDocuments(at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.several_documents", "A second document begins here. Send one document.", at: place)
    }

    static func tooDeep(_ limit: Int, at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.too_deep", "More than \(limit) sequences and mappings stand inside each other. Flatten the value.", at: place)
    }

    static func tooManyAliases(_ limit: Int, at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.too_many_aliases", "More than \(limit) aliases are used. Write the values out.", at: place)
    }

    static func unknownAlias(at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.unknown_alias", "The alias names no value that is complete before it. Put its anchor first.", at: place)
    }

    static func expandsTooFar(at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.expands_too_far", "The aliases make the value too large. Use fewer of them.", at: place)
    }

    static func duplicateKey(at place: YAMLPlace) -> YAMLError {
        YAMLError("yaml.duplicate_key", "The mapping names this key twice. Name each key once.", at: place)
    }

    static func badKey(_ what: String, at place: YAMLPlace) -> YAMLError { YAMLError("yaml.bad_key", what, at: place) }

    static func tag(at place: YAMLPlace) -> YAMLError {
        YAMLError(
            "yaml.tag", "Only the tags !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are known. Leave the tag out.", at: place)
    }

    static func badScalar(_ what: String, at place: YAMLPlace) -> YAMLError { YAMLError("yaml.bad_scalar", what, at: place) }
}
