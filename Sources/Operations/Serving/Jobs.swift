import Approvals
import Automation
import Engine
import Exceptions
import Governance
import Kernel
import MIME
import Schedules
import ServiceLevels
import Store
import Suggestions
import Webhooks

/// The work that goes on behind the doors. A new kind of job adds its handler and its queue here.
package struct Jobs: Sendable {
    /// The sender of mails that name none, unless `--mail-from` says otherwise.
    package static let defaultSender = "baton@localhost"

    package let runner: JobRunner
    private let mail: MailSender?
    private let keeper: CronKeeper
    private let webhooks: WebhookSender
    private let texts: SMSSender?
    private let house: House
    private let leftBehind = LeftBehind()

    /// The runner with every handler; nothing runs yet.
    package init(_ house: House) throws {
        self.house = house
        // One schedule at a time in each process, as Odoo's workers do it.
        var queues = [
            ClockJobs.queue, Dispatch.queue, Escalation.queue, ApprovalTimers.queue, GovernanceJobs.queue,
            AutomationTime.queue,
        ].map { JobOptions.Queue($0, concurrency: 1) }
        var handlers =
            ClockJobs.handlers + Escalation.handlers + ApprovalTimers.handlers + GovernanceJobs.handlers + [
                CronRunner(house.database).handler, Simulation(house.database).handler, AutomationTime.handler(house.database),
                RuleFailure.handler(house.database),
            ]
        keeper = CronKeeper(house.database)
        mail = try Jobs.mailSender(house)
        if let mail {
            handlers.append(mail.handler)
            queues.append(JobOptions.Queue(MailSender.queue, concurrency: 2))
        }
        handlers += ReadingJobs(house.database, house.pages).handlers
        queues.append(JobOptions.Queue(ReadingJobs.queue, concurrency: 1))
        webhooks = WebhookSender(database: house.database)
        handlers += [webhooks.handler, IncomingDesk(house.database).handler]
        queues.append(JobOptions.Queue(WebhookSender.queue, concurrency: 4))
        // Without a gateway text messages stay where they are, as outgoing ones, and so do their jobs.
        texts = house.configuration.sms.map { SMSSender(database: house.database, gateway: $0) }
        if let texts {
            handlers.append(texts.handler)
            queues.append(JobOptions.Queue(SMSText.queue, concurrency: 2))
        }
        let (log, counts) = (house.log, house.jobCounts)
        var options = JobOptions(queues: queues)
        options.tracer = house.tracer.isKeeping ? house.tracer : nil
        if !house.database.node.isEmpty { options.owner = house.database.node }
        runner = JobRunner(
            database: house.database, handlers: handlers, options: options, onDiscard: Failures.job,
            tell: { event in
                counts.note(event)
                Jobs.note(event, log)
            })
    }

    /// Begins to work.
    package func start() {
        keeper.start()
        leftBehind.start(house)
        runner.start()
    }

    package func stop(graceSeconds: Double) async {
        keeper.stop()
        leftBehind.stop()
        await runner.stop(graceSeconds: graceSeconds)
        mail?.stop()
        webhooks.stop()
        texts?.stop()
    }

    /// Without a mail server mails stay where they are, as outgoing ones, and so do their jobs.
    private static func mailSender(_ house: House) throws -> MailSender? {
        guard let url = house.configuration.smtp else { return nil }
        guard let transport = SMTPTransport(url) else {
            throw UsageMistake("`--smtp` must be an address such as smtp://mail.example:587.")
        }
        let from = house.configuration.mailFrom ?? defaultSender
        guard let sender = MailAddress(from) else { throw UsageMistake("`--mail-from` must be a mail address; `\(from)` is none.") }
        return MailSender(
            database: house.database, transport: transport, sender: sender, onFailure: Failures.mail, onSent: Failures.mailSent)
    }

    private static func note(_ event: JobEvent, _ log: Log) {
        switch event {
        case .completed(let job): log.debug("A job is done.", ["job.id": "\(job.id)", "job.kind": job.kind])
        case .failed(let job, let state, let reason):
            log.warning("A job failed.", ["job.id": "\(job.id)", "job.kind": job.kind, "job.state": state.rawValue, "job.reason": reason])
        case .leaseLost(let job): log.warning("A job's lease was lost.", ["job.id": "\(job.id)", "job.kind": job.kind])
        case .reaped(let count): log.warning("Jobs of silent workers went back to their queues.", ["job.count": "\(count)"])
        case .unavailable(let reason): log.error("The job queues could not be asked.", ["job.reason": reason])
        }
    }
}
