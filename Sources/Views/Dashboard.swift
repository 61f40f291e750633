import Kernel

/// Figures and charts about the records of a model; each opens the records behind it.
public struct Dashboard: Sendable {
    /// The name in addresses.
    public let name: String
    /// What people read.
    public let title: String
    /// The model that everything is about, unless a tile says otherwise.
    public let model: String
    /// Figures.
    public let tiles: [Tile]
    /// Charts.
    public let charts: [Chart]

    /// A dashboard.
    public init(_ name: String, _ title: String, model: String, tiles: [Tile], charts: [Chart]) {
        self.name = name
        self.title = title
        self.model = model
        self.tiles = tiles
        self.charts = charts
    }

    /// One figure: how many records meet a condition.
    public struct Tile: Sendable {
        /// What is counted.
        public let title: String
        /// Which records.
        public let domain: DomainText
        /// The filter of the model's search that opens them; empty when none does.
        public let filter: String
        /// Whether few are better than many.
        public let isFewBetter: Bool
        /// What one wants to reach; nil when there is no target.
        public let target: Int?

        /// A figure.
        public init(_ title: String, _ domain: DomainText, filter: String = "", isFewBetter: Bool = true, target: Int? = nil) {
            self.title = title
            self.domain = domain
            self.filter = filter
            self.isFewBetter = isFewBetter
            self.target = target
        }
    }

    /// Counts by one or two dimensions.
    public struct Chart: Sendable {
        /// What it shows.
        public let title: String
        /// What stands along the axis: a field, for dates with a part.
        public let rows: String
        /// What the parts of a bar are; empty for whole bars.
        public let columns: String
        /// Which records.
        public let domain: DomainText
        /// Whether it shows a course over time, as a line.
        public let isCourse: Bool

        /// A chart.
        public init(_ title: String, rows: String, columns: String = "", domain: DomainText = "[]", isCourse: Bool = false) {
            self.title = title
            self.rows = rows
            self.columns = columns
            self.domain = domain
            self.isCourse = isCourse
        }
    }

    /// What is named and does not exist: a sentence for each.
    public func problems(in registry: Registry) -> [String] {
        guard let schema = registry.model(model) else { return ["The dashboard '\(name)' is of no model."] }
        let fields = charts.flatMap { [$0.rows, $0.columns] }.map { String($0.prefix { $0 != ":" }) }.filter { !$0.isEmpty }
        return fields.filter { schema.field($0) == nil }.map {
            "The dashboard '\(name)' names the field '\($0)', which '\(model)' does not have."
        }
            + (tiles.map(\.domain) + charts.map(\.domain)).compactMap { domain in
                domain.problem.map { "A condition of the dashboard '\(name)' cannot be read: \($0.message)" }
            }
    }
}
