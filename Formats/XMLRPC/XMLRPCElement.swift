/// The elements of XML-RPC by their names on the wire.
enum XMLRPCElement: String {
    case methodCall, methodName, methodResponse, fault, params, param, value
    case array, data
    case structure = "struct"
    case member, name
    case int, i4, i8, boolean, string, double, base64
    case dateTime = "dateTime.iso8601"
    case null = "nil"

    /// Whether the element may stand in that one, or at the top when there is none.
    func mayStand(in parent: XMLRPCElement?) -> Bool {
        switch self {
        case .methodCall, .methodResponse: parent == nil
        case .methodName: parent == .methodCall
        case .params: parent == .methodCall || parent == .methodResponse
        case .param: parent == .params
        case .fault: parent == .methodResponse
        case .value: parent == .param || parent == .fault || parent == .data || parent == .member
        case .member: parent == .structure
        case .name: parent == .member
        case .data: parent == .array
        default: parent == .value
        }
    }

    /// Whether text in the element means something.
    var holdsText: Bool {
        switch self {
        case .methodName, .name, .value, .int, .i4, .i8, .boolean, .string, .double, .base64, .dateTime: true
        default: false
        }
    }
}
