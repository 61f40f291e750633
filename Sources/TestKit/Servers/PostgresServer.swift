import Foundation
import Glibc
import Kernel
import StorePostgres

/// A PostgreSQL server of a test's own: in a temporary folder, on 127.0.0.1 and a free port, with SCRAM passwords.
///
/// It runs as an unprivileged user and under a shell that ends it and removes its folder as soon as this process is gone.
public final class PostgresServer: @unchecked Sendable {
    /// How a server is started.
    public struct Options: Sendable {
        /// Further settings, as `fsync=on`.
        public var settings: [String] = []
        /// Whether it has a certificate of its own and offers TLS.
        public var hasTLS = false

        /// The usual settings: fast, not durable.
        public init(settings: [String] = [], hasTLS: Bool = false) {
            self.settings = settings
            self.hasTLS = hasTLS
        }
    }

    /// Where Debian keeps the server's programs; nil when they are not installed.
    public static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
        return versions.map { "\(root)/\($0)/bin" }.first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    /// Why tests that need a server are left out; for `.enabled(if:)`.
    public static let isInstalled = programs != nil
    /// What such a test says when it is left out.
    public static let missing: String = "PostgreSQL is not installed: apt-get install postgresql"

    /// One server for all tests of this process that do not harm it.
    public static let shared = Result { try PostgresServer() }

    /// The superuser's name and password.
    public static let user = "baton", password = "p@ss/word'\"%"

    /// Its folder.
    public let folder: String
    /// Its port on 127.0.0.1.
    public let port: Int
    private let options: Options
    private var shell: Process?
    private let count = Locked(0)

    /// Makes a database cluster and starts a server on it.
    public init(_ options: Options = Options()) throws {
        guard let programs = PostgresServer.programs else { throw ServerTrouble(PostgresServer.missing) }
        self.options = options
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-pg-" + UUID().uuidString.prefix(8)).path
        port = try PostgresServer.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(PostgresServer.password.utf8).write(to: URL(fileURLWithPath: folder + "/password"))
        try PostgresServer.giveAway(folder)
        try PostgresServer.giveAway(folder + "/password")
        try PostgresServer.run([
            programs + "/initdb", "-D", folder + "/data", "-U", PostgresServer.user, "--auth=scram-sha-256", "--encoding=UTF8",
            "--locale=C",
            "--pwfile", folder + "/password", "--no-sync",
        ])
        if options.hasTLS { try makeCertificate() }
        try start()
    }

    deinit { remove() }

    /// Starts it; again after `stop` or `kill`.
    public func start() throws {
        let programs = PostgresServer.programs ?? ""
        var settings = [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=", "fsync=off", "synchronous_commit=off",
            "full_page_writes=off", "max_connections=120", "logging_collector=off", "shared_buffers=64MB",
        ]
        if options.hasTLS { settings += ["ssl=on", "ssl_cert_file=\(folder)/server.crt", "ssl_key_file=\(folder)/server.key"] }
        settings += options.settings
        // Watched by its number: a pipe would be inherited by other children of this process and outlive it.
        try? FileManager.default.removeItem(atPath: folder + "/stop")
        let script =
            "dir=$1; parent=$2; shift 2; \"$@\" </dev/null >>$dir/log 2>&1 & pid=$!; echo $pid >$dir/pid; while [ -d /proc/$parent ] && [ ! -e $dir/stop ]; do sleep 0.2; done; kill -INT $pid 2>/dev/null; wait $pid"
        let server = [programs + "/postgres", "-D", folder + "/data"] + settings.flatMap { ["-c", $0] }
        let process = PostgresServer.process(["/bin/sh", "-c", script, "sh", folder, "\(getpid())"] + server)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        shell = process
        for _ in 0..<300 {
            if (try? query("SELECT 1")) != nil { return }
            usleep(50_000)
        }
        throw ServerTrouble("the server does not answer: " + ((try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""))
    }

    /// Ends it in good order.
    public func stop() {
        _ = FileManager.default.createFile(atPath: folder + "/stop", contents: nil)
        shell?.waitUntilExit()
        shell = nil
    }

    /// Sends its main process a signal: `SIGKILL` for a crash, `SIGSTOP` and `SIGCONT` for one that freezes.
    public func signal(_ number: Int32) {
        guard let text = try? String(contentsOfFile: folder + "/pid", encoding: .utf8),
            let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return }
        Glibc.kill(pid, number)
    }

