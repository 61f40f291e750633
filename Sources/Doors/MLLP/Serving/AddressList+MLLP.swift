import HTTPServer
import Kernel

extension AddressList {
    /// - Throws: `mllp.bad_network`.
    init(_ texts: [String]) throws {
        guard let list = AddressList(networks: texts) else {
            throw Refusal.badNetwork(texts.first { AddressList(networks: [$0]) == nil } ?? "")
        }
        self = list
    }
}

extension Refusal {
    static func badNetwork(_ text: String) -> Refusal {
        Refusal(
            "mllp.bad_network", .invalid, "'\(text)' is no IP address or network.",
            instruction: "Write an address such as 10.1.2.3, or a network such as 10.1.0.0/16.")
    }
}
