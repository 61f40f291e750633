import Base
import Crypto
import Exceptions
import Foundation
import JSON
import Kernel
import MailParts
import Pages
import Referrals

/// The desk for mails that bring documents: the original is stored first, then taken apart, then each document goes its way.
public enum MailDesk {
    /// The largest mail, in bytes.
    public static let mailBytes = MailLimits.standard.bytes
    private static let mediaType = "message/rfc822"
    /// Pictures within the text that are smaller are logos and lines, in bytes.
    private static let pictureBytes = 30_000

    // MARK: - Storing

    /// Stores a mail as it came; the same Message-ID or content of the same sender, for the same desk, is known again.
    ///
    /// - Parameter desk: For whom it came, where a mail may come for several; empty otherwise.
    /// - Throws: `mail.too_large`, `access.*`.
    public static func store(_ bytes: [UInt8], for desk: String = "", in env: Environment) throws -> IntakeDesk.Receipt {
        guard bytes.count <= mailBytes else { throw Refusal(.tooLarge) }
        let head = MailHead(bytes)
        var number = head.messageId
        if !desk.isEmpty { number = "\(number.isEmpty ? SHA256.hash(bytes).hex : number) for \(desk)" }
        return try IntakeDesk.store(
            IntakeDesk.Arrival(
                channel: .email, sender: head.from, controlId: number,
                name: "Mail from \(head.from.isEmpty ? "nobody" : head.from)",
                mediaType: mediaType, content: bytes),
            in: env)
    }

    // MARK: - Taking apart

    /// What a mail brings, as the desk understands it.
    public struct Contents: Sendable {
        struct File: Sendable {
            let name: String
            let bytes: [UInt8]
        }

        var files: [File] = []
        /// Attachments that are no documents.
        var unknown = 0
        /// Who sent a fax, where the mail says so: `+12185550142`.
        var caller = ""
    }

    /// Takes a stored mail apart; outside any unit of work, because it may take its time.
    public static func contents(_ bytes: [UInt8]) -> Result<Contents, Refusal> {
        do throws(MailProblem) {
            let mail = try IncomingMail(bytes)
            var contents = Contents()
            contents.caller = CallerNumber.find(in: mail.subject)
            var pictures: [Contents.File] = []
            for (place, part) in mail.parts.enumerated() {
                let file = Contents.File(name: part.name.isEmpty ? "mail-part-\(place + 1)" : part.name, bytes: part.bytes)
                switch sort(part) {
                case .document: contents.files.append(file)
                case .picture: pictures.append(file)
                case .unknown: contents.unknown += 1
                }
            }
            if contents.files.isEmpty { contents.files = pictures }
            return .success(contents)
        } catch { return .failure(Refusal(error)) }
    }

    private enum Sort { case document, picture, unknown }

    /// What is or claims to be a document goes on, so that a broken one is refused with its reason.
    private static func sort(_ part: IncomingMail.Part) -> Sort {
        let isDocument = DocumentKind(magicOf: part.bytes) != nil
        let endings = [".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg"]
        let claims =
            part.mediaType == "application/pdf" || part.mediaType == "image/tiff"
            || endings.contains { part.name.lowercased().hasSuffix($0) }
        guard isDocument || claims else { return .unknown }
        let isPicture = part.mediaType.hasPrefix("image/") && part.mediaType != "image/tiff"
        return part.isInline && isPicture && part.bytes.count < pictureBytes ? .picture : .document
    }

    // MARK: - Keeping

