/// What separated the segments where a message was read.
///
/// HL7 asks for `cr`; files made by people have the others.
public enum HL7LineEnding: String, Sendable, Hashable {
    case cr, lf, crlf, mixed
}
