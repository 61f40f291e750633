import HTTPServer
import MailDoor
import MLLPDoor
import Webhooks

/// What `baton serve` is told, read and checked. The names, variables and defaults stand in `Configuration`.
package struct ServeConfiguration: Sendable {
    package static let options = Configuration.place + Configuration.serving + Configuration.watching
    package static let defaultPort = 8069
    private static let ports = 0...65_535

    package let data: String
    package let folder: DataFolder
    package let host: String
    package let port: Int
    /// Without a slash at its end.
    package let publicURL: String?
    package let isDemo: Bool
    package let adminPassword: String?
    package let smtp: String?
    package let mailFrom: String?
    package let sms: SMSGateway?
    package let mllpPort: Int?
    package let mllpTrusted: [String]
    package let mllpSenders: [MLLPSender]
    /// The door for mails, without TLS.
    package let smtpDoor: SMTPConfiguration?
    package let mailboxSeconds: Int
    package let tls: HTTPServerConfiguration.TLS?
    package let watchFolder: String?
    /// The folder of the web client that was named; nil looks beside the program.
    package let clientFolder: String?
    package let secretsKey: String?
    package let logLevel: Log.Level
    /// Seconds between the wish to stop and the doors' closing.
    package let drainSeconds: Int
    package let metrics: MetricsAccess?
    package let tracing: TracingConfiguration?

    /// Reads and checks the options.
    package init(_ arguments: Arguments) throws {
        data = try arguments.required("data")
        folder = try DataFolder(arguments)
        host = arguments.text("host") ?? "127.0.0.1"
        port = try arguments.number("port", in: Self.ports) ?? Self.defaultPort
        publicURL = try arguments.text("public-url").map { text in
            guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
                throw UsageMistake("`\(text)` is no value for `--public-url`: it must begin with http:// or https://.")
            }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
        isDemo = arguments.has("demo")
        adminPassword = arguments.text("admin-password")
        smtp = arguments.text("smtp")
        mailFrom = arguments.text("mail-from")
        sms = try Self.gateway(arguments.text("sms-gateway"), arguments.text("sms-secret"))
        mllpPort = try arguments.number("mllp-port", in: Self.ports)
        mllpTrusted = arguments.list("mllp-trusted")
        mllpSenders = try arguments.list("mllp-senders").map { text in
            guard let sender = MLLPSender(text) else {
                throw UsageMistake("`\(text)` in `--mllp-senders` is not APPLICATION|FACILITY=login.")
            }
            return sender
        }
        smtpDoor = try Self.smtpDoor(arguments)
        mailboxSeconds = try arguments.number("mailbox-seconds", in: 1...86_400) ?? 30
        watchFolder = arguments.text("watch-folder")
        clientFolder = arguments.text("client")
        secretsKey = arguments.text("secrets-key")
        logLevel = try arguments.choice("log-level", Log.Level.self) ?? .info
        drainSeconds = try arguments.number("drain-seconds", in: 0...600) ?? 0
        metrics = try MetricsAccess(arguments)
        tracing = try TracingConfiguration(arguments)
        switch (arguments.text("tls-cert"), arguments.text("tls-key")) {
        case (nil, nil): tls = nil
        case (let certificate?, let key?): tls = HTTPServerConfiguration.TLS(certificatePath: certificate, keyPath: key)
        default: throw UsageMistake("`--tls-cert` and `--tls-key` belong together; give both or none.")
        }
    }

    private static func smtpDoor(_ arguments: Arguments) throws -> SMTPConfiguration? {
        guard let place = arguments.text("smtp-listen") else { return nil }
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let port = parts.last.flatMap({ Int($0) }), ports.contains(port) else {
            throw UsageMistake("`\(place)` is no value for `--smtp-listen`: write an IP address and a port, such as 127.0.0.1:2525.")
        }
        let recipients = try arguments.list("smtp-recipients").map { text in
            guard let recipient = SMTPConfiguration.Recipient(text) else {
                throw UsageMistake("`\(text)` in `--smtp-recipients` is not address=login.")
            }
            return recipient
        }
        guard !recipients.isEmpty else { throw UsageMistake("`--smtp-listen` needs `--smtp-recipients`: name for whom mails are taken.") }
        let host = parts.dropLast().joined(separator: ":").filter { $0 != "[" && $0 != "]" }
        var configuration = SMTPConfiguration(host: host, port: port, recipients: recipients)
        configuration.trusted = arguments.list("smtp-trusted")
        return configuration
    }

    private static func gateway(_ url: String?, _ secret: String?) throws -> SMSGateway? {
        switch (url, secret) {
        case (nil, nil): return nil
        case (let url?, let secret?):
            guard url.hasPrefix("https://") || url.hasPrefix("http://"), let gateway = SMSGateway(url: url, secret: secret) else {
                throw UsageMistake("`--sms-gateway` must be an address such as https://gateway.example/sms, and its key whsec_ and Base64.")
            }
            return gateway
        default: throw UsageMistake("`--sms-gateway` and `--sms-secret` belong together; give both or none.")
        }
    }

    /// Whether browsers reach this over TLS, so that cookies may be kept to it.
    package var hasSecureAddress: Bool { tls != nil || publicURL?.hasPrefix("https://") == true }

    /// The configuration of the HTTP server.
    package var http: HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration(host: host, port: port)
        configuration.tls = tls
        return configuration
    }
}