    /// The processes of its connections, which freeze apart from the main one.
    public var processes: [Int32] {
        let text = (try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8)) ?? ""
        guard let main = Int32(text.split(separator: "\n").first ?? "") else { return [] }
        let children = (try? String(contentsOfFile: "/proc/\(main)/task/\(main)/children", encoding: .utf8)) ?? ""
        return [main] + children.split(separator: " ").compactMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// An address of a database on it.
    public func address(_ database: String, more: String = "") throws -> PostgresAddress {
        try PostgresAddress(text(database, more: more))
    }

    /// The address as it would be typed.
    public func text(_ database: String, port: Int? = nil, more: String = "") -> String {
        let password = PostgresServer.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "postgres://\(PostgresServer.user):\(password)@127.0.0.1:\(port ?? self.port)/\(database)" + (more.isEmpty ? "" : "?" + more)
    }

    /// A new empty database; gives its name.
    public func makeDatabase(template: String = "template0") throws -> String {
        let name = count.withLock { count -> String in
            count += 1
            return "t\(count)"
        }
        _ = try query("CREATE DATABASE \(name) TEMPLATE \(template)")
        return name
    }

    /// Asks with `psql`, past the driver under test; rows by lines, columns by `|`.
    @discardableResult public func query(_ sql: String, in database: String = "postgres") throws -> String {
        let arguments = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", "\(port)", "-U", PostgresServer.user, "-d", database]
        return try PostgresServer.run(["/usr/bin/psql"] + arguments + ["-c", sql], environment: ["PGPASSWORD": PostgresServer.password])
    }

    private func remove() {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func makeCertificate() throws {
        let (key, certificate) = (folder + "/server.key", folder + "/server.crt")
        try PostgresServer.run([
            "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        Glibc.chmod(key, 0o600)
    }
}

/// A server could not be started.
public struct ServerTrouble: Error, CustomStringConvertible {
    /// Why not.
    public let description: String

    init(_ description: String) { self.description = description }
}

extension PostgresServer {
    /// A port that nobody listens on at the moment.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &size) == 0
            }
        }
        guard bound else { throw ServerTrouble("there is no free port") }
        return Int(UInt16(bigEndian: place.sin_port))
    }

    /// PostgreSQL refuses to run as root.
    static let unprivileged: (user: uid_t, group: gid_t)? = {
        guard getuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] { if let entry = getpwnam(name) { return (entry.pointee.pw_uid, entry.pointee.pw_gid) } }
        return nil
    }()

    static func giveAway(_ path: String) throws {
        guard let unprivileged else { return }
        guard chown(path, unprivileged.user, unprivileged.group) == 0 else { throw ServerTrouble("\(path) cannot be given away") }
    }

    /// A process of the unprivileged user.
    public static func process(_ words: [String], environment: [String: String] = [:]) -> Process {
        let process = Process()
        var words = words
        if let unprivileged {
            words = ["/usr/bin/setpriv", "--reuid=\(unprivileged.user)", "--regid=\(unprivileged.group)", "--clear-groups"] + words
        }
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"].merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        return process
    }

    /// Runs a program to its end and gives what it printed.
    @discardableResult static func run(_ words: [String], environment: [String: String] = [:]) throws -> String {
        let process = process(words, environment: environment)
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServerTrouble("\(words[0]) failed: " + String(decoding: complaint, as: UTF8.self))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
