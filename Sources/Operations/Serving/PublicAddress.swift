import Base
import Kernel

/// Where browsers find this house, kept as the parameter `web.base.url`, so that mails written by jobs can lead there.
enum PublicAddress {
    private static let key = "web.base.url"

    /// Writes what `--public-url` says, where it says something new; without it the parameter stays as it is.
    static func keep(_ house: House) async throws {
        guard let url = house.configuration.publicURL else { return }
        try await house.database.write(as: .system, superuser: true) { env in
            let known = try env.search(Parameter.self, .where("key", .equal, .text(key)), limit: 1)
            if let parameter = known.first {
                if parameter.content != url { try parameter.write(["value": .text(url)]) }
            } else {
                try env.create(Parameter.self, ["key": .text(key), "value": .text(url)])
            }
        }
    }
}
