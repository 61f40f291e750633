import Base
import Kernel
import Messaging

/// One queue for everything that needs a person, with owner, deadline, cause, remedy and history.
public enum ExceptionsApp {
    /// The app.
    public static let app = App("exceptions", "Exceptions", needs: ["base", "mail"]) { app in
        app.add(ExceptionCase.self)
        app.add(Occurrence.self)
        app.group("exceptions.group_user", "Exceptions: work on them", implies: ["base.group_user"])
        app.group("exceptions.group_manager", "Exceptions: administrator", implies: ["exceptions.group_user"])
        app.group("exceptions.group_auditor", "Exceptions: read them", implies: ["base.group_user"])
        app.allow("exceptions.group_auditor", "r", on: "ops.exception", "ops.exception.occurrence")
        app.allow("exceptions.group_user", "rw", on: "ops.exception")
        app.allow("exceptions.group_user", "r", on: "ops.exception.occurrence")
        app.allow("exceptions.group_manager", "rwcd", on: "ops.exception")
        app.rule(
            "exceptions of one's companies", on: "ops.exception", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.offer(ExceptionViews.exceptions)
        app.offer(ExceptionRetry.jobs)
        app.offer(ExceptionRetry.mails)
    }
}
