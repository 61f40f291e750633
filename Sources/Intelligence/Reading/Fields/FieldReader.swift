import Kernel
import Pages

/// Reads the fields of one page: candidates by label first, then by what stands where.
struct FieldReader {
    let page: LabelledPage
    let dictionaries: ReadingDictionaries
    let dates: DateParser
    /// Where values stand on this form when nothing stands to the right of their label.
    let usualSide: ValueArea.Side
    private(set) var candidates: [Candidate] = []

    init(_ page: LabelledPage, _ dictionaries: ReadingDictionaries, today: Day) {
        self.page = page
        self.dictionaries = dictionaries
        let check = FormCheck(today: today)
        dates = check.dates
        usualSide = FieldReader.usualSide(of: page, check)
        for label in page.labels { read(label) }
        readMarks()
        readSurroundings()
    }

    // MARK: - Where values stand

    /// Captions stand above their values on some forms and below them on others: values with a form of their own tell.
    private static func usualSide(of page: LabelledPage, _ check: FormCheck) -> ValueArea.Side {
        var below = 0, above = 0
        for label in page.labels where page.right(of: label).words.isEmpty {
            if check.value(label.kind, page.below(label).words) != nil { below += 1 }
            if check.value(label.kind, page.above(label).words) != nil { above += 1 }
        }
        return above > below ? .above : .below
    }

    private func area(of label: Label) -> ValueArea {
        let right = page.right(of: label)
        if !right.words.isEmpty { return right }
        return usualSide == .above ? page.above(label) : page.below(label)
    }

    // MARK: - Candidates

    mutating func add(
        _ field: ReadingField, _ parsed: ParsedValue?, _ area: ValueArea, _ label: Label?, trust: Double = 1, way: String? = nil
    ) {
        guard let parsed, !parsed.value.isEmpty else { return }
        let words = parsed.words.map { Array(area.words[$0]) } ?? area.words
        let part = ValueArea(words: words, side: area.side)
        let found = way ?? "label.\(area.side.rawValue)"
        let likeness = label.map { ($0.isSetApart ? 1 : 0.85) * (0.7 + 0.3 * $0.likeness) } ?? 1
        candidates.append(
            Candidate(
                field: field, value: parsed.value, trust: trust * likeness, fit: parsed.fit, letters: part.confidence, box: part.box,
                page: page.number, rule: parsed.check.isEmpty ? found : "\(found)+\(parsed.check)"))
    }

    private mutating func read(_ label: Label) {
        let area = area(of: label)
        guard !area.words.isEmpty else { return }
        switch label.kind {
        case .patient: patient(area, label)
        case .name: label.section == .referrer ? referrer(area, label) : patient(area, label)
        case .familyName: add(.familyName, WordParser.singleName(cell(area)), area, label)
        case .givenName: add(.givenName, WordParser.singleName(cell(area)), area, label)
        case .birthDate: add(.birthDate, dates.birth(area.words), area, label)
        case .sex: add(.sex, WordParser.sex(area.words), area, label)
        case .phone: phone(area, label)
        case .address, .street, .city, .zip, .place: address(area, label)
        case .payer: payer(area, label)
        case .member: add(.memberNumber, NumberParser.member(area.words), area, label)
        case .referrer: referrer(area, label)
        case .practice: practice(area, label)
        case .npi: add(.referrerNPI, NumberParser.npi(area.words), area, label)
        case .specialty: specialty(area, label)
        case .urgency: add(.urgency, WordParser.urgency(area.words), area, label, trust: hasMarks(area) ? 0.2 : 1)
        case .service:
            add(.requestedService, WordParser.text(cell(area)), area, label, trust: area.side == .right && !label.isSetApart ? 0.5 : 1)
        case .reason:
            let whole = page.continued(area, lines: 4)
            add(.reason, WordParser.text(whole.words), whole, label)
        case .diagnosis: add(.diagnosisCodes, CodeParser.diagnoses(area.words), area, label)
        case .procedure:
            let codes = CodeParser.procedures(area.words)
            if let codes { add(.procedureCodes, codes, area, label) }
        case .date: add(.referralDate, dates.recent(area.words), area, label)
        case .officePhone, .state, .patientSection, .coverageSection, .requestSection, .referrerSection, .other: break
        }
    }

    /// The words of the first cell: what follows a wide gap belongs to something else.
    private func cell(_ area: ValueArea) -> [ReadWord] {
        Array(area.words.prefix(1) + area.words.dropFirst().prefix { !$0.opensCell })
    }

