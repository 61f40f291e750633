import Base
import Exceptions
import Kernel
import Messaging

/// Text messages made from templates, and their way out: they leave after the commit, from a job, through the gateway.
public enum SMSText {
    /// The kind and the queue of the jobs that send them.
    public static let jobKind = "sms.send", queue = "sms"
    /// The most characters of one message: ten parts.
    public static let lengthLimit = 1_530

    /// Sends a template to the person whom a record is about.
    static func send(_ template: Content, on record: Records, as method: ServerAction.SMSMethod) throws {
        let text = try InlineTemplate(template.text("body")).filled(for: record)
        var message: Int?
        if method != .sms, record.model.hasChatter {
            let body = PlainText.escape(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "<br/>")
            let note = Post(body: "<p>\(body)</p>", kind: .comment, subtype: "mail.mt_note")
            message = try Chatter.post(on: record.with(record.env.asSuperuser("what an action sends stands in the chatter")), note)
        }
        if method == .note { return }
        let env = record.env.asSuperuser("text messages are queued by the machine")
        let (number, partner) = try SMSNumber.find(for: record.with(env))
        try env.create(
            SMS.self,
            [
                "number": .text(number), "body": .text(text), "partner_id": partner.map { .int($0) } ?? .null,
                "mail_message_id": message.map { .int($0) } ?? .null,
            ])
    }

    /// A template as it was released.
    static func inForce(_ id: Int, _ env: Environment) throws -> Content {
        if let content = try Governed.content(Governed.text, id, env) { return content }
        throw Refusal.notReleased(env.asSuperuser("a refusal names the template").record(SMSTemplate.self, id).displayedName)
    }

    /// Puts new messages on their way; one without a number that can be called gets an owner.
    static func leave(_ messages: Recordset<SMS>) throws {
        let env = messages.env.asSuperuser("text messages are changed by their actions only")
        for message in messages {
            let own = env.record(SMS.self, message.id)
            guard own.body.count <= lengthLimit else { throw Refusal.longSMS(lengthLimit) }
            try depart(own, round: 0)
        }
    }

    /// Sends a message again that failed or was called off, after its number was corrected.
    static func redrive(_ message: Record<SMS>) throws {
        let own = message.env.asSuperuser("text messages are changed by their actions only").record(SMS.self, message.id)
        try own.write(["state": "outgoing", "failure_type": .null, "failure_reason": .null])
        try depart(own, round: own.version)
    }

    private static func depart(_ message: Record<SMS>, round: Int) throws {
        let country = message.partner?.country ?? message.env.record(Company.self, message.env.companyId).partner?.country
        guard let number = SMSNumber.international(message.number, countryCode: country?.phoneCode ?? 0) else {
            let isMissing = message.number.allSatisfy(\.isWhitespace)
            return try fail(
                message, isMissing ? .numberMissing : .numberFormat,
                isMissing ? "there is no number to send it to." : "its number is none that can be called from everywhere.")
        }
        if number != message.number { try message.write(["number": .text(number)]) }
        let key = "sms:\(message.id)" + (round > 0 ? ":\(round)" : "")
        try message.env.unit.transaction.enqueue(JobRequest(jobKind, queue: queue, payload: ["sms_id": .int(message.id)], uniqueKey: key))
    }

    /// Marks a message as not sent, and gives it an owner.
    public static func fail(_ message: Record<SMS>, _ failure: SMS.Failure, _ reason: String) throws {
        try message.write(["state": "error", "failure_type": .text(failure.rawValue), "failure_reason": .text(reason)])
        try ExceptionCase.raise(
            "sms.failed", "A text message could not be sent: \(reason)",
            remedy: "Correct the number in the message or the gateway, then use “Send again” there.", source: "sms", on: message.records,
            in: message.env)
    }

    /// A message that needs nobody any more.
    public static func settle(_ message: Record<SMS>, _ resolution: String) throws {
        try ExceptionCase.settle(message.records, resolution)
    }

    static let again = ExceptionRetry(source: "sms") { item in
        let env = item.env.asSuperuser("whoever works on an exception runs again what failed")
        guard item.recordModel == SMS.name, let message = try env.search(SMS.self, .where("id", .equal, .int(item.record)), limit: 1).first,
            message.state == .error || message.state == .canceled
        else { throw Refusal.noRetry("The message is gone, or on its way.") }
        try redrive(message)
        guard message.state == .outgoing else { throw Refusal.noRetry("Its number still cannot be called: \(message.reason)") }
        return "The text message is on its way again."
    }
}

/// Numbers that text messages go to.
enum SMSNumber {
    /// The fields in which a record has a number of its own, in the order in which they are asked.
    private static let fields = ["mobile", "phone", "partner_phone", "contact_phone", "phone_number"]

    /// The number of whom a record is about, by itself or by its contact, and the contact; an empty text when there is none.
    static func find(for record: Records) throws -> (number: String, partner: Int?) {
        guard let id = record.ids.first else { return ("", nil) }
        let partner = try partner(of: record, id)
        for name in fields {
            guard let field = record.model.field(name), [.char, .text].contains(field.kind) else { continue }
            let number = try record.value(id, field).textValue ?? ""
            if !number.isEmpty { return (number, partner?.id) }
        }
        return (partner?.phone ?? "", partner?.id)
    }

    private static func partner(of record: Records, _ id: Int) throws -> Record<Partner>? {
        if record.model.name == Partner.name { return record.env.record(Partner.self, id) }
        guard let field = record.model.field("partner_id"), field.kind.comodel == Partner.name else { return nil }
        return try record.value(id, field).idList?.first.map { record.env.record(Partner.self, $0) }
    }

    /// A number as E.164 has it; nil when it is none.
    ///
    /// - Parameter countryCode: What stands before a number that names no country; 0 when that is not known.
    static func international(_ text: String, countryCode: Int) -> String? {
        var digits = text.filter { !" -./()\u{A0}".contains($0) }
        if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
        if !digits.hasPrefix("+") {
            guard countryCode > 0 else { return nil }
            digits = "+\(countryCode)" + digits.drop { $0 == "0" }
        }
        let plain = digits.dropFirst()
        guard (7...15).contains(plain.utf8.count), plain.utf8.allSatisfy({ (0x30...0x39).contains($0) }), plain.first != "0" else {
            return nil
        }
        return digits
    }
}
