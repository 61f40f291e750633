import Kernel

/// How an action's button looks, and what it asks before it runs.
public struct ActionView: Sendable {
    /// The action's name.
    public let name: String
    /// The name of an icon of the client's sprite; empty for none.
    public let icon: String
    /// How it stands out.
    public let weight: Weight
    /// What it leads to, in words, where it cannot be undone; the person is asked then.
    public let consequence: String
    /// What must be said for it.
    public let asks: [Ask]
    /// The model of the record that it answers with and that is opened then; empty when it stays with its own.
    public let opens: String

    /// How an action stands out among the others.
    public enum Weight: String, Sendable {
        /// The usual next step.
        case main
        /// One of several.
        case plain
        /// In the menu.
        case quiet
        /// In the menu, and asked about.
        case danger
    }

    /// An action's look and questions.
    public init(_ name: String, icon: String = "", weight: Weight = .plain, consequence: String = "", asks: [Ask] = [], opens: String = "")
    {
        self.opens = opens
        self.name = name
        self.icon = icon
        self.weight = weight
        self.consequence = consequence
        self.asks = asks
    }

    /// One thing that an action wants to know.
    public struct Ask: Sendable {
        /// The argument's name.
        public let name: String
        /// What people read.
        public let title: String
        /// What sort of answer it takes.
        public let kind: Kind
        /// Whether it must be answered.
        public let isRequired: Bool
        /// A sentence of help.
        public let hint: String

        /// What sort of answer is taken.
        public enum Kind: Sendable {
            /// A line.
            case line
            /// Several lines.
            case text
            /// A number.
            case number
            /// A day.
            case day
            /// A day and a time.
            case moment
            /// One of some values, each with its title.
            case choice([(value: String, title: String)])
            /// A record; the domain may use the fields of the record at hand as `record.field`.
            case record(String, domain: DomainText)
        }

        /// A question.
        public init(_ name: String, _ title: String, _ kind: Kind = .line, required isRequired: Bool = true, hint: String = "") {
            self.name = name
            self.title = title
            self.kind = kind
            self.isRequired = isRequired
            self.hint = hint
        }
    }
}
