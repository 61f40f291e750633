import Base
import Clocks
import Crypto
import JSON
import Kernel

/// Calendars ready to measure, remembered until somebody changes one, and their versions.
public enum CalendarBook {
    /// The models that a calendar is made from.
    static let models = [ResourceCalendar.name, Attendance.name, Leave.name, SpecialDay.name]

    /// A calendar ready to measure.
    ///
    /// - Throws: `calendar.*`.
    public static func calendar(_ id: Int, withLeaves: Bool = true, _ env: Environment) throws -> WorkCalendar {
        try env.remembered("service_levels.calendar \(id) \(withLeaves)", from: models) { env in
            let definition = try CalendarReader(env.record(ResourceCalendar.self, id)).definition(withLeaves: withLeaves)
            return try WorkCalendar(definition, zones: env.unit.zoneTable)
        }
    }

    /// The calendar of a company: its own, else the standard one.
    public static func calendarId(of company: Int?, _ env: Environment) throws -> Int {
        let superuser = env.asSuperuser("a site's calendar is no secret")
        let own = company.flatMap { superuser.record(Company.self, $0)[\CompanyCalendar.calendar] }
        if let own { return own.id }
        return try Reference.require("resource.resource_calendar_std", env)
    }

    /// The record that keeps what a calendar says now.
    static func version(of calendar: Int, _ env: Environment) throws -> Record<CalendarVersion> {
        let env = env.asSuperuser("what a calendar said is kept by the machine")
        let content = try self.calendar(calendar, env).definition.json
        let digest = SHA256.hash(content.serialized()).hex
        let same = Domain.where("calendar_id", .equal, .int(calendar)) & .where("digest", .equal, .text(digest))
        if let known = try env.search(CalendarVersion.self, same, limit: 1).first { return known }
        return try env.create(
            CalendarVersion.self, ["calendar_id": .int(calendar), "digest": .text(digest), "content": .json(content)])
    }

    /// A kept calendar ready to measure; versions never change, so that each is read once.
    static func kept(_ version: Int, _ env: Environment) throws -> WorkCalendar {
        try env.remembered("service_levels.version \(version)", from: [CalendarVersion.name]) { env in
            let content = env.record(CalendarVersion.self, version).content
            return try WorkCalendar(CalendarDefinition(json: content), zones: env.unit.zoneTable)
        }
    }

    /// Has the clocks that run by calendars go on by what these say now.
    static func changed(_ calendars: [Int], _ env: Environment) throws {
        for calendar in Set(calendars).sorted() {
            try env.unit.transaction.enqueue(
                JobRequest(
                    ClockJobs.calendarKind, queue: ClockJobs.queue, payload: ["calendar": .int(calendar), "at": .instant(env.now)],
                    uniqueKey: "sla.calendar:\(calendar):\(env.now.seconds)"))
        }
    }

    /// A life in which every change of a part is one of its calendar.
    static func lifecycle<M: Model>(
        of type: M.Type, _ calendars: @escaping @Sendable (Recordset<M>) throws -> [Int]
    ) -> Lifecycle<M> {
        Lifecycle(
            afterCreate: { try changed(try calendars($0), $0.env) },
            afterWrite: { parts, _ in try changed(try calendars(parts), parts.env) },
            beforeDelete: { try changed(try calendars($0), $0.env) })
    }

    static func refuseUsed(_ calendars: Recordset<ResourceCalendar>) throws {
        let env = calendars.env.asSuperuser("clocks that were measured by a calendar need it")
        guard try env.count(CalendarVersion.self, .where("calendar_id", .in, .ids(calendars.ids))) == 0 else {
            throw Refusal(
                "calendar.used", .validation, "Clocks were measured by this calendar.", instruction: "Archive it instead of deleting it.")
        }
    }
}
