import Kernel

/// The version of Odoo's API that this door speaks.
enum ServerVersion {
    static let version = "19.0"

    private static let parts: Value = [19, 0, 0, "final", 0, ""]

    /// What `common.version` and the web client's version call answer.
    static let value: Value = .map([
        "server_version": .text(version), "server_version_info": parts, "server_serie": .text(version), "protocol_version": 1,
    ])

    /// What `/web/version` answers.
    static let web: Value = .map(["version_info": parts, "version": .text(version)])
}
