import Kernel
import Messaging

/// A text with places to be filled: `Dear {{ object.name }}`.
struct InlineTemplate: Sendable {
    /// Places of one template.
    static let placeLimit = 200

    private enum Part: Sendable {
        case text(String)
        case place(TemplateExpression)
    }
    private let parts: [Part]

    /// Reads a template.
    /// - Throws: `automation.template`.
    init(_ text: String) throws {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { throw Refusal.template("is not closed", at: 0) }
            parts.append(.text(String(rest[..<open.lowerBound])))
            let inside = String(rest[open.upperBound..<close.lowerBound])
            parts.append(.place(try TemplateParser.parse(InlineTemplate.plain(inside))))
            guard parts.count <= InlineTemplate.placeLimit * 2 else {
                throw Refusal.template("is one of more than \(InlineTemplate.placeLimit)", at: 0)
            }
            rest = rest[close.upperBound...]
        }
        parts.append(.text(String(rest)))
        self.parts = parts
    }

    /// Quotes and signs as a formatted text keeps them, as they were typed.
    private static func plain(_ text: String) -> String { text.contains("&") ? PlainText.from(text) : text }

    /// The text for a record.
    ///
    /// - Parameter isFormatted: What is filled in is text, and becomes formatted text.
    func filled(for record: Records, isFormatted: Bool = false) throws -> String {
        let scope = TemplateScope(record: record)
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .place(let expression):
                let text = scope.text(try expression.value(scope))
                result += isFormatted ? PlainText.escape(text) : text
            }
        }
        return result
    }

    /// Refuses paths that the model does not have.
    func check(_ model: ModelSchema, _ registry: Registry) throws {
        for part in parts {
            guard case .place(let expression) = part else { continue }
            for path in expression.paths where path.root == "object" && !path.names.isEmpty {
                _ = try registry.walk(path.names.joined(separator: "."), from: model)
            }
        }
    }
}
