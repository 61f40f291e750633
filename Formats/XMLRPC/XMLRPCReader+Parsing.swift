import XML

extension XMLRPCReader: XMLHandler {
    static func read(_ bytes: [UInt8], limits: XMLRPCLimits) throws(XMLRPCError) -> XMLRPCReader {
        let reader = XMLRPCReader(limits: limits)
        try XMLReader.read(bytes, limits: limits.xml, into: reader)
        return reader
    }

    func failure(_ fault: XMLFault) -> XMLRPCError { XMLRPCError(fault) }

    func start(_ tag: XMLTag, line: Int) throws(XMLRPCError) {
        self.line = line
        try start(tag.name)
    }

    func end(line: Int) throws(XMLRPCError) {
        self.line = line
        try end()
    }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws(XMLRPCError) {
        self.line = line
        try characters(bytes)
    }
}
