/// What the names in a domain's text stand for: the user, the companies, the moment.
///
/// Shape: `uid`, `user`, `company_id`, `company_ids`, and attributes of the user; a record stands for its id, and `.id` and `.ids` may follow it.
public struct DomainNames: Sendable {
    private var values: [String: Value] = [:]
    private let now: Instant
    private let zoneSeconds: Int

    /// No names, at the beginning of 1970.
    init() {
        now = Instant(seconds: 0)
        zoneSeconds = 0
    }

    /// The names that a record rule may use.
    ///
    /// - Parameter zoneSeconds: Seconds east of UTC where the user is, for `time.strftime`.
    public init(user: UserContext, companyIds: [Int]? = nil, now: Instant, zoneSeconds: Int = 0) {
        self.now = now
        self.zoneSeconds = zoneSeconds
        let companies = companyIds ?? user.companyIds
        let company = companies.first ?? user.companyId
        let partner = user.partnerId.map { Value.int($0) } ?? false
        values = [
            "uid": .int(user.id), "user": .int(user.id), "user.login": .text(user.login), "user.name": .text(user.name),
            "user.partner_id": partner, "user.commercial_partner_id": partner, "user.company_id": .int(user.companyId),
            "user.company_ids": .ids(user.companyIds), "user.groups_id": .ids(user.groupIds.sorted()),
            "user.group_ids": .ids(user.groupIds.sorted()), "user.all_group_ids": .ids(user.groupIds.sorted()),
            "user.lang": .text(user.language), "user.tz": .text(user.timeZone), "company_id": .int(company), "company_ids": .ids(companies),
        ]
    }

    /// The names that a record rule may use in an environment.
    public init(_ env: Environment) {
        let zone = env.unit.zoneOffset(env.user.timeZone, at: env.now)
        self.init(user: env.user, companyIds: env.companyIds, now: env.now, zoneSeconds: zone)
    }

    /// These names and one more, such as `active_id`; it replaces one of the same name.
    public func adding(_ name: String, _ value: Value) -> DomainNames {
        var names = self
        names.values[name] = value
        return names
    }

    /// What a path of names stands for; nil when it stands for nothing.
    public subscript(path: String) -> Value? {
        if let value = values[path] { return value }
        if path.hasSuffix(".id"), let value = values[String(path.dropLast(3))] {
            if case .ids(let ids) = value { return ids.count == 1 ? .int(ids[0]) : nil }
            return value
        }
        if path.hasSuffix(".ids"), let value = values[String(path.dropLast(4))], let ids = value.idList { return .ids(ids) }
        return nil
    }

    /// The moment in a `strftime` format of `%Y %m %d %H %M %S %%`, where the user is.
    func time(_ format: String) -> String {
        let local = now + zoneSeconds
        let (year, month, day) = local.day.parts
        let second = local.secondOfDay
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        var text = ""
        var isDirective = false
        for character in format {
            guard isDirective else {
                if character == "%" { isDirective = true } else { text.append(character) }
                continue
            }
            isDirective = false
            switch character {
            case "Y": text += String(year)
            case "m": text += padded(month)
            case "d": text += padded(day)
            case "H": text += padded(second / 3_600)
            case "M": text += padded(second / 60 % 60)
            case "S": text += padded(second % 60)
            default: text.append(character)
            }
        }
        return text
    }
}
