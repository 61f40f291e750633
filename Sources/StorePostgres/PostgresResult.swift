import CPostgres
import Glibc
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

    /// Whether every cell is that of another result with as many columns.
    func isSame(as other: PostgresResult) -> Bool {
        let columns = PQnfields(pointer)
        guard rows == other.rows, columns == PQnfields(other.pointer) else { return false }
        for row in 0..<Int32(rows) {
            for column in 0..<columns {
                let length = PQgetlength(pointer, row, column)
                guard length == PQgetlength(other.pointer, row, column),
                    memcmp(PQgetvalue(pointer, row, column), PQgetvalue(other.pointer, row, column), Int(length)) == 0
                else { return false }
            }
        }
        return true
    }

    var rows: Int { Int(PQntuples(pointer)) }

    /// How many rows a statement changed.
    var changed: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }
}
