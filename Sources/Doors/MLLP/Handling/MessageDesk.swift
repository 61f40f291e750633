import Glibc
import HL7v2
import Kernel
import Referrals
import Store

/// Takes messages one at a time: stores the original, then parses, carries out, and answers.
///
/// Nothing is acknowledged before it is on disk. What is acknowledged is carried out, or kept with an exception that has an owner.
final class MessageDesk: Sendable {
    private static let recoveryBatch = 100
    /// Seconds after which a message that is not finished is taken up by another node.
    private static let leftSeconds = 60
    private static let mediaType = "application/hl7-v2"

    private let database: Database
    private let configuration: MLLPConfiguration
    private let senders: SenderDirectory
    let log: MLLPLog
    /// Whether something was postponed that nobody may send again.
    private let owesWork = Locked(false)

    init(_ database: Database, _ configuration: MLLPConfiguration, _ log: @escaping MLLPLog) throws {
        self.database = database
        self.configuration = configuration
        self.log = log
        senders = try SenderDirectory(configuration, database)
    }

    /// Takes a message; `send` is called with each answer, also with none.
    func take(_ bytes: [UInt8], from peer: String, send: ([UInt8]) -> Void) {
        let envelope = Envelope(sniffing: bytes)
        guard let user = senders.user(for: envelope) else { return refuse(bytes, .unknownSender, from: peer, send: send) }
        do {
            let actor = try database.user(user)
            let (receipt, received) = try store(bytes, envelope, peer, actor)
            if receipt.isFinished {
                try noteVariant(bytes, envelope, receipt.intakeId, peer, actor)
                log("mllp.duplicate", ["mllp.peer": peer, "mllp.intake": String(receipt.intakeId)])
                return AnswerPack.unpack(receipt.answer).forEach(send)
            }
            let item = Item(intakeId: receipt.intakeId, received: received, bytes: bytes, envelope: envelope, actor: actor)
            work(item, from: peer, send: send)
        } catch {
            postpone(error as? Refusal ?? .notNow, bytes, envelope, peer, send)
        }
    }

    /// Keeps a message, or the beginning of one, that is turned away unread, and answers so.
    func refuse(_ bytes: [UInt8], _ refusal: Refusal, from peer: String, send: ([UInt8]) -> Void) {
        let envelope = Envelope(sniffing: bytes)
        do {
            let actor = try senders.user(for: envelope).map { try database.user($0) } ?? .system
            let (receipt, received) = try store(bytes, envelope, peer, actor)
            if receipt.isFinished { return AnswerPack.unpack(receipt.answer).forEach(send) }
            let answers = AnswerWriter(headerOf: bytes, envelope, number: "B\(receipt.intakeId)", at: received)
            let answer = answers.rejection(HL7Error(refusal))
            try Carrier.fail(receipt.intakeId, refusal, AnswerPack.pack([answer]), database, actor)
            log("mllp.refused", ["mllp.peer": peer, "mllp.code": refusal.code, "mllp.intake": String(receipt.intakeId)])
            if let answer { send(answer) }
        } catch {
            postpone(error as? Refusal ?? .notNow, bytes, envelope, peer, send)
        }
    }

    /// Keeps bytes that stand in no frame; there is nobody to answer.
    func keepUnframed(_ bytes: [UInt8], from peer: String) { refuse(bytes, .unframed, from: peer) { _ in } }

    private struct Item {
        let intakeId: Int
        let received: Instant
        let bytes: [UInt8]
        let envelope: Envelope
        let actor: UserContext
    }

    /// What a stored message still needs.
    private func work(_ item: Item, from peer: String, send: ([UInt8]) -> Void) {
        let message: HL7Message
        do throws(HL7Error) {
            message = try HL7Reader().readOne(item.bytes)
            if let problem = HeaderCheck.problem(of: message, configuration) { throw problem }
        } catch {
            return reject(item, error, peer, send)
        }
        let answers = AnswerWriter(message, intake: item.intakeId, received: item.received)
        let commit = answers.commit(.accepted)
        if let commit { send(commit) }
        let carrier = Carrier(
            database: database, user: item.actor, intakeId: item.intakeId, sender: sender(item.envelope, peer), answers: answers)
        switch carrier.run(pause: { usleep($0) }) {
        case .done(let kept): if let answer = kept.dropFirst(commit == nil ? 0 : 1).first { send(answer) }
        case .refused(let answer, let refusal):
            log("mllp.refused", ["mllp.peer": peer, "mllp.code": refusal.code, "mllp.intake": String(item.intakeId)])
            if let answer { send(answer) }
        case .postponed(let refusal):
            owesWork.withLock { $0 = true }
            log("mllp.postponed", ["mllp.peer": peer, "mllp.code": refusal.code, "mllp.intake": String(item.intakeId)])
            // After a commit acknowledgement the message is ours to carry out; otherwise the sender sends it again.
            if commit == nil, let answer = answers.application(.rejected, [HL7Error(refusal)]) { send(answer) }
        }
    }

