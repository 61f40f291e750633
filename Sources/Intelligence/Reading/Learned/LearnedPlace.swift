import Kernel
import Pages

/// Where a form has the value of a field, as people's corrections say: beside or below which words.
public struct LearnedPlace: Codable, Hashable, Sendable {
    /// On which side of its anchor the value stands.
    public enum Side: String, Codable, Hashable, Sendable {
        /// In the same row.
        case right
        /// In one of the next rows.
        case below
    }

    /// The field.
    public let field: ReadingField
    /// The words beside the value; letters and digits only, in lower case.
    public let anchor: String
    /// On which side the value stands.
    public let side: Side
    /// Where the anchor begins, in shares of the page's width.
    public let left: Double
    /// Where the middle of the anchor is, in shares of the page's height.
    public let top: Double
    /// How many corrections said so.
    public var agreeing = 1

    /// How far an anchor may have moved from one page to the next, as a share of the page.
    static let reach = 0.15

    /// States a place.
    public init(field: ReadingField, anchor: String, side: Side, left: Double, top: Double, agreeing: Int = 1) {
        self.field = field
        self.anchor = anchor
        self.side = side
        self.left = left
        self.top = top
        self.agreeing = agreeing
    }

    /// Whether another correction says the same.
    public func agrees(with other: LearnedPlace) -> Bool {
        field == other.field && side == other.side && abs(left - other.left) < Self.reach && abs(top - other.top) < Self.reach
            && LearnedPlace.areAlike(anchor, other.anchor)
    }

    static func areAlike(_ one: String, _ other: String) -> Bool {
        Likeness.distance(one, other, limit: max(1, min(one.utf8.count, other.utf8.count) / 5)) != nil
    }

    /// Finds where a value that a person entered stands on some pages; nil where it is not there, or nothing stands beside it.
    public static func find(
        _ value: String, of field: ReadingField, on pages: [PageText], dictionaries: ReadingDictionaries, today: Day
    ) -> LearnedPlace? {
        for page in pages {
            let labelled = LabelledPage(page, FormCheck(today: today))
            let parser = LearnedParser(dictionaries: dictionaries, today: today)
            if let place = PlaceFinder(page: labelled, parser: parser).place(of: value, field) { return place }
        }
        return nil
    }
}

/// Which of a sender's forms a page is: its title, in small letters; empty where it has none.
public enum FormTitle {
    /// Words of which a title has one; other lines in large letters may be somebody's name.
    private static let words = [
        "referral", "request", "order", "consult", "consultation", "authorization", "requisition", "intake", "form", "transmittal",
    ]
    /// A title stands so high on the page, as a share of its height, and has so many words at most.
    private static let reach = 0.35, wordLimit = 8, letterLimit = 60

    /// The title of a page.
    public static func of(_ page: PageText) -> String {
        let titles = RowBuilder.rows(of: page).filter { row in
            row.box.middle < page.height * reach && row.words.count <= wordLimit && !row.words.contains { $0.hasColon }
                && row.words.contains { word in words.contains { Likeness.distance(word.plain, $0, limit: $0.utf8.count / 5) != nil } }
        }
        guard let title = titles.max(by: { $0.box.height < $1.box.height }) else { return "" }
        return String(title.words.map(\.plain).filter { !$0.isEmpty }.joined(separator: " ").prefix(letterLimit))
    }

    /// Whether two titles are one with a letter or two wrong.
    public static func areSame(_ one: String, _ other: String) -> Bool {
        one == other || (!one.isEmpty && !other.isEmpty && LearnedPlace.areAlike(one, other))
    }
}
