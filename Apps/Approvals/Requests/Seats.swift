import Base
import Kernel
import Messaging
import Store

/// The seats of a request as records, and what follows when they change.
enum Seats {
    /// Makes the seats of a new round and lets the first of them decide.
    static func set(_ seating: Seating, for request: Record<Request>) throws {
        let env = request.env.asSuperuser("seats are made by the machine")
        let request = env.record(Request.self, request.id)
        for seat in request.approvers { try Notices.done(request, cause: cause(seat)) }
        try request.approvers.unlink()
        var rows: [ValueMap] = []
        for (index, step) in seating.steps.enumerated() {
            for user in step.seats {
                rows.append([
                    "request_id": .int(request.id), "user_id": .int(user), "sequence": .int(step.order), "step": .int(index),
                    "step_name": .text(step.name), "quorum": .int(step.quorum), "required": .bool(step.mandatory.contains(user)),
                    "meaning": .text(step.meaning.rawValue), "deadline_hours": .int(step.hours), "status": "waiting",
                    "origin": .text(step.origin), "escalation_user_id": step.escalation.map { .int($0) } ?? .null,
                ])
            }
        }
        try env.create(Approver.self, rows)
        try request.write([
            "round": .int(request.round + 1), "minimum": .int(seating.minimum), "question": "", "question_user_id": .null,
            "chain_sources": seating.sources.isEmpty ? .null : .json(.array(seating.sources)),
        ])
        try open(request, to: Set(seating.steps.flatMap(\.seats)))
        try refresh(request)
    }

    /// Lets people see the request: seats, and whoever stands in for them.
    static func open(_ request: Record<Request>, to users: Set<Int>) throws {
        var readers = users
        for user in users { readers.formUnion(try Delegations.standIns(for: user, request.env)) }
        if let owner = request.owner?.id { readers.insert(owner) }
        try request.write(["reader_ids": .list(readers.sorted().map { [4, .int($0)] })])
    }

    /// The chain of a request as its seats stand.
    static func chain(of request: Record<Request>) -> Chain {
        let rows = request.approvers
        let count = (rows.map(\.step).max() ?? -1) + 1
        let steps = (0..<count).map { index in
            let own = rows.filter { $0.step == index }
            return Chain.Step(
                order: own.first?.sequence ?? 0, quorum: own.first?.quorum ?? 1, seats: own.compactMap { $0.user?.id },
                mandatory: Set(own.filter(\.required).compactMap { $0.user?.id }))
        }
        let votes = rows.compactMap { row -> Chain.Vote? in
            guard row.status == .approved, let seat = row.user?.id, let actor = row.decidedBy?.id else { return nil }
            return Chain.Vote(step: row.step, seat: seat, actor: actor)
        }
        return Chain(steps, minimum: request.minimum, votes: votes)
    }

    /// Brings what waits for whom up to date, with activities and timers.
    static func refresh(_ request: Record<Request>) throws {
        let chain = chain(of: request)
        let open = Set(chain.open)
        let counted = chain.counted
        var opened: Set<Int> = []
        for row in request.approvers where row.status != .approved && row.status != .refused {
            let isFree = row.user.map { !counted.contains($0.id) } ?? false
            let next: Approver.Status =
                chain.isApproved || chain.isMet(row.step) || !isFree ? .cancel : open.contains(row.step) ? .pending : .waiting
            if row.status == next { continue }
            row.status = next
            guard let user = row.user?.id else { continue }
            if next == .pending {
                opened.insert(row.step)
                try Notices.ask(user, request, cause: cause(row), "Approve or refuse: \(request.displayedName)")
            } else {
                try Notices.done(request, cause: cause(row))
            }
        }
        for row in request.approvers where row.status == .approved { try Notices.done(request, cause: cause(row)) }
        for step in opened.sorted() { try ApprovalTimers.start(step, of: request) }
    }

    /// Nobody has to decide any more.
    static func close(_ request: Record<Request>) throws {
        for row in request.approvers {
            try Notices.done(request, cause: cause(row))
            if [.new, .pending, .waiting].contains(row.status ?? .new) { row.status = .cancel }
        }
        try Notices.done(request, cause: Questions.cause)
    }

    private static func cause(_ row: Record<Approver>) -> String { "approval.decide.\(row.user?.id ?? 0)" }
}
