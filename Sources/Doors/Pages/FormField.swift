/// One question of a form, with what was answered and what is wrong with it.
public struct FormField: Sendable {
    /// How it is asked.
    public enum Kind: Sendable {
        /// One line; `wide` takes the whole width.
        case line(type: StaticString, wide: Bool)
        /// Several lines.
        case lines(Int)
        /// One of some choices, shown as a list.
        case choice([Choice])
        /// One of a few choices, all shown.
        case radios([Choice])
    }

    /// What may be chosen.
    public struct Choice: Sendable {
        /// What is sent.
        public let value: String
        /// What people read.
        public let title: String

        /// A choice.
        public init(_ value: String, _ title: String) {
            self.value = value
            self.title = title
        }
    }

    /// The name under which it is sent.
    public let name: String
    /// What people read.
    public let label: String
    /// A word of help below the label.
    public var hint: String
    /// What sort of input it is.
    public var kind: Kind
    /// Whether something must be entered.
    public var isRequired: Bool
    /// The most characters.
    public var limit: Int
    /// The token of the HTML standard by which browsers fill in what they know; empty to fill in nothing.
    public var autocomplete: String

    /// Choices with longer words, in characters, take the whole width.
    private static let shortTitle = 40

    /// A question.
    public init(
        _ name: String, _ label: String, hint: String = "", kind: Kind = .line(type: "text", wide: true), isRequired: Bool = true,
        limit: Int = 200, autocomplete: String = "off"
    ) {
        self.name = name
        self.label = label
        self.hint = hint
        self.kind = kind
        self.isRequired = isRequired
        self.limit = limit
        self.autocomplete = autocomplete
    }

    /// Writes the question with its answer.
    public func write(_ html: inout HTML, value: String, error: String?) {
        if case .radios(let choices) = kind { return radios(&html, choices, value, error) }
        html.add("div", .style((error == nil ? "field" : "field wrong") + (isTall ? " full" : ""))) { html in
            html.add("label", .set("for", name)) { title(&$0) }
            notes(&html, error)
            control(&html, value, error)
        }
    }

    private var isTall: Bool { if case .lines = kind { true } else { false } }

    private func title(_ html: inout HTML) {
        html.write(label)
        if !isRequired { html.add("span", .style("optional"), text: " (optional)") }
    }

    private func notes(_ html: inout HTML, _ error: String?) {
        if !hint.isEmpty { html.add("p", .style("hint"), .id(name + "-hint"), text: hint) }
        if let error {
            html.add("p", .style("error"), .id(name + "-error")) { html in
                html.add("span", .style("hidden"), text: "Error: ")
                html.write(error)
            }
        }
    }

    private func described(_ error: String?) -> Attribute? {
        let ids = [hint.isEmpty ? nil : name + "-hint", error == nil ? nil : name + "-error"].compactMap { $0 }
        return ids.isEmpty ? nil : .set("aria-describedby", ids.joined(separator: " "))
    }

    private func control(_ html: inout HTML, _ value: String, _ error: String?) {
        let invalid = error == nil ? nil : Attribute.set("aria-invalid", "true")
        switch kind {
        case .line(let type, let wide):
            html.void(
                "input", .type(type), .id(name), .name(name), .value(value), .style(wide ? "line" : "line short"),
                .set("maxlength", String(limit)), .set("autocomplete", autocomplete), described(error), invalid,
                isRequired ? .set("aria-required", "true") : nil)
        case .lines(let rows):
            html.add(
                "textarea", .id(name), .name(name), .set("rows", String(rows)), .set("maxlength", String(limit)), described(error), invalid,
                isRequired ? .set("aria-required", "true") : nil,
                // Browsers drop one line end at the beginning of a text area.
                text: value.hasPrefix("\n") ? "\n" + value : value)
        case .choice(let choices):
            html.add("select", .id(name), .name(name), described(error), invalid) { html in
                html.add("option", .value(""), text: "Choose…")
                for choice in choices {
                    html.add("option", .value(choice.value), .flag("selected", choice.value == value), text: choice.title)
                }
            }
        case .radios: break
        }
    }

    private func radios(_ html: inout HTML, _ choices: [Choice], _ value: String, _ error: String?) {
        let isWide = choices.contains { $0.title.count > FormField.shortTitle }
        html.add("fieldset", .style((error == nil ? "field" : "field wrong") + (isWide ? " full" : "")), described(error)) { html in
            html.add("legend") { title(&$0) }
            notes(&html, error)
            html.add("div", .style("radios")) { html in
                for (place, choice) in choices.enumerated() {
                    let id = place == 0 ? name : "\(name)-\(choice.value)"
                    html.add("div", .style("radio")) { html in
                        html.void(
                            "input", .type("radio"), .id(id), .name(name), .value(choice.value), .flag("checked", choice.value == value))
                        html.add("label", .set("for", id), text: choice.title)
                    }
                }
            }
        }
    }
}

/// What is wrong with a form: a field's name and a sentence with an instruction, in the order of the fields.
public struct FormErrors: Sendable {
    /// The fields with what is wrong, in the order of the form.
    public private(set) var list: [(field: String, message: String)] = []

    /// Nothing is wrong.
    public init() {}

    /// Whether there are none.
    public var isEmpty: Bool { list.isEmpty }

    /// Notes the first thing that is wrong with a field.
    public mutating func add(_ field: String, _ message: String) {
        if self[field] == nil { list.append((field, message)) }
    }

    /// What is wrong with a field.
    public subscript(_ field: String) -> String? { list.first { $0.field == field }?.message }

    /// Writes the summary that stands above a form; each line leads to its field.
    public func writeSummary(_ html: inout HTML) {
        guard !list.isEmpty else { return }
        html.add(
            "div", .style("summary"), .set("role", "alert"), .set("aria-labelledby", "summary-title"), .set("tabindex", "-1"),
            .flag("autofocus")
        ) { html in
            html.add("h2", .id("summary-title"), text: list.count == 1 ? "There is a problem" : "There are \(list.count) problems")
            html.add("ul") { html in
                for error in list {
                    html.add("li") { html in
                        if error.field.isEmpty {
                            html.write(error.message)
                        } else {
                            html.add("a", .href("#" + error.field), text: error.message)
                        }
                    }
                }
            }
        }
    }
}
