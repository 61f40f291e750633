import Foundation
import Scripts

/// Tries, from within the confinement, what a script that took over its worker would try.
enum Escape {
    /// - Parameter arguments: A file that may be created and one that may be read when nothing holds the process back.
    /// - Returns: A bit for each attempt that succeeded: 1 socket, 2 new file, 4 new process, 8 signal to the parent, 16 core
    ///   dump, 32 more memory, 64 reading a file, 128 memory that can be run; 0 when the walls hold.
    static func attempt(_ arguments: [String]) -> Int32 {
        guard arguments.count == 3, ScriptConfinement.enter(memoryBytes: 16 << 20) else { return 255 }
        var escapes: Int32 = 0
        if socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 { escapes |= 1 }
        if open(arguments[1], O_WRONLY | O_CREAT, 0o600) >= 0 { escapes |= 2 }
        var process: pid_t = 0
        if posix_spawn(&process, "/bin/true", nil, nil, [nil], [nil]) == 0 { escapes |= 4 }
        if kill(getppid(), 0) == 0 { escapes |= 8 }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0, limit.rlim_max > 0 { escapes |= 16 }
        let anonymous = Int32(MAP_PRIVATE | MAP_ANONYMOUS)
        if mmap(nil, 64 << 20, PROT_READ | PROT_WRITE, anonymous, -1, 0) != MAP_FAILED { escapes |= 32 }
        if open(arguments[2], O_RDONLY) >= 0 { escapes |= 64 }
        if mmap(nil, 1 << 16, PROT_READ | PROT_EXEC, anonymous, -1, 0) != MAP_FAILED { escapes |= 128 }
        return escapes
    }
}