    private mutating func patient(_ area: ValueArea, _ label: Label) {
        guard let person = WordParser.person(area.words) else { return }
        let trust = label.kind == .name && label.section != .patient ? 0.6 : 1.0
        add(.familyName, ParsedValue(value: person.family, fit: person.fit), area, label, trust: trust)
        add(.givenName, ParsedValue(value: person.given, fit: person.fit), area, label, trust: trust)
    }

    private mutating func referrer(_ area: ValueArea, _ label: Label) {
        guard let person = WordParser.person(area.words) else { return }
        add(.referrerName, ParsedValue(value: "\(person.given) \(person.family)", fit: person.fit), area, label)
    }

    /// A phone before the patient's part begins is the practice's.
    private mutating func phone(_ area: ValueArea, _ label: Label) {
        guard label.section != .referrer, label.section != .request else { return }
        let begun = page.labels.first { [.patient, .familyName, .birthDate].contains($0.kind) }
        let isBefore = begun.map { label.box.bottom < $0.box.top - page.height } ?? false
        add(.phone, NumberParser.phone(area.words), area, label, trust: isBefore ? 0.3 : 1)
    }

    private mutating func address(_ area: ValueArea, _ label: Label) {
        guard label.section != .referrer else { return }
        switch label.kind {
        case .zip: add(.zip, NumberParser.zip(area.words), area, label)
        case .city:
            add(.city, AddressParser.read(cell(area), startsWithStreet: false).city.map { ParsedValue(value: $0, fit: 1) }, area, label)
        case .street where area.words.count <= 2 || !area.text.contains(","):
            add(.street, AddressParser.street(cell(area).map(\.text)).map { ParsedValue(value: $0, fit: 1) }, area, label)
        case .place: place(AddressParser.read(area.words, startsWithStreet: false), area, label)
        default:
            let address = AddressParser.read(area.words, startsWithStreet: true)
            place(address, area, label)
            if address.zip == nil { secondLine(area, label) }
        }
    }

    private mutating func place(_ address: AddressParser.Address, _ area: ValueArea, _ label: Label) {
        add(.street, address.street.map { ParsedValue(value: $0, fit: 1) }, area, label)
        add(.city, address.city.map { ParsedValue(value: $0, fit: 1) }, area, label, trust: 0.95)
        add(.zip, address.zip, area, label)
    }

    /// Town and ZIP code on the line below the street.
    private mutating func secondLine(_ area: ValueArea, _ label: Label) {
        guard let first = area.words.first, let row = page.rows.firstIndex(where: { $0.words.contains(first) }), row + 1 < page.rows.count,
            page.labels(in: row + 1).isEmpty
        else { return }
        let words = page.rows[row + 1].words.filter { $0.box.right > first.box.left - page.height }
        let next = ValueArea(words: words, side: area.side)
        let address = AddressParser.read(words, startsWithStreet: false)
        guard address.zip != nil else { return }
        add(.city, address.city.map { ParsedValue(value: $0, fit: 1) }, next, label, trust: 0.9)
        add(.zip, address.zip, next, label)
    }

    private mutating func payer(_ area: ValueArea, _ label: Label) {
        let words = cell(area)
        let inner = words.prefix { $0.plain != "member" && $0.plain != "policy" && $0.plain != "id" }
        named(.payer, Array(inner), dictionaries.payers, area, label)
    }

    private mutating func practice(_ area: ValueArea, _ label: Label) {
        named(.practice, cell(area), dictionaries.practices, area, label)
    }

    /// A name that the organisation may know: its own spelling then, at full trust.
    private mutating func named(
        _ field: ReadingField, _ words: [ReadWord], _ entries: [ReadingDictionaries.Entry], _ area: ValueArea, _ label: Label
    ) {
        guard let text = WordParser.text(words) else { return }
        if let known = Likeness.best(text.value, in: entries), known.likeness >= 0.75 {
            add(field, ParsedValue(value: known.entry.value, fit: known.likeness, check: "dictionary"), area, label, trust: 1.05)
        } else {
            add(field, text, ValueArea(words: words, side: area.side), label, trust: 0.8)
        }
    }

    private mutating func specialty(_ area: ValueArea, _ label: Label) {
        let words = cell(area)
        for count in stride(from: min(words.count, 4), through: 1, by: -1) {
            let text = words.prefix(count).map(\.text).joined(separator: " ")
            guard let known = Likeness.best(text, in: dictionaries.specialties), known.likeness >= 0.75 else { continue }
            return add(
                .specialty, ParsedValue(value: known.entry.value, fit: known.likeness, check: "dictionary", words: 0..<count), area, label)
        }
    }
}
