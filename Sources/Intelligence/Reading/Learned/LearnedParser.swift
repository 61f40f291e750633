import Kernel

/// The value of a field in words that stand where a form is known to have it.
struct LearnedParser {
    let dictionaries: ReadingDictionaries
    let today: Day

    func value(_ field: ReadingField, _ words: [ReadWord]) -> ParsedValue? {
        guard !words.isEmpty else { return nil }
        let dates = DateParser(today: today)
        return switch field {
        case .familyName: names(words, family: true)
        case .givenName: names(words, family: false)
        case .birthDate: dates.birth(words)
        case .referralDate: dates.recent(words)
        case .sex: WordParser.sex(words)
        case .phone: NumberParser.phone(words)
        case .zip: NumberParser.zip(words) ?? AddressParser.read(words, startsWithStreet: false).zip
        case .street: AddressParser.street(words.map(\.text)).map { ParsedValue(value: $0, fit: 1) }
        case .city: AddressParser.read(words, startsWithStreet: false).city.map { ParsedValue(value: $0, fit: 1) } ?? WordParser.text(words)
        case .memberNumber: NumberParser.member(words)
        case .referrerNPI: NumberParser.npi(words)
        case .diagnosisCodes: CodeParser.diagnoses(words)
        case .procedureCodes: CodeParser.procedures(words)
        case .urgency: WordParser.urgency(words)
        case .payer: named(words, dictionaries.payers) ?? WordParser.text(words)
        case .practice: named(words, dictionaries.practices) ?? WordParser.text(words)
        case .specialty: named(words, dictionaries.specialties)
        case .referrerName: WordParser.person(words).map { ParsedValue(value: "\($0.given) \($0.family)", fit: $0.fit) }
        case .requestedService, .reason: WordParser.text(words)
        }
    }

    /// A whole name where two words or more stand, else one half of it.
    private func names(_ words: [ReadWord], family: Bool) -> ParsedValue? {
        guard words.count > 1, let person = WordParser.person(words) else { return WordParser.singleName(words) }
        return ParsedValue(value: family ? person.family : person.given, fit: person.fit)
    }

    private func named(_ words: [ReadWord], _ entries: [ReadingDictionaries.Entry]) -> ParsedValue? {
        guard let known = Likeness.best(words.map(\.text).joined(separator: " "), in: entries), known.likeness >= 0.75 else { return nil }
        return ParsedValue(value: known.entry.value, fit: known.likeness, check: "dictionary")
    }
}

/// Finds a value that a person entered among the words of a page, and what stands beside it.
struct PlaceFinder {
    let page: LabelledPage
    let parser: LearnedParser

    /// Words that a value has at most, and those of an anchor.
    private static let valueWords = 12, anchorWords = 4
    /// Letters that an anchor must have.
    private static let anchorLetters = 2

    func place(of value: String, _ field: ReadingField) -> LearnedPlace? {
        for (number, row) in page.rows.enumerated() {
            for start in row.words.indices {
                for end in stride(from: min(row.words.count, start + Self.valueWords), to: start, by: -1)
                where says(value, Array(row.words[start..<end]), field) {
                    if let place = anchored(field, number, start, row.words[start..<end]) { return place }
                }
            }
        }
        return nil
    }

    private func says(_ value: String, _ words: [ReadWord], _ field: ReadingField) -> Bool {
        let (read, wanted) = (words.map(\.plain).joined(), PlainText.of(value))
        if wanted.utf8.count >= 3, Likeness.distance(read, wanted, limit: wanted.utf8.count / 8) != nil { return true }
        guard words.count <= 4, parses(words, field, wanted) else { return false }
        // The value begins where nothing more can be left out.
        return !parses(Array(words.dropFirst()), field, wanted)
    }

    private func parses(_ words: [ReadWord], _ field: ReadingField, _ wanted: String) -> Bool {
        guard let parsed = parser.value(field, words) else { return false }
        return PlainText.of(parsed.value) == wanted && !wanted.isEmpty
    }

    /// The words before it in its row, else those above it.
    private func anchored(_ field: ReadingField, _ number: Int, _ start: Int, _ value: ArraySlice<ReadWord>) -> LearnedPlace? {
        let row = page.rows[number]
        if let anchor = anchor(ending: start, in: row) { return place(field, anchor, .right) }
        guard number > 0, let first = value.first else { return nil }
        let above = page.rows[number - 1]
        guard first.box.top - above.box.bottom < page.height * 3.4 else { return nil }
        let over = above.words.indices.filter { index in
            let box = above.words[index].box
            return box.left < first.box.right && box.right > first.box.left - page.height
        }
        guard let last = over.last, let anchor = anchor(ending: last + 1, in: above) else { return nil }
        return place(field, anchor, .below)
    }

    /// The words of a cell that ends before a place.
    private func anchor(ending end: Int, in row: TextRow) -> [ReadWord]? {
        guard end > 0 else { return nil }
        var begin = end - 1
        while begin > 0, end - begin < Self.anchorWords, !row.words[begin].opensCell { begin -= 1 }
        var words = Array(row.words[begin..<end])
        // What stands behind a colon is part of what was entered, such as the given name before the family name.
        if let colon = words.lastIndex(where: \.hasColon) { words = Array(words[...colon]) }
        let letters = words.map(\.plain).joined()
        // What is a number is somebody's, and not the form's.
        guard letters.utf8.count >= Self.anchorLetters, letters.contains(where: \.isLetter), !words.contains(where: isNumber) else {
            return nil
        }
        return words
    }

    private func isNumber(_ word: ReadWord) -> Bool { word.plain.count { $0.isNumber } > 2 }

    private func place(_ field: ReadingField, _ anchor: [ReadWord], _ side: LearnedPlace.Side) -> LearnedPlace {
        let box = anchor.dropFirst().reduce(anchor[0].box) { $0.union($1.box) }
        func share(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
        return LearnedPlace(
            field: field, anchor: anchor.map(\.plain).joined(), side: side, left: share(box.left / page.page.width),
            top: share(box.middle / page.page.height))
    }
}
