import Kernel

/// A place in a tree of places.
struct CasePlace: Model {
    static let name = "case.place"
    static let title = "Place"
    static let order = "rank desc, name"

    let label = Char("name", "Name")
    let code = Char("code", "Code")
    let rank = Integer("rank", "Rank")
    let capital = Flag("is_capital", "Capital")
    let parent = Many2one<CasePlace>("parent_id", "Inside")
    let children = One2many<CasePlace>("child_ids", inverseName: "parent_id", "Parts")
}

/// A mark on items.
struct CaseTag: Model {
    static let name = "case.tag"
    static let title = "Tag"

    let label = Char("name", "Name")
}

/// Something with a field of every kind.
struct CaseItem: Model {
    static let name = "case.item"
    static let title = "Item"

    /// How far an item is.
    enum State: String, SelectionValue { case new, done, gone }

    let label = Char("name", "Name")
    let note = Text("note", "Note")
    let code = Char("code", "Code")
    let flag = Flag("flag", "Flag")
    let count = Integer("count", "Count")
    let weight = Float("weight", "Weight")
    let price = Monetary("price", "Price")
    let state = Selection<State>("state", "State")
    let due = DateField("due", "Due")
    let seen = Datetime("seen", "Seen")
    let place = Many2one<CasePlace>("place_id", "Place")
    let tags = Many2many<CaseTag>("tag_ids", "Tags")
    let lines = One2many<CaseLine>("line_ids", inverse: \.item, "Lines")
    let target = Reference("target", "Target")
    let data = Json("data", "Data")
    let shelf = Char("shelf", "Shelf", .byCompany)
    let level = Integer("level", "Level", .byCompany, .initial(3))
    let isOpen = Flag("is_open", "Open", .byCompany, .initial(true))
    let margin = Float("margin", "Margin", .byCompany, .initial(1.5))
    let since = DateField("since", "Since", .byCompany, .initial(.day(Day(2026, 1, 1))))
    let motto = Char("motto", "Motto", .byCompany, .initial("It's \"new\""))
    let depot = Many2one<CasePlace>("depot_id", "Depot", .byCompany)
    let depotCode = Char("depot_code", "Code of the depot", .related("depot_id.code"))
    let file = Binary("file", "File")
    let placeCode = Char("place_code", "Code of the place", .related("place_id.code"))
    let region = Many2one<CasePlace>("region_id", "Region", .related("place_id.parent_id"))
    let regionRank = Integer("region_rank", "Rank of the region", .related("region_id.rank"))
    let isHeavy = Flag(
        "is_heavy", "Heavy", .computedTogether(on: "weight") { records in records.ids.map { _ in .bool(false) } },
        .search { _, comparison, value in
            let wantsHeavy = (comparison == .equal) == !value.isFalsy
            return wantsHeavy ? .where("weight", .greater, 1) : .where("weight", .lessOrEqual, 1)
        })
}

/// A part of an item.
struct CaseLine: Model {
    static let name = "case.line"
    static let title = "Line"

    let label = Char("name", "Name")
    let item = Many2one<CaseItem>("item_id", "Item")
    let quantity = Integer("quantity", "Quantity")
}

/// A crate carries a place: the fields of the place are its own too.
struct CaseCrate: Model {
    static let name = "case.crate"
    static let title = "Crate"

    let place = Many2one<CasePlace>("place_id", onDelete: .cascade, "Place", .required, .delegate)
    let mark = Char("mark", "Mark")
}
