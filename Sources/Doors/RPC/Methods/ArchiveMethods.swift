import Kernel

/// `action_archive`, `action_unarchive` and `toggle_active`.
enum ArchiveMethods {
    static let all: [RPCMethod] = [
        .onRecords("action_archive", writes: true) { target, _ in
            try target.records.setActive(false)
            return .value(.bool(true))
        },
        .onRecords("action_unarchive", writes: true) { target, _ in
            try target.records.setActive(true)
            return .value(.bool(true))
        },
        .onRecords("toggle_active", writes: true) { target, _ in
            let field = try target.model.requireField("active")
            for id in target.ids { try target.records.only(id).setActive(try target.records.value(id, field).isFalsy) }
            return .value(.bool(true))
        },
    ]
}
