import HTTPServer
import Kernel
import XMLRPC

/// `POST /xmlrpc/2/{service}` with numbers as fault codes, and `POST /xmlrpc/{service}` with texts.
struct XMLRPCRoute: Sendable {
    let door: RPCDoor

    func add(to router: inout Router) {
        let (route, limit) = (self, door.configuration.limits.bodyBytes)
        router.on(.post, "/xmlrpc/2/{service}", bodyLimit: limit) { await route.answer($0, numbers: true) }
        router.on(.post, "/xmlrpc/{service}", bodyLimit: limit) { await route.answer($0, numbers: false) }
    }

    private func answer(_ request: HTTPRequest, numbers: Bool) async -> HTTPResponse {
        let service = request.parameters["service"] ?? ""
        guard ["common", "object", "db"].contains(service) else { return .text("There is no service of this name.", status: 404) }
        let limits = XMLRPCLimits(maxDepth: door.configuration.limits.depth, maxBytes: door.configuration.limits.bodyBytes)
        let call: XMLRPCCall
        do { call = try XMLRPCCall(parsing: request.body, limits: limits) } catch {
            return door.unreadable(Unreadable(refusal: .unreadableXML(error.what)), request)
        }
        let program = Program(request)
        let services = Services(door: door, program: program)
        do {
            let arguments = call.parameters.map { Value($0) }
            let value = try await services.call(service, call.method, arguments) { try XMLRPCValue($0) }
            return XMLRPCRoute.response(.value(value))
        } catch {
            let failure = door.failure(error, call: "xmlrpc.\(service).\(call.method)", from: program)
            return XMLRPCRoute.response(.fault(numbers ? XMLRPCRoute.fault(failure) : XMLRPCRoute.oldFault(failure)))
        }
    }

    private static func fault(_ failure: RPCFailure) -> XMLRPCFault {
        XMLRPCFault(code: .int(Int64(failure.faultCode)), message: failure.message + "\n" + failure.advice)
    }

    /// The first version's form: the sentence stands in the code.
    private static func oldFault(_ failure: RPCFailure) -> XMLRPCFault {
        let kind = failure.name.split(separator: ".").last.map(String.init) ?? failure.name
        switch failure.faultCode {
        case 2, 4: return XMLRPCFault(code: .string("warning -- \(kind)\n\n\(failure.message)"), message: failure.advice)
        case 3: return XMLRPCFault(code: .string("AccessDenied"), message: failure.message)
        default: return XMLRPCFault(code: .string(failure.message), message: failure.name)
        }
    }

    private static func response(_ response: XMLRPCResponse) -> HTTPResponse {
        HTTPResponse(headers: ["Content-Type": "text/xml; charset=utf-8"], body: response.serialized())
    }
}
