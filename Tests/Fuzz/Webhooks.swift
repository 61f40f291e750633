import Engine
import Kernel

private let key = WebhookSecret("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
private let other = WebhookSecret("whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4")
private let now = Instant(seconds: 1_800_000_000)

/// Reads any bytes as a message's id, time, signatures and body, a line each: what we signed is believed exactly when it has its form and is in
/// time, nothing else is, and keys and addresses read back as they were written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let parts = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    let body = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3).first.map(Array.init) ?? []
    func part(_ number: Int) -> String? { parts.count > number ? parts[number] : nil }
    if believes(part(0), part(1), part(2), body) { fatalError("a message is believed that nobody signed") }
    check(part(0) ?? "", part(1) ?? "", part(2) ?? "", body)
    for text in parts { read(text) }
    return 0
}

private func believes(_ id: String?, _ time: String?, _ signature: String?, _ body: [UInt8]) -> Bool {
    guard let key, let other else { fatalError("the keys are none") }
    do throws(StandardWebhook.Doubt) {
        try StandardWebhook.check(id: id, timestamp: time, signature: signature, body: body, secrets: [other, key], now: now)
        return true
    } catch { return false }
}

private func check(_ id: String, _ time: String, _ before: String, _ body: [UInt8]) {
    guard let key, let seconds = Int(time) else { return }
    let ours = StandardWebhook.signature(id: id, seconds: seconds, body: body, secrets: [key])
    let hasForm = (1...256).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2E }
    let isTimely = String(seconds) == time && seconds >= 0 && abs(now.seconds - seconds) <= StandardWebhook.toleranceSeconds
    let isSeen = before.split(separator: " ").count < 10
    if believes(id, time, before + " " + ours, body) != (hasForm && isTimely && isSeen) { fatalError("a signature is judged otherwise") }
    if believes(id, time, ours, body + [0]) || believes(id + "x", time, ours, body) { fatalError("a signature fits something else") }
    if isTimely, believes(id, String(seconds + 1), ours, body) { fatalError("a signature fits another time") }
}

private func read(_ text: String) {
    if let secret = WebhookSecret(text), WebhookSecret(secret.text) != secret { fatalError("a key reads back otherwise") }
    if let target = try? WebhookTarget(text), target.url != text || target.host.isEmpty { fatalError("an address is another one") }
    if let network = IPNetwork(text), let base = IPAddress(String(text.prefix { $0 != "/" })), !network.contains(base) {
        fatalError("a network does not hold its own address")
    }
    _ = IPNetwork.list(text)
}
