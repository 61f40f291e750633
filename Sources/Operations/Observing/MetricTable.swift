/// Every metric of the program: its name, sort and meaning. What is not here cannot be written; dashboards and alerts are tested against it.
package enum MetricTable {
    package enum Sort: String, Sendable { case counter, gauge, histogram }

    package struct Metric: Sendable {
        package let name: String
        package let sort: Sort
        /// The labels, in order.
        package let labels: [String]
        package let help: String

        package init(_ name: String, _ sort: Sort, _ labels: [String] = [], _ help: String) {
            self.name = name
            self.sort = sort
            self.labels = labels
            self.help = help
        }
    }

    package static let all: [Metric] = requests + work + store + business + machine

    private static let requests = [
        Metric("baton_http_requests_total", .counter, ["route", "status"], "Requests answered, by class of route and of status."),
        Metric("baton_http_request_seconds", .histogram, ["route"], "Seconds from the complete request to its answer's head."),
        Metric("baton_http_connections", .gauge, [], "Open connections to the HTTP port."),
    ]

    private static let work = [
        Metric("baton_jobs", .gauge, ["queue", "state"], "Jobs that are not finished, and those that wait for a person (discarded)."),
        Metric("baton_job_oldest_seconds", .gauge, ["queue"], "How long the oldest job that is due has waited."),
        Metric("baton_jobs_ended_total", .counter, ["outcome"], "Attempts of jobs that ended in this process."),
        Metric("baton_dead_letters", .gauge, ["kind"], "What was given up and waits for a person: jobs, webhooks, mails."),
        Metric("baton_outbox_events", .gauge, [], "Events in the outbox."),
        Metric("baton_outbox_oldest_seconds", .gauge, [], "The age of the oldest event in the outbox."),
        Metric("baton_rules_total", .counter, ["outcome"], "Runs of automation rules in this process, and those that failed."),
        Metric(
            "baton_schedules", .gauge, ["state"], "Scheduled actions: active, overdue by five minutes, failing, switched off by themselves."
        ),
        Metric("baton_trace_spans_total", .counter, ["outcome"], "Spans that the collector took, and those given up."),
    ]

    private static let store = [
        Metric("baton_units_total", .counter, ["outcome"], "Units of work in this process: committed, undone, read."),
        Metric("baton_commits_total", .counter, [], "Commits of this process; several units may share one."),
        Metric("baton_waiting_writes", .gauge, [], "Units of work that wait for a writer."),
        Metric("baton_store_connections", .gauge, ["pool", "state"], "Connections to the database: busy, free, limit."),
        Metric("baton_worker_threads_idle", .gauge, [], "Threads for requests and reads that have nothing to do."),
        Metric("baton_worker_queue", .gauge, [], "Pieces of work that wait for such a thread."),
        Metric("baton_audit_entries", .gauge, [], "The number of the last entry in the audit trail."),
        Metric("baton_audit_unsigned_entries", .gauge, [], "Entries after the last signed checkpoint."),
    ]

    private static let business = [
        Metric("baton_exceptions_open", .gauge, ["kind"], "Exceptions that are open or in progress."),
        Metric("baton_exceptions_overdue", .gauge, [], "Those of them whose deadline is over."),
        Metric("baton_approvals_waiting", .gauge, [], "Requests for approval that are undecided."),
        Metric("baton_approval_oldest_seconds", .gauge, [], "How long the oldest of them has waited."),
    ]

    private static let machine = [
        Metric("baton_build_info", .gauge, ["version"], "Always 1."),
        Metric("baton_ready", .gauge, [], "1 when /ready says yes."),
        Metric("baton_metrics_database_up", .gauge, [], "1 when the figures that come from the database could be read."),
        Metric("baton_data_free_bytes", .gauge, [], "Free bytes on the disk of the data folder."),
        Metric("baton_database_bytes", .gauge, [], "The size of the SQLite file; absent with PostgreSQL."),
        Metric("baton_backup_age_seconds", .gauge, [], "Seconds since the last verified backup; absent before the first."),
        Metric("process_resident_memory_bytes", .gauge, [], "Memory of the process."),
        Metric("process_cpu_seconds_total", .counter, [], "Processor time of the process."),
        Metric("process_open_fds", .gauge, [], "Open files and sockets."),
        Metric("process_start_time_seconds", .gauge, [], "When the process began, in seconds since 1970."),
    ]

    /// The reference: a table in Markdown.
    package static var reference: String {
        let lines = all.map { metric in
            "| `\(metric.name)` | \(metric.sort.rawValue) | \(metric.labels.map { "`\($0)`" }.joined(separator: ", ")) | \(metric.help) |"
        }
        return (["| figure | sort | labels | meaning |", "|---|---|---|---|"] + lines).joined(separator: "\n")
    }

    package static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}