    /// Makes documents of what a stored mail brings, or keeps why there are none; a mail that was carried out stays as it is.
    public static func keep(_ outcome: Result<Contents, Refusal>, of intakeId: Int, in env: Environment) throws {
        guard try !IntakeDesk.standing(of: intakeId, in: env).isFinished else { return }
        let own = env.asSuperuser("originals are kept by the machine")
        let intake = own.record(Intake.self, intakeId)
        switch outcome {
        case .failure(let refusal): return try IntakeDesk.fail(refusal, intake: intakeId, in: env)
        case .success(let contents) where contents.files.isEmpty:
            return try IntakeDesk.fail(Refusal.noDocuments(), intake: intakeId, in: env)
        case .success(let contents):
            let key = intake.controlId.isEmpty ? intake.digest : intake.controlId
            for (place, file) in contents.files.enumerated() {
                var arrival = DocumentDesk.Arrival(
                    sender: contents.caller.isEmpty ? intake.sender : contents.caller, name: String(file.name.prefix(200)),
                    bytes: file.bytes)
                arrival.channel = contents.caller.isEmpty ? .email : .fax
                arrival.controlId = "\(key)#\(place + 1)"
                _ = try DocumentDesk.store(arrival, in: env)
            }
            try IntakeDesk.finish(intakeId, in: env)
            guard contents.unknown > 0 else { return }
            try ExceptionCase.raise(
                "mail.unknown_attachment", "A mail brought attachments that are no documents",
                remedy: "Look at the original. Ask the sender for PDF, TIFF, PNG or JPEG where something is missing.",
                source: "intake.mail", on: intake.records, in: own)
        }
    }

    /// Mails are taken apart again from their stored originals.
    static let retry = ExceptionRetry(source: "intake." + Channel.email.rawValue) { item in
        let own = item.env.asSuperuser("originals are kept by the machine")
        guard item.recordModel == Intake.name, let intake = try own.search(Intake.self, .where("id", .equal, .int(item.record))).first,
            intake.state == .failed, intake.mediaType == mediaType
        else { throw Refusal.noMail() }
        try intake.write(["state": "received", "retry_on": .instant(own.now)])
        return "Original \(intake.id) is read again."
    }

    /// A mail that was stored and not finished.
    public struct Unfinished: Sendable {
        /// The original's id.
        public let intakeId: Int
        /// The original.
        public let content: [UInt8]
        /// Where it came.
        public let site: Int?
    }

    /// Stored mails that nobody finished, and those that somebody asked to be read again; the oldest first.
    ///
    /// - Parameter seconds: How long they have been waiting at least: younger ones are in somebody's hands.
    public static func unfinished(olderThan seconds: Int, limit: Int, in env: Environment) throws -> [Unfinished] {
        let own = env.asSuperuser("originals are kept by the machine")
        let left = Domain.where("received_on", .lessOrEqual, .instant(env.now - seconds)) | .where("retry_on", .notEqual, .null)
        let open = Domain.where("mimetype", .equal, .text(mediaType)) & .where("state", .equal, "received") & left
        return try own.search(Intake.self, open, order: "id", limit: limit).map {
            Unfinished(intakeId: $0.id, content: $0.content, site: $0.company?.id)
        }
    }
}

/// The number of a fax's sender in the subject of a gateway's mail.
enum CallerNumber {
    /// Words after which gateways write it.
    private static let words = ["from", "caller", "callerid", "cid", "remote", "sender"]

    /// `+1` and ten digits; empty where none is named.
    static func find(in subject: String) -> String {
        let lowered = subject.lowercased()
        guard lowered.contains("fax"), let word = words.compactMap({ lowered.range(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound })
        else { return "" }
        var digits = ""
        var lastWasDigit = false
        for character in lowered[word.upperBound...].prefix(40) {
            let isWhole = digits.count == (digits.hasPrefix("1") ? 11 : 10)
            if character.isASCII, character.isNumber {
                // More digits than a number has are something else.
                if isWhole, lastWasDigit { return "" }
                if isWhole { break }
                digits.append(character)
                lastWasDigit = true
            } else {
                if isWhole || (!digits.isEmpty && !" +-().:#,\"'[]".contains(character)) { break }
                lastWasDigit = false
            }
        }
        if digits.count == 11, digits.hasPrefix("1") { return "+" + digits }
        return digits.count == 10 ? "+1" + digits : ""
    }
}

extension Refusal {
    /// Why a mail is not taken apart.
    init(_ problem: MailProblem) {
        self.init(problem.rawValue, .validation, problem.sentence, instruction: problem.instruction)
    }

    static func noDocuments() -> Refusal {
        Refusal(
            "mail.no_document", .validation, "The mail brings no document.",
            instruction: "Read the original. Answer the sender, or ask for the document as PDF, TIFF, PNG or JPEG.")
    }

    static func noMail() -> Refusal {
        Refusal("mail.not_failed", .conflict, "The original is gone, or was carried out.", instruction: "Look for what was made of it.")
    }
}
