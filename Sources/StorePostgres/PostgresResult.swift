import CPostgres
import Store

/// What the server answered; freed with its last owner.
final class PostgresResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    var isError: Bool { status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_PIPELINE_ABORTED }

    /// A cell of a result in text.
    func text(_ row: Int, _ column: Int) -> String { String(cString: PQgetvalue(pointer, Int32(row), Int32(column))) }

    var rows: Int { Int(PQntuples(pointer)) }

    /// How many rows a statement changed.
    var changed: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }
}
