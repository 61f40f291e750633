import XMLRPC

/// Reads any bytes as XML-RPC; what is accepted must read back as the same message once it was written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    if let call = try? XMLRPCCall(parsing: bytes) {
        guard let again = try? XMLRPCCall(parsing: call.serialized()), again == call else { fatalError("a call reads back otherwise") }
    }
    if let response = try? XMLRPCResponse(parsing: bytes) {
        guard let again = try? XMLRPCResponse(parsing: response.serialized()), again == response else {
            fatalError("a response reads back otherwise")
        }
    }
    return 0
}
