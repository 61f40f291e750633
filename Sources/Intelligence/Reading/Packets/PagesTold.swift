import Pages

/// How many pages a fax says it has: on its cover, or in the corner of a page (`Page 2 of 5`).
enum PagesTold {
    /// The most pages that are believed.
    private static let most = 200

    /// Pages that were told of and did not come.
    /// - Parameter sheets: Each page with whether it is a cover.
    static func missing(_ sheets: [(page: PageText, isCover: Bool)]) -> Int {
        let covers = sheets.indices.filter { sheets[$0].isCover }
        var missing = 0
        for (place, cover) in covers.enumerated() {
            let end = place + 1 < covers.count ? covers[place + 1] : sheets.count
            if let told = onCover(sheets[cover].page) { missing += max(0, told - (end - cover)) }
        }
        if missing == 0, covers.isEmpty, let told = sheets.compactMap({ inCorner($0.page) }).max() { missing = max(0, told - sheets.count) }
        return missing
    }

    /// The number of pages that a cover tells, itself included.
    static func onCover(_ page: PageText) -> Int? {
        for line in lines(page) where line.contains(where: { $0.hasPrefix("page") }) {
            guard let count = line.compactMap(number).last else { continue }
            let isWithout = line.contains { $0.hasPrefix("exclud") || $0 == "not" || $0 == "after" || $0 == "following" }
            return isWithout ? count + 1 : count
        }
        return nil
    }

    /// The last number of `page 2 of 5`.
    static func inCorner(_ page: PageText) -> Int? {
        for line in lines(page) {
            for start in line.indices.dropLast(3) where line[start] == "page" && line[start + 2] == "of" {
                if let own = number(line[start + 1]), let all = number(line[start + 3]), own <= all { return all }
            }
        }
        return nil
    }

    private static func number(_ word: String) -> Int? {
        guard let number = Int(word), (1...most).contains(number) else { return nil }
        return number
    }

    /// The words of each line in small letters, without what is no letter or digit.
    private static func lines(_ page: PageText) -> [[String]] {
        page.text.split(separator: "\n").map { line in
            line.split(separator: " ").map { $0.lowercased().filter { $0.isLetter || $0.isNumber } }.filter { !$0.isEmpty }
        }
    }
}
