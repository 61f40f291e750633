/// Finds different people for all places, by augmenting paths.
struct Matching {
    /// Something that one person has to fill.
    struct Place {
        let step: Int
        let people: [Int]
    }

    private let places: [Place]
    private let used: Set<Int>
    /// Which place a person fills.
    private var taken: [Int: Int] = [:]
    /// The step of the first place that nobody can fill.
    private(set) var unfilled: Int?

    init(_ places: [Place], used: Set<Int>) {
        self.places = places
        self.used = used
        for place in places.indices {
            var seen: Set<Int> = []
            if !fill(place, &seen) {
                unfilled = places[place].step
                return
            }
        }
    }

    private mutating func fill(_ place: Int, _ seen: inout Set<Int>) -> Bool {
        for person in places[place].people where !used.contains(person) && seen.insert(person).inserted {
            guard let other = taken[person] else {
                taken[person] = place
                return true
            }
            if fill(other, &seen) {
                taken[person] = place
                return true
            }
        }
        return false
    }
}
