import Foundation
import Glibc
import JSON

/// The figures that the operating system knows of the process and of the disk.
package struct MachineFigures {
    package static func write(_ folder: DataFolder, to text: inout MetricsText) {
        if let memory = residentBytes { text.add("process_resident_memory_bytes", [], memory) }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            let seconds = [usage.ru_utime, usage.ru_stime].reduce(0.0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
            text.add("process_cpu_seconds_total", [], seconds)
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            text.add("process_open_fds", [], files)
        }
        if let start = startTime { text.add("process_start_time_seconds", [], start) }
        if let free = freeBytes(folder.path) { text.add("baton_data_free_bytes", [], free) }
        if folder.database == nil, let size = size(folder.databaseFile) { text.add("baton_database_bytes", [], size) }
        if let last = BackupLog(folder).last { text.add("baton_backup_age_seconds", [], max(0, Int(Date().timeIntervalSince1970) - last)) }
    }

    /// Free bytes for this user on the disk of a path.
    package static func freeBytes(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let parts = text.split(separator: " ")
        return parts.count > 1 ? Int(parts[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    }

    /// When the process began: ticks since the machine did, after the last parenthesis of its line.
    private static var startTime: Double? {
        guard let line = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8), let end = line.lastIndex(of: ")"),
            let uptimeText = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
            let uptime = uptimeText.split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
        return Date().timeIntervalSince1970 - uptime + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