    /// Turns a stored message away that cannot be read or is not for us.
    private func reject(_ item: Item, _ problem: HL7Error, _ peer: String, _ send: ([UInt8]) -> Void) {
        let answers = AnswerWriter(headerOf: item.bytes, item.envelope, number: "B\(item.intakeId)", at: item.received)
        let answer = answers.rejection(problem)
        do {
            try Carrier.fail(item.intakeId, problem.refusal, AnswerPack.pack([answer]), database, item.actor)
            log("mllp.rejected", ["mllp.peer": peer, "mllp.code": problem.code, "mllp.intake": String(item.intakeId)])
            if let answer { send(answer) }
        } catch {
            postpone(error as? Refusal ?? .notNow, item.bytes, item.envelope, peer, send)
        }
    }

    private func store(
        _ bytes: [UInt8], _ envelope: Envelope, _ peer: String, _ actor: UserContext
    ) throws -> (IntakeDesk.Receipt, Instant) {
        let arrival = arrival(bytes, envelope, peer)
        return try database.writeBlocking(as: actor) { env in
            let receipt = try IntakeDesk.store(arrival, in: env)
            return (receipt, try IntakeDesk.standing(of: receipt.intakeId, in: env).received)
        }
    }

    private func arrival(_ bytes: [UInt8], _ envelope: Envelope, _ peer: String) -> IntakeDesk.Arrival {
        let kind = envelope.event.isEmpty ? envelope.type : envelope.type + "^" + envelope.event
        let name = [kind.isEmpty ? "HL7 v2" : kind, envelope.controlId].filter { !$0.isEmpty }.joined(separator: " ")
        return IntakeDesk.Arrival(
            channel: .hl7v2, sender: sender(envelope, peer), controlId: envelope.controlId, name: name, mediaType: Self.mediaType,
            content: bytes)
    }

    private func sender(_ envelope: Envelope, _ peer: String) -> String { envelope.sender.isEmpty ? "unknown|" + peer : envelope.sender }

    /// A control id that was used before with something else behind the header is not lost: a person looks at it.
    private func noteVariant(_ bytes: [UInt8], _ envelope: Envelope, _ intakeId: Int, _ peer: String, _ actor: UserContext) throws {
        let sender = sender(envelope, peer)
        let isOther = try database.writeBlocking(as: actor) { env in
            let known = try IntakeDesk.standing(of: intakeId, in: env).content
            guard MessageDesk.body(known) != MessageDesk.body(bytes) else { return false }
            try IntakeDesk.raiseVariant(bytes, sender: sender, of: intakeId, in: env)
            return true
        }
        if isOther { log("mllp.control_id_reused", ["mllp.peer": peer, "mllp.intake": String(intakeId)]) }
    }

    private static func body(_ bytes: [UInt8]) -> ArraySlice<UInt8> { bytes.drop { $0 != 0x0D && $0 != 0x0A } }

    /// Neither stored nor refused for good: the sender shall send it again.
    private func postpone(_ refusal: Refusal, _ bytes: [UInt8], _ envelope: Envelope, _ peer: String, _ send: ([UInt8]) -> Void) {
        log("mllp.postponed", ["mllp.peer": peer, "mllp.code": refusal.code])
        let answers = AnswerWriter(headerOf: bytes, envelope, number: "B0-\(Milliseconds.now)", at: database.clock.now)
        if let answer = answers.rejection(HL7Error(refusal.kind == .unavailable ? refusal : .notNow)) { send(answer) }
    }
}

extension MessageDesk {
    /// Carries out what was stored and never finished; what cannot be done ends as an exception.
    ///
    /// - Returns: How many messages were looked at.
    ///
    /// - Parameter seconds: Only what came so long ago: what other nodes have in hand at this moment is theirs.
    func recover(olderThan seconds: Int = 0) throws -> Int {
        let latest = database.clock.now + -seconds
        var count = 0
        var last = 0
        while true {
            let after = last
            let open = try database.readBlocking(superuser: true) { env in
                try IntakeDesk.unfinished(.hl7v2, after: after, limit: Self.recoveryBatch, in: env)
            }
            guard let end = open.last else { return count }
            last = end.intakeId
            count += open.count
            for item in open where item.received <= latest { finish(item) }
        }
    }

    private func finish(_ open: IntakeDesk.Unfinished) {
        let envelope = Envelope(sniffing: open.content)
        guard let user = senders.user(for: envelope), let actor = try? database.user(user) else { return }
        let item = Item(intakeId: open.intakeId, received: open.received, bytes: open.content, envelope: envelope, actor: actor)
        work(item, from: "recovery") { _ in }
    }

    /// The same as `recover`, if something was postponed since the last time or somebody asked for a message to be tried again.
    func recoverIfOwed() {
        let owed = owesWork.withLock { owes in
            defer { owes = false }
            return owes
        }
        let asked = try? database.readBlocking(superuser: true) { try IntakeDesk.isRetryAsked(.hl7v2, in: $0) }
        guard owed || asked == true || hasLeftBehind else { return }
        do { _ = try recover(olderThan: owed || asked == true ? 0 : Self.leftSeconds) } catch { owesWork.withLock { $0 = true } }
    }

    /// Whether a message is old that nobody has finished: the node that took it is gone.
    private var hasLeftBehind: Bool {
        if database.node.isEmpty { return false }
        let latest = database.clock.now + -Self.leftSeconds
        let oldest = try? database.readBlocking(superuser: true) { try IntakeDesk.unfinished(.hl7v2, limit: 1, in: $0).first?.received }
        return oldest.map { $0 <= latest } ?? false
    }
}
