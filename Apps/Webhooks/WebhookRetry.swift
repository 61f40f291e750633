import Exceptions
import Kernel

/// Trying webhooks again that failed: dead deliveries leave again, and failed calls are run again by a job.
enum WebhookRetry {
    static let again = ExceptionRetry(source: "webhooks") { item in
        let env = item.env.asSuperuser("whoever works on an exception runs again what failed")
        switch item.recordModel {
        case WebhookDelivery.name:
            guard let delivery = try env.search(WebhookDelivery.self, .where("id", .equal, .int(item.record)), limit: 1).first,
                delivery.state == .dead || delivery.state == .cancelled
            else { throw Refusal.noRetry("The message is gone, or on its way.") }
            if let endpoint = delivery.endpoint, endpoint.state == .disabled {
                throw Refusal.noRetry("The receiver '\(endpoint.displayedName)' is disabled. Enable it first.")
            }
            try Webhooks.redrive(delivery)
            return "Message \(delivery.messageId) is on its way again."
        case IncomingCall.name:
            guard let call = try env.search(IncomingCall.self, .where("id", .equal, .int(item.record)), limit: 1).first,
                call.state == .failed
            else { throw Refusal.noRetry("The call is gone, or was run.") }
            try IncomingDesk.enqueue(call)
            return "Call \(call.id) is run again now."
        default: throw Refusal.noRetry("It names no message and no call.")
        }
    }
}
