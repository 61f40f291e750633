import Pages

/// What is found without a label: ticked boxes, a letterhead, a signature, sentences.
extension FieldReader {
    /// A box is ticked when more of its inside is black than this.
    private static let ticked = 0.14

    func hasMarks(_ area: ValueArea) -> Bool {
        page.page.marks.contains { mark in area.words.contains { abs($0.box.middle - mark.box.middle) < page.height } }
    }

    mutating func readMarks() {
        var options: [(field: ReadingField, value: ParsedValue, fill: Double, word: ReadWord)] = []
        for mark in page.page.marks {
            guard let word = option(beside: mark) else { continue }
            for text in readings(of: word, mark) {
                let read = ReadWord(text, word.box, confidence: word.confidence, opensCell: true)
                if let urgency = WordParser.urgency([read], isOption: true) {
                    options.append((.urgency, urgency, mark.fill, word))
                    break
                }
                if let sex = WordParser.sex([read]) {
                    options.append((.sex, sex, mark.fill, word))
                    break
                }
            }
        }
        for field in [ReadingField.urgency, .sex] {
            let ranked = options.filter { $0.field == field }.sorted { $0.fill > $1.fill }
            guard let first = ranked.first, first.fill >= Self.ticked else { continue }
            let rest = ranked.dropFirst().map(\.fill).max() ?? 0
            guard first.fill > rest * 1.6 || ranked.count == 1 else { continue }
            let area = ValueArea(words: [first.word], side: .right)
            let value = ParsedValue(value: first.value.value, fit: first.value.fit, check: "tick")
            add(field, value, area, nil, trust: 1.05, way: "mark")
        }
    }

    /// The first word that stands to the right of a box; the box itself may have been read as a letter.
    private func option(beside mark: PageMark) -> ReadWord? {
        let reach = page.height * 2.2
        var best: ReadWord?
        for row in page.rows where abs(row.box.middle - mark.box.middle) < page.height * 2 {
            for word in row.words where abs(word.box.middle - mark.box.middle) < page.height * 0.8 {
                let gap = word.box.left - mark.box.right
                // The box may have been read as a letter of its word, or as a word of its own.
                let holdsBox = word.box.left > mark.box.left - page.height * 0.4 && word.box.right > mark.box.right + page.height
                guard gap > -3 || holdsBox, gap < reach, !word.plain.isEmpty else { continue }
                if word.box.left < best?.box.left ?? .infinity { best = word }
            }
        }
        return best
    }

    /// What a word beside a box may say: as it stands, or without what is left of the box.
    private func readings(of word: ReadWord, _ mark: PageMark) -> [String] {
        guard word.box.left < mark.box.right else { return [word.text] }
        return [word.text] + (1...3).compactMap { word.text.count > $0 + 2 ? String(word.text.dropFirst($0)) : nil }
    }

    mutating func readSurroundings() {
        letterhead()
        signature()
        sentences()
        specialtyAnywhere()
        undatedDay()
        unlabelledNPI()
    }

    /// A number that passes the check digit, where the short label was not legible; one in ten others passes too, so it is trusted less.
    private mutating func unlabelledNPI() {
        guard !candidates.contains(where: { $0.field == .referrerNPI && $0.rule.hasSuffix("+luhn") }) else { return }
        let taken = Set(candidates.filter { $0.field == .memberNumber || $0.field == .phone }.map(\.value))
        for row in page.rows.reversed() {
            for (place, word) in row.words.enumerated() {
                guard let found = NumberParser.npi([word]), found.check == "luhn", !taken.contains(found.value) else { continue }
                let value = ParsedValue(value: found.value, fit: found.fit, check: "luhn", words: place..<place + 1)
                return add(.referrerNPI, value, ValueArea(words: row.words, side: .right), nil, trust: 0.45, way: "anywhere")
            }
        }
    }

