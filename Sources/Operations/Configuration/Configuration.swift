/// Every setting of the program: the one list of names, variables, defaults and secrets. Commands take the settings that they use, the
/// configuration file may hold all of them, and the reference is printed from here.
package enum Configuration {
    package static let data = CommandOption.setting("data", "DIR", "the folder of the database; made when absent")
    package static let database = CommandOption.setting(
        "database", "URL", "a PostgreSQL database instead of the folder's: postgres://user@host:port/name; the folder keeps the keys",
        secrecy: .address)
    package static let secretsKey = CommandOption.setting(
        "secrets-key", "FILE", "the keys to the database's secrets", preset: "DIR/keys/secrets.key")
    package static let backupKey = CommandOption.setting("backup-key", "FILE", "the key of backups, made by `baton backup key`")
    package static let backupPassphrase = CommandOption.setting(
        "backup-passphrase", "TEXT", "the passphrase of backups, instead of a key file; at least 15 characters", secrecy: .secret)
    package static let patroni = CommandOption.setting("patroni", "URL", "the REST address of Patroni, for `baton doctor`: http://db1:8008")

    /// Where records, keys and the configuration are.
    package static let place = [ConfigurationFile.option, data, database, secretsKey]
    package static let settings: [CommandOption] =
        [data, database, secretsKey] + serving + watching + [backupKey, backupPassphrase, patroni]

    /// The doors.
    package static let serving: [CommandOption] = [
        .setting("port", "N", "the port for HTTP; 0 takes a free one", preset: "\(ServeConfiguration.defaultPort)"),
        .setting("host", "H", "the IP address to listen on", preset: "127.0.0.1"),
        .setting("public-url", "URL", "the address as clients see it, when a proxy stands in front: https://baton.example"),
        .setting("demo", nil, "also the records of the demo hospital group", preset: "false"),
        .setting(
            "admin-password", "P", "the administrator's first password; later ones are set in the program", secrecy: .secret),
        .setting("smtp", "URL", "where mail goes: smtp://host:port or smtps://user:password@host", secrecy: .address),
        .setting("sms-gateway", "URL", "where text messages go, as signed webhooks: https://gateway.example/sms"),
        .setting("sms-secret", "KEY", "the key by which the gateway knows them: whsec_ and Base64", secrecy: .secret),
        .setting("mail-from", "ADDRESS", "the sender of mails that name none", preset: Jobs.defaultSender),
        .setting("mllp-port", "N", "the port for HL7 v2 over MLLP; 0 takes a free one; closed unless given"),
        .setting("mllp-trusted", "LIST", "addresses that may send HL7 besides this machine's: 10.1.2.3,10.1.0.0/16"),
        .setting("mllp-senders", "LIST", "who acts for which sending system: APPLICATION|FACILITY=login,…", preset: "hl7"),
        .setting("smtp-listen", "H:P", "where mails with documents come in by SMTP: 127.0.0.1:2525; closed unless given"),
        .setting("smtp-recipients", "LIST", "for whom mails are taken, and who acts for them: fax@clinic.example=login,…"),
        .setting("smtp-trusted", "LIST", "addresses that may bring mails besides this machine's: 10.1.2.3,10.1.0.0/16"),
        .setting("mailbox-seconds", "N", "seconds between two looks into the mailboxes", preset: "30"),
        .setting("tls-cert", "FILE", "the certificate chain (PEM); with --tls-key HTTP becomes HTTPS"),
        .setting("tls-key", "FILE", "the private key (PEM)"),
        .setting("watch-folder", "DIR", "takes in every document that is laid into this folder"),
        .setting("client", "DIR", "the folder of the web client, read again when it changes", preset: "the one beside the program"),
        .setting(
            "drain-seconds", "N", "seconds that /ready says no while everything is still served, when the program is asked to stop",
            preset: "0"),
    ]

    /// What is told about the program.
    package static let watching: [CommandOption] = [
        .setting("log-level", "LEVEL", "debug, info, warning or error", preset: "info"),
        .setting("metrics-port", "N", "the port for Prometheus, a listener of its own; 0 takes a free one; closed unless given"),
        .setting("metrics-host", "H", "the IP address of that port; beyond this machine a token must be set", preset: "127.0.0.1"),
        .setting(
            "metrics-token", "TEXT", "what Prometheus must send as its bearer token; at least 16 characters", secrecy: .secret),
        .setting("otlp-endpoint", "URL", "where traces go by OTLP over HTTP, as JSON: http://collector:4318"),
        .setting(
            "otlp-headers", "LIST", "headers for that address: Authorization=Bearer …,X-Scope=a", secrecy: .secret),
        .setting("trace-percent", "N", "how many of a hundred new traces are kept; a caller's own choice counts first", preset: "100"),
    ]

    /// The reference: a table in Markdown.
    package static var reference: String {
        let lines = settings.map { option -> String in
            let variables = [option.variable, option.fileVariable].compactMap { $0 }.map { "`\($0)`" }.joined(separator: ", ")
            let label = "--" + option.name + (option.value.map { " " + $0 } ?? "")
            let words = option.text.replacing("|", with: "\\|")
            return "| `\(option.name)` | `\(label)` | \(variables) | \(words) | \(option.preset.map { "`\($0)`" } ?? "") |"
        }
        return (["| in the file | command line | environment | meaning | default |", "|---|---|---|---|---|"] + lines)
            .joined(separator: "\n")
    }
}
