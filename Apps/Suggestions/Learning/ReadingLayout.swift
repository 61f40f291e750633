import Base
import JSON
import Kernel
import Reading
import Referrals

/// Where one sender's form has the value of one field, learned from corrections that agree.
///
/// It names words of the form and no one's data. Managers switch it off and on; a policy switches off a layout, or all of them.
public struct ReadingLayout: Model {
    public static let name = "care.reading.layout"
    public static let title = "Learned layout"
    public static let order = "sender, form, field"
    public static let indexes = [["sender", "field"]]

    public let displayedName = Char("name", "Name", .required, .readonly, .size(200))
    public let sender = Char("sender", "Sender", .required, .readonly)
    /// The title of the form, in small letters; empty for a form without one.
    public let form = Char("form", "Form", .readonly)
    public let field = Char("field", "Field", .required, .readonly, .size(60))
    public let anchor = Char("anchor", "Beside the words", .readonly, .size(120))
    public let side = Char("side", "Side", .readonly, .size(10))
    /// Shares of the page's width and height.
    public let left = Float("left_share", "From the left", .readonly, .aggregator(nil))
    public let top = Float("top_share", "From the top", .readonly, .aggregator(nil))
    public let agreeing = Integer("agreeing", "Corrections that agree", .readonly, .aggregator(nil))
    /// What people made of values that were read here.
    public let right = Integer("right_count", "Right since", .readonly, .initial(0))
    public let wrong = Integer("wrong_count", "Wrong since", .readonly, .initial(0))
    public let company = Many2one<Company>("company_id", "Site", .indexed, .readonly)
    public let active = Flag("active", "In use", .initial(true))

    public static let lifecycle = Lifecycle<ReadingLayout>(
        beforeWrite: { layouts, values in
            guard !layouts.env.isSuperuser, let name = values.names.first(where: { $0 != "active" }) else { return }
            throw Refusal.byActionOnly(name, ReadingLayout.name)
        })

    public init() {}
}

/// Makes layouts of people's corrections, and gives readings what was learned.
enum LayoutDesk {
    /// The most layouts of a site that are looked at, and corrections of one field.
    private static let layoutLimit = 5_000, correctionLimit = 200
    /// A layout that was wrong so often, and more often than right, is not used any more.
    private static let wrongLimit = 2

    /// A layout as a reading uses it.
    struct Known: Sendable {
        let name: String
        let sender: String
        let form: String
        let place: LearnedPlace
    }

    /// The layouts in use at a site, as far as the policy uses any.
    static func known(at company: Int?, in machine: Environment) throws -> [Known] {
        let policy = try ReadingPolicy.inForce(company: company, in: machine)
        guard policy.layouts.isUsed else { return [] }
        let without = Set(policy.layouts.without.map { $0.lowercased() })
        let own = Domain.where("company_id", .equal, company.map { .int($0) } ?? .null) & .where("active", .equal, true)
        return try machine.search(ReadingLayout.self, own, limit: layoutLimit).compactMap { layout in
            guard !without.contains(layout.displayedName), !without.contains(layout.sender),
                let field = ReadingField(rawValue: layout.field),
                let side = LearnedPlace.Side(rawValue: layout.side)
            else { return nil }
            return Known(
                name: layout.displayedName, sender: layout.sender, form: layout.form,
                place: LearnedPlace(
                    field: field, anchor: layout.anchor, side: side, left: layout.left, top: layout.top, agreeing: layout.agreeing))
        }
    }

    /// The corrections of one sender's form: where enough of them agree, a layout is made, or follows.
    static func learn(_ sender: String, form: String, company: Int?, in machine: Environment) throws {
        guard !sender.isEmpty else { return }
        let policy = try ReadingPolicy.inForce(company: company, in: machine)
        for field in ReadingField.allCases {
            let corrections = try corrections(sender, form, field, company, machine)
            guard var newest = corrections.first?.place else { continue }
            let agreeing = Set(corrections.filter { $0.place.agrees(with: newest) }.map(\.document)).count
            guard agreeing >= policy.layouts.after else { continue }
            newest.agreeing = agreeing
            try keep(newest, sender, form, company, machine)
        }
    }

    private static func corrections(
        _ sender: String, _ form: String, _ field: ReadingField, _ company: Int?, _ machine: Environment
    ) throws -> [(document: Int, place: LearnedPlace)] {
        let own =
            Domain.where("sender", .equal, .text(sender)) & .where("form", .equal, .text(form))
            & .where("field", .equal, .text(field.rawValue)) & .where("state", .in, ["corrected", "missed"])
            & .where("document_id.company_id", .equal, company.map { .int($0) } ?? .null)
        return try machine.search(Suggestion.self, own, order: "decided_on desc, id desc", limit: correctionLimit).compactMap {
            guard let place = LearnedPlace($0.place), let document = $0.document else { return nil }
            return (document.id, place)
        }
    }

    private static func keep(_ place: LearnedPlace, _ sender: String, _ form: String, _ company: Int?, _ machine: Environment) throws {
        let everything = try machine.with(context: ["active_test": false])
        let own =
            Domain.where("sender", .equal, .text(sender)) & .where("form", .equal, .text(form))
            & .where("field", .equal, .text(place.field.rawValue))
            & .where("company_id", .equal, company.map { .int($0) } ?? .null)
        let values: ValueMap = [
            "anchor": .text(place.anchor), "side": .text(place.side.rawValue), "left_share": .double(place.left),
            "top_share": .double(place.top), "agreeing": .int(place.agreeing),
        ]
        if let known = try everything.search(ReadingLayout.self, own, limit: 1).first { return try known.write(values) }
        let name = String((form.isEmpty ? sender : "\(sender): \(form)").prefix(200))
        try machine.create(
            ReadingLayout.self,
            values.merging([
                "name": .text(name), "sender": .text(sender), "form": .text(form), "field": .text(place.field.rawValue),
                "company_id": company.map { .int($0) } ?? .null,
            ]))
    }

    /// Counts what a person made of a value that a layout gave; one that misleads is not used any more.
    static func note(_ suggestion: Record<Suggestion>, _ state: Suggestion.State, in machine: Environment) throws {
        guard suggestion.rule.hasPrefix("learned.") else { return }
        let company = suggestion.document?.company
        let own =
            Domain.where("sender", .equal, .text(suggestion.sender)) & .where("form", .equal, .text(suggestion.form))
            & .where("field", .equal, .text(suggestion.field)) & .where("company_id", .equal, company.map { .int($0.id) } ?? .null)
        guard let layout = try machine.search(ReadingLayout.self, own, limit: 1).first else { return }
        if state == .accepted { return try layout.write(["right_count": .int(layout.right + 1)]) }
        let wrong = layout.wrong + 1
        try layout.write(["wrong_count": .int(wrong), "active": .bool(wrong < wrongLimit || wrong <= layout.right)])
    }
}

extension LearnedPlace {
    /// What is kept with a correction.
    var json: JSON {
        [
            "field": .string(field.rawValue), "anchor": .string(anchor), "side": .string(side.rawValue), "left": .double(left),
            "top": .double(top),
        ]
    }

    init?(_ json: JSON) {
        guard let field = json["field"]?.stringValue.flatMap(ReadingField.init(rawValue:)), let anchor = json["anchor"]?.stringValue,
            let side = json["side"]?.stringValue.flatMap(Side.init(rawValue:)), let left = json["left"]?.doubleValue,
            let top = json["top"]?.doubleValue
        else { return nil }
        self.init(field: field, anchor: anchor, side: side, left: left, top: top)
    }
}
