import HTTPServer
import MLLPDoor

/// What `baton serve` may be told: the one list of its options, environment variables and defaults.
struct ServeConfiguration: Sendable {
    static let data = CommandOption("data", "DIR", "the folder of the database; made when absent", variable: "BATON_DATA")
    static let database = CommandOption(
        "database", "URL", "a PostgreSQL database instead of the folder's: postgres://user@host:port/name; the folder keeps the keys",
        variable: "BATON_DATABASE")
    static let secretsKey = CommandOption(
        "secrets-key", "FILE", "the keys to the database's secrets; default DIR/keys/secrets.key", variable: "BATON_SECRETS_KEY")
    static let logLevel = CommandOption("log-level", "LEVEL", "debug, info, warning or error; default info", variable: "BATON_LOG_LEVEL")

    static let client = CommandOption(
        "client", "DIR", "the folder of the web client, read again when it changes; by default the one beside the program",
        variable: "BATON_CLIENT")

    static let options = [
        data,
        database,
        CommandOption("port", "N", "the port for HTTP; 0 takes a free one; default \(defaultPort)", variable: "BATON_PORT"),
        CommandOption("host", "H", "the IP address to listen on; default 127.0.0.1", variable: "BATON_HOST"),
        CommandOption(
            "public-url", "URL", "the address as clients see it, when a proxy stands in front: https://baton.example",
            variable: "BATON_PUBLIC_URL"),
        CommandOption("demo", nil, "also the records of the demo hospital group", variable: "BATON_DEMO"),
        CommandOption(
            "admin-password", "P", "the administrator's first password; later ones are set in the program", variable: "BATON_ADMIN_PASSWORD"
        ),
        CommandOption("smtp", "URL", "where mail goes: smtp://host:port or smtps://user:password@host", variable: "BATON_SMTP"),
        CommandOption("mail-from", "ADDRESS", "the sender of mails that name none", variable: "BATON_MAIL_FROM"),
        CommandOption(
            "mllp-port", "N", "the port for HL7 v2 over MLLP; 0 takes a free one; closed by default", variable: "BATON_MLLP_PORT"),
        CommandOption(
            "mllp-trusted", "LIST", "addresses that may send HL7 besides this machine's: 10.1.2.3,10.1.0.0/16",
            variable: "BATON_MLLP_TRUSTED"),
        CommandOption(
            "mllp-senders", "LIST", "who acts for which sending system: APPLICATION|FACILITY=login,…; default hl7",
            variable: "BATON_MLLP_SENDERS"),
        CommandOption("tls-cert", "FILE", "the certificate chain (PEM); with --tls-key HTTP becomes HTTPS", variable: "BATON_TLS_CERT"),
        CommandOption("tls-key", "FILE", "the private key (PEM)", variable: "BATON_TLS_KEY"),
        secretsKey,
        CommandOption("watch-folder", "DIR", "takes in every document that is laid into this folder", variable: "BATON_WATCH_FOLDER"),
        client,
        logLevel,
    ]
    static let defaultPort = 8069
    private static let ports = 0...65_535

    let data: String
    let folder: DataFolder
    let host: String
    let port: Int
    /// Without a slash at its end.
    let publicURL: String?
    let isDemo: Bool
    let adminPassword: String?
    let smtp: String?
    let mailFrom: String?
    let mllpPort: Int?
    let mllpTrusted: [String]
    let mllpSenders: [MLLPSender]
    let tls: HTTPServerConfiguration.TLS?
    let watchFolder: String?
    /// The folder of the web client that was named; nil looks beside the program.
    let clientFolder: String?
    let secretsKey: String?
    let logLevel: Log.Level

    /// Reads and checks the options.
    init(_ arguments: Arguments) throws {
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
        mllpPort = try arguments.number("mllp-port", in: Self.ports)
        mllpTrusted = arguments.list("mllp-trusted")
        mllpSenders = try arguments.list("mllp-senders").map { text in
            guard let sender = MLLPSender(text) else {
                throw UsageMistake("`\(text)` in `--mllp-senders` is not APPLICATION|FACILITY=login.")
            }
            return sender
        }
        watchFolder = arguments.text("watch-folder")
        clientFolder = arguments.text("client")
        secretsKey = arguments.text("secrets-key")
        logLevel = try arguments.choice("log-level", Log.Level.self) ?? .info
        switch (arguments.text("tls-cert"), arguments.text("tls-key")) {
        case (nil, nil): tls = nil
        case (let certificate?, let key?): tls = HTTPServerConfiguration.TLS(certificatePath: certificate, keyPath: key)
        default: throw UsageMistake("`--tls-cert` and `--tls-key` belong together; give both or none.")
        }
    }

    /// Whether browsers reach this over TLS, so that cookies may be kept to it.
    var hasSecureAddress: Bool { tls != nil || publicURL?.hasPrefix("https://") == true }

    /// The configuration of the HTTP server.
    var http: HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration(host: host, port: port)
        configuration.tls = tls
        return configuration
    }
}
