import DMN

/// Reads any bytes as DMN and as CSV; what is accepted must be written and read back as the same value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    if let document = try? DMNDocument(parsing: bytes), let written = try? document.serialized() {
        guard let again = try? DMNDocument(parsing: written) else { fatalError("what is written is not read") }
        guard again.decisions.map(\.table.rules.count) == document.decisions.map(\.table.rules.count) else { fatalError("rules were lost") }
        guard (try? again.serialized()) == written else { fatalError("a document changes when it is read again") }
    }
    if let table = try? DMNCSV.table(parsing: bytes) {
        let written = DMNCSV.text(table)
        guard let again = try? DMNCSV.table(parsing: Array(written.utf8)), DMNCSV.text(again) == written else {
            fatalError("a table does not read back")
        }
    }
    return 0
}
