import Kernel

/// A table of records: its columns in order, and how it is sorted when nobody says otherwise.
public struct ListView: Sendable {
    /// The columns, by field name.
    public internal(set) var columns: [String]
    /// Widths that somebody gave to columns, in pixels, by field name.
    public internal(set) var widths: [String: Int] = [:]
    /// How close the rows stand, where somebody said it: `compact` or `comfortable`.
    public internal(set) var density: String?
    /// The order, as a search takes it; empty for the model's own.
    public let order: String
    /// On a phone: the field at the top, the one below it, and the two at the end of the lines.
    public let compact: [String]
    /// Fields that may be set for many records at once.
    public let bulk: [String]
    /// How one takes the most urgent record that nobody has; nil where records are not taken.
    public let claim: Claim?

    /// Taking a record: the field that says who has it, and the filter of the search that finds those of nobody.
    public struct Claim: Sendable {
        /// A link to users.
        public let field: String
        /// The name of a filter.
        public let filter: String

        /// A way to take a record.
        public init(_ field: String, filter: String) {
            self.field = field
            self.filter = filter
        }
    }

    /// A list.
    public init(_ columns: String..., order: String = "", compact: [String] = [], bulk: [String] = [], claim: Claim? = nil) {
        self.init(columns: columns, order: order, compact: compact, bulk: bulk, claim: claim)
    }

    /// A list of columns that were found.
    public init(columns: [String], order: String = "", compact: [String] = [], bulk: [String] = [], claim: Claim? = nil) {
        self.columns = columns
        self.order = order
        self.compact = compact
        self.bulk = bulk
        self.claim = claim
    }
}

/// A record as people read and change it.
public struct FormView: Sendable {
    /// The field whose choices are the path that a record takes.
    public let path: String?
    /// Those of the path's choices that are no step on the way, such as a closure.
    public let asides: [String]
    /// The fields below the title.
    public let subtitle: [String]
    /// Groups of fields in reading order.
    public let sections: [Section]
    /// Lists of related records.
    public let related: [Related]
    /// What stands beside the form.
    public let rail: [RailPart]
    /// Fields that hold code.
    public let code: [Code]

    /// A form.
    public init(
        path: String? = nil, asides: [String] = [], subtitle: [String] = [], sections: [Section], related: [Related] = [],
        rail: [RailPart] = [], code: [Code] = []
    ) {
        self.path = path
        self.asides = asides
        self.subtitle = subtitle
        self.sections = sections
        self.related = related
        self.rail = rail
        self.code = code
    }

    /// A field that holds code, so that it is edited as such.
    public struct Code: Sendable {
        /// The field.
        public let field: String
        /// What it is written in.
        public let language: Language
        /// The choice of another field with which it is code; nil when it always is.
        public let when: (field: String, value: String)?

        /// A field that holds code.
        public init(_ field: String, _ language: Language, when: (field: String, value: String)? = nil) {
            self.field = field
            self.language = language
            self.when = when
        }
    }

    /// What code is written in; domains are literals of Python.
    public enum Language: String, Sendable { case javascript, json, html, python }

    /// Fields under a heading.
    public struct Section: Sendable {
        /// The heading.
        public let title: String
        /// The fields, by name.
        public let fields: [String]

        /// Fields under a heading.
        public init(_ title: String, _ fields: String...) { self.init(title, names: fields) }

        /// Fields under a heading, as they were found.
        public init(_ title: String, names fields: [String]) {
            self.title = title
            self.fields = fields
        }
    }

    /// A list of the records behind a relation.
    public struct Related: Sendable {
        /// The relation.
        public let field: String
        /// What is shown of each.
        public let columns: [String]

        /// A list of the records behind a relation.
        public init(_ field: String, _ columns: String...) {
            self.field = field
            self.columns = columns
        }
    }

    /// Something beside a form.
    public enum RailPart: Sendable {
        /// Clocks behind a relation to `sla.clock`.
        case clocks(String)
        /// Things that must be there, each with its state and its own buttons.
        case checklist(String, state: String, done: [String])
        /// Proposals of the machine that a person decides about.
        case suggestions(String, state: String, open: String)
        /// What the machine read for the record, of a model that leads to it by a path; left out where there is no such model.
        case readings(String, through: String)
        /// The way of a version into force: checks, tests, differences, simulations.
        case release
        /// What a user, or a member of a group, may do after all: of models with a method `effective_access`.
        case access
    }
}

/// Columns of cards.
public struct BoardView: Sendable {
    /// The selection or link whose values are the columns.
    public let columns: String
    /// What a card shows, the title first.
    public let card: [String]
    /// How many cards of a column are shown before one asks for more.
    public let limit: Int
    /// Which action takes a record into a column; without an entry records move by writing the field.
    public let moves: [String: String]
    /// Whether dragging writes the field; a stage that only actions change cannot be written.
    public let writes: Bool
    /// How many records a column should hold at most, by the column's value; more are shown as too many, and refused nowhere.
    public let wip: [String: Int]

    /// A board.
    public init(
        columns: String, card: [String], limit: Int = 40, writes: Bool = true, moves: [String: String] = [:], wip: [String: Int] = [:]
    ) {
        self.wip = wip
        self.columns = columns
        self.card = card
        self.limit = limit
        self.writes = writes
        self.moves = moves
    }
}

/// Records on days.
public struct CalendarView: Sendable {
    /// The field with the beginning.
    public let start: String
    /// The field with the end; empty where there is none.
    public let stop: String
    /// What is written on an entry.
    public let title: String

    /// A calendar.
    public init(start: String, stop: String = "", title: String) {
        self.start = start
        self.stop = stop
        self.title = title
    }
}

/// Records with what is to be done about them, by kind of activity.
public struct ActivityView: Sendable {
    /// What is shown of a record below its name; without any, what a phone shows of it.
    public let card: [String]

    /// Records with their activities.
    public init(_ card: String...) { self.card = card }
}

/// Sums by one or two dimensions.
public struct AnalysisView: Sendable {
    /// What the rows are when nobody says otherwise.
    public let rows: String
    /// What the columns are.
    public let columns: String
    /// What can be counted or added up, as `field:sum` or `__count`.
    public let measures: [String]

    /// An analysis.
    public init(rows: String, columns: String, measures: [String] = ["__count"]) {
        self.rows = rows
        self.columns = columns
        self.measures = measures
    }
}

/// What one searches, filters and groups by.
public struct SearchView: Sendable {
    /// The fields in which typed words are looked for; none means the model's own.
    public let fields: [String]
    /// Filters with a name.
    public let filters: [Filter]
    /// What one may group by: fields, dates with their part (`received_on:week`).
    public let groups: [String]

    /// A search.
    public init(_ fields: String..., filters: [Filter] = [], groups: [String] = []) {
        self.init(fields: fields, filters: filters, groups: groups)
    }

    /// A search in fields that were found.
    public init(fields: [String], filters: [Filter] = [], groups: [String] = []) {
        self.fields = fields
        self.filters = filters
        self.groups = groups
    }

    /// A filter with a name.
    public struct Filter: Sendable {
        /// The name in addresses.
        public let name: String
        /// What people read.
        public let title: String
        /// The condition, in Odoo's notation, with the names that a record rule may use.
        public let domain: DomainText

        /// A filter.
        public init(_ name: String, _ title: String, _ domain: DomainText) {
            self.name = name
            self.title = title
            self.domain = domain
        }
    }
}
