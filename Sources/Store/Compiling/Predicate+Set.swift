import Kernel

extension Predicate {
    /// Whether each row that meets the predicate has the column set.
    ///
    /// An order over such a column needs no word about where unset values go; with that word a database may not use an index for it.
    func implies(isSet field: Field) -> Bool {
        switch self {
        case .none: true
        case .and(let parts): parts.contains { $0.implies(isSet: field) }
        case .or(let parts): parts.allSatisfy { $0.implies(isSet: field) }
        case .not(.unset(let other)): other.slot == field.slot
        case .compare(let other, _, _): other.slot == field.slot && other.form != .boolean
        case .contained(let other, _), .like(let other, _, _), .part(let other, _, _, _, _): other.slot == field.slot
        case .all, .not, .unset, .linked, .inTree, .owned: false
        }
    }
}
