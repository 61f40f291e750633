import Kernel

/// `copy` and `copy_data`.
enum CopyMethods {
    static let all: [RPCMethod] = [
        .onRecords("copy", ["default"], writes: true) { target, arguments in
            .value(.ids(try target.records.copy(try arguments.values("default")).ids))
        },
        .onRecords("copy_data", ["default"]) { target, arguments in
            .value(.list(try target.records.copyValues(try arguments.values("default")).map { .map($0) }))
        },
    ]
}
