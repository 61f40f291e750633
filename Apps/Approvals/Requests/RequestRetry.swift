import Base
import Exceptions
import Kernel

/// Finding people again for requests that nobody could decide.
enum RequestRetry {
    static let again = ExceptionRetry(source: "approvals") { item in
        let env = item.env.asSuperuser("whoever works on an exception tries again what failed")
        guard item.recordModel == Request.name,
            let request = try env.search(Request.self, .where("id", .equal, .int(item.record)), limit: 1).first, request.status == .pending
        else { throw Refusal.noRetry("The request is gone, or was decided.") }
        if let waiting = names(request) { throw Refusal.noRetry("It waits for \(waiting). Ask them, or change who decides.") }
        try Restarting.begin(request, "somebody looked again for people who may decide")
        guard let found = names(request) else { throw Refusal.noRetry("Still nobody may decide about '\(request.displayedName)'.") }
        return "'\(request.displayedName)' waits for \(found) now."
    }

    /// Who is asked at present; nil when nobody is.
    private static func names(_ request: Record<Request>) -> String? {
        let names = request.approvers.filter { $0.status == .pending }.compactMap { $0.user?.displayedName }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
