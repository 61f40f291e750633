import Engine
import Kernel
import Store

/// What the machine does for definitions when nobody is there.
public enum GovernanceJobs {
    /// The queue that a runner has to work on.
    public static let queue = Releasing.queue

    /// Lets released versions take effect on their day.
    public static let handlers = [JobHandler(Releasing.jobKind, records: takeEffect)]

    /// Lets the version of a job take effect, unless it did before or was retired.
    @Sendable public static func takeEffect(_ job: LeasedJob, _ env: Environment) throws {
        guard let id = job.payload["version"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no version.") }
        let machine = env.asSuperuser("a version takes effect on the day for which it was released")
        guard let version = try machine.search(DefinitionVersion.self, .where("id", .equal, .int(id)), limit: 1).first else { return }
        try Releasing.takeEffect(version)
    }
}