    /// The practice whose name stands at the top.
    private mutating func letterhead() {
        for row in page.rows.prefix(5) where row.box.top < page.page.height * 0.22 {
            for start in cells(of: row) {
                guard let known = Likeness.best(start.map(\.text).joined(separator: " "), in: dictionaries.practices),
                    known.likeness >= 0.75
                else {
                    continue
                }
                let area = ValueArea(words: start, side: .right)
                add(
                    .practice, ParsedValue(value: known.entry.value, fit: known.likeness, check: "dictionary"), area, nil, trust: 0.9,
                    way: "letterhead")
            }
        }
        guard let first = page.rows.first(where: { $0.words.count >= 2 }), page.labels(in: 0).isEmpty, first.box.height > page.height * 1.2
        else { return }
        let words = cells(of: first).first ?? []
        add(.practice, WordParser.text(words), ValueArea(words: words, side: .right), nil, trust: 0.35, way: "letterhead")
    }

    private func cells(of row: TextRow) -> [[ReadWord]] {
        var cells: [[ReadWord]] = []
        for word in row.words {
            if word.opensCell || cells.isEmpty { cells.append([word]) } else { cells[cells.count - 1].append(word) }
        }
        return cells
    }

    /// A name with a clinician's title, such as stands above a letter's NPI.
    private mutating func signature() {
        let titles: Set<String> = ["md", "do", "np", "pa", "pac", "fnp", "aprn", "dnp", "fnpc"]
        for row in page.rows.reversed() {
            for cell in cells(of: row) where cell.count <= 6 {
                guard let title = cell.lastIndex(where: { titles.contains($0.plain) }), title >= 2, let person = WordParser.person(cell)
                else { continue }
                add(
                    .referrerName, ParsedValue(value: "\(person.given) \(person.family)", fit: person.fit),
                    ValueArea(words: cell, side: .right), nil,
                    trust: row.box.top > page.page.height / 2 ? 0.75 : 0.5, way: "signature")
            }
        }
    }

    /// “This referral is urgent.”
    private mutating func sentences() {
        for (number, row) in page.rows.enumerated() {
            // A sentence may run over the end of its line.
            let beside = page.rows[max(0, number - 1)...min(page.rows.count - 1, number + 1)]
            let talksOfIt = beside.contains {
                $0.words.count > 2 && $0.words.contains { Likeness.distance($0.plain, "referral", limit: 1) != nil }
            }
            guard talksOfIt, row.words.count > 4 || row.words.contains(where: { $0.plain == "referral" }) else { continue }
            for (place, word) in row.words.enumerated() where !word.opensCell || row.words.count > 3 {
                guard let urgency = WordParser.urgency([word]) else { continue }
                add(
                    .urgency, ParsedValue(value: urgency.value, fit: urgency.fit, check: "list", words: place..<place + 1),
                    ValueArea(words: row.words, side: .right), nil, trust: 0.7, way: "sentence")
            }
        }
    }

    /// A specialty that is named anywhere, when none is announced.
    private mutating func specialtyAnywhere() {
        guard !candidates.contains(where: { $0.field == .specialty }) else { return }
        for row in page.rows.prefix(14) {
            for (place, word) in row.words.enumerated() where word.plain.count >= 6 {
                guard let known = Likeness.best(word.text, in: dictionaries.specialties), known.likeness >= 0.85 else { continue }
                let area = ValueArea(words: row.words, side: .right)
                add(
                    .specialty, ParsedValue(value: known.entry.value, fit: known.likeness, check: "dictionary", words: place..<place + 1),
                    area, nil,
                    trust: 0.6, way: "anywhere")
            }
        }
    }

    /// The first day on the page that is no birth date, for letters.
    private mutating func undatedDay() {
        guard !candidates.contains(where: { $0.field == .referralDate }) else { return }
        for row in page.rows.prefix(12) {
            guard let found = dates.recent(row.words), let range = found.words else { continue }
            let isOther = page.labels.contains {
                $0.kind == .birthDate && page.rows[$0.row].box == row.box && $0.words.upperBound <= range.lowerBound
            }
            if isOther { continue }
            return add(.referralDate, found, ValueArea(words: row.words, side: .right), nil, trust: 0.7, way: "anywhere")
        }
    }
}
