import Kernel

/// Reads any text as a domain of a record rule; what is accepted must survive its own wire form, and resolve or be refused on a model.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    let user = UserContext(id: 7, login: "l", name: "n", partnerId: 3, companyId: 1, companyIds: [1, 2], groups: [], groupIds: [4])
    let names = DomainNames(user: user, now: Instant(Day(2026, 11, 20)))
    let read = DomainText(text)
    _ = read.names
    guard let domain = try? read.domain(names) else { return 0 }
    if read.problem != nil { fatalError("a text with a problem has a domain") }
    guard let again = try? Domain.parse(domain.value) else { fatalError("a domain's own form is refused") }
    if again.value != domain.value { fatalError("a domain's own form reads back otherwise") }
    return 0
}
