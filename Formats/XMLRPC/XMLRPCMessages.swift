/// A call of a method: its name and its arguments.
public struct XMLRPCCall: Sendable, Hashable {
    /// The method's name, not empty.
    public var method: String
    /// The arguments in order.
    public var parameters: [XMLRPCValue]

    /// A call from its two halves.
    public init(method: String, parameters: [XMLRPCValue]) {
        self.method = method
        self.parameters = parameters
    }

    /// Reads a `methodCall`.
    ///
    /// - Parameters:
    ///   - bytes: XML in UTF-8; a declared encoding is not followed. Any document type declaration is refused.
    ///   - limits: What is refused although it is correct.
    /// - Throws: `xmlrpc.empty`, `xmlrpc.too_large`, `xmlrpc.too_deep`, `xmlrpc.doctype`, `xmlrpc.syntax`,
    ///   `xmlrpc.unexpected`, `xmlrpc.bad_value`.
    public init(parsing bytes: [UInt8], limits: XMLRPCLimits = .default) throws(XMLRPCError) {
        let reader = try XMLRPCReader.read(bytes, limits: limits)
        guard reader.root == .methodCall, let method = reader.methodName, !method.isEmpty else {
            throw .unexpected("The text is no method call. Send a `methodCall` with a `methodName`.", line: 1)
        }
        self.init(method: method, parameters: reader.parameters)
    }

    /// The call as XML in UTF-8.
    public func serialized() -> [UInt8] {
        var writer = XMLRPCWriter()
        writer.literal("<methodCall><methodName>")
        writer.text(method)
        writer.literal("</methodName><params>")
        for parameter in parameters { writer.parameter(parameter) }
        writer.literal("</params></methodCall>\n")
        return writer.bytes
    }
}

/// Why a call failed, as told to its caller.
public struct XMLRPCFault: Error, Sendable, Hashable {
    /// A number after the specification; some servers send a string.
    public var code: XMLRPCValue
    /// The sentence for the caller.
    public var message: String

    /// A fault from its two halves.
    public init(code: XMLRPCValue, message: String) {
        self.code = code
        self.message = message
    }
}

/// The answer to a call: a value or a fault.
public enum XMLRPCResponse: Sendable, Hashable {
    case value(XMLRPCValue)
    case fault(XMLRPCFault)

    /// Reads a `methodResponse`; limits and errors are those of ``XMLRPCCall/init(parsing:limits:)``.
    public init(parsing bytes: [UInt8], limits: XMLRPCLimits = .default) throws(XMLRPCError) {
        let reader = try XMLRPCReader.read(bytes, limits: limits)
        guard reader.root == .methodResponse else {
            throw .unexpected("The text is no method response. Send a `methodResponse`.", line: 1)
        }
        if let fault = reader.fault, reader.parameters.isEmpty {
            self = .fault(try XMLRPCResponse.fault(from: fault))
        } else if let value = reader.parameters.first, reader.parameters.count == 1, reader.fault == nil {
            self = .value(value)
        } else {
            throw .unexpected("A method response must hold one parameter or one fault.", line: 1)
        }
    }

    private static func fault(from value: XMLRPCValue) throws(XMLRPCError) -> XMLRPCFault {
        guard case .structure(let members) = value, let code = members["faultCode"],
            case .string(let message)? = members["faultString"]
        else { throw .unexpected("A fault must be a struct of `faultCode` and `faultString`.", line: 1) }
        return XMLRPCFault(code: code, message: message)
    }

    /// The response as XML in UTF-8.
    public func serialized() -> [UInt8] {
        var writer = XMLRPCWriter()
        writer.literal("<methodResponse>")
        switch self {
        case .value(let value):
            writer.literal("<params>")
            writer.parameter(value)
            writer.literal("</params>")
        case .fault(let fault):
            writer.literal("<fault>")
            writer.value(.structure(["faultCode": fault.code, "faultString": .string(fault.message)]))
            writer.literal("</fault>")
        }
        writer.literal("</methodResponse>\n")
        return writer.bytes
    }
}
