import Automation
import Base
import DocumentDoor
import Engine
import Exceptions
import Kernel
import Pages
import PortalDoor
import Scripts
import Store
import WebhookDoor
import Webhooks

/// What stands behind the doors, and the doors that are more than routes.
package struct House: Sendable {
    package let database: Database
    package let configuration: ServeConfiguration
    package let log: Log
    package let health: Health
    /// Tells who calls; one for all doors, so that what one verified the others know.
    package let authenticator: Authenticator
    /// Looks at documents; one for all doors, because it counts the processes in which documents are read.
    package let pages: PageService
    /// Counts who calls without being known; one for all doors.
    package let attempts: AttemptLog
    package let webhooks: WebhookDoor
    package let documents: DocumentDoor
    package let portal: PortalDoor
    /// Runs the scripts of rules and actions in processes of their own.
    package let scripts: ScriptPool
    package let requests = RequestCounts()
    package let jobCounts = JobCounts()
    package let ruleCounts: RuleCounts
    /// Carries traces away, where a collector is named.
    package let exporter: TraceExporter?
    /// Names requests and begins spans, also where nobody keeps them.
    package let tracer: Tracer

    package init(_ database: Database, _ configuration: ServeConfiguration, _ log: Log) throws {
        self.database = database
        self.configuration = configuration
        self.log = log
        health = Health(database, folder: configuration.folder.database == nil ? configuration.folder.path : nil)
        ruleCounts = RuleCounts.of(database.appMemory)
        let exporter = configuration.tracing?.exporter
        self.exporter = exporter
        let percent = configuration.tracing?.percent ?? 0
        tracer = if let exporter { Tracer(percent: percent, sink: { exporter.take($0) }) } else { Tracer(percent: percent) }
        authenticator = Authenticator(database: database)
        // One for all doors, because it counts the processes in which documents are read.
        pages = PageService(executable: ProgramFile.path)
        PictureDesk.use(PagePictures(executable: ProgramFile.path), for: database.appMemory)
        attempts = AttemptLog(database: database)
        webhooks = WebhookDoor(database: database)
        scripts = ScriptPool(executable: ProgramFile.path)
        AutomationScripts.use(scripts, for: database.appMemory)
        RuleFailure.watch(database)
        OutgoingCall.carry(for: database.appMemory) { call, env in
            let record = try env.records(call.model, [call.id])
            try Webhooks.enqueue(url: call.url, payload: call.payload, event: "automation.action", about: record, env: env)
        }
        // The same on every node, so that a page given out by one may be sent to another.
        let formKey = Secrets.derived(for: "forms", database.appMemory)?.bytes
        var documents = DocumentDoorConfiguration()
        documents.watchFolder = configuration.watchFolder
        documents.formKey = formKey
        documents.secureCookies = configuration.hasSecureAddress
        self.documents = try DocumentDoor(database: database, authenticator: authenticator, pages: pages, configuration: documents)
        var portal = PortalConfiguration()
        portal.formKey = formKey
        portal.secureCookies = configuration.hasSecureAddress
        self.portal = try PortalDoor(database: database, pages: pages, configuration: portal)
    }
}
