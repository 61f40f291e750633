import Kernel
import Store

/// Text without case and accents inside the database, as `TextFolding` makes it in memory.
///
/// A function with the letters of `TextFolding` written into it; its name carries a number that rises with every change of what it makes, so
/// that indexes made with an older one are not used with a newer one. One in SQL, as older programs made it, was parsed anew for every row
/// that came into an index.
enum PostgresFolding {
    /// The function's name.
    static let name = "baton_fold_1"

    /// Makes the function when it is not there.
    static func create(_ connection: any SQLConnection) throws {
        let sql =
            "SELECT count(*) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang "
            + "WHERE p.proname = $1 AND l.lanname = 'plpgsql' AND p.pronamespace = current_schema()::regnamespace"
        if try connection.first(sql, [.text(name)], .integer)?.intValue ?? 0 > 0 { return }
        try connection.run(definition)
    }

    /// The pattern that `LIKE` wants: letters folded, every literal sign escaped, and no escape at the end.
    static func pattern(_ pattern: String, ignoringCase: Bool) -> String {
        var made = ""
        var literal = ""
        func end() {
            let text = ignoringCase ? String(decoding: TextFolding.folded(&literal), as: UTF8.self) : literal
            for scalar in text.unicodeScalars {
                if ["%", "_", "\\"].contains(scalar) { made += "\\" }
                made.unicodeScalars.append(scalar)
            }
            literal = ""
        }
        var escaped = false
        for scalar in pattern.unicodeScalars {
            if !escaped, scalar == "\\" {
                escaped = true
            } else if !escaped, scalar == "%" || scalar == "_" {
                end()
                made.unicodeScalars.append(scalar)
            } else {
                literal.unicodeScalars.append(scalar)
                escaped = false
            }
        }
        if escaped { literal += "\\" }
        end()
        return made
    }

    /// Most texts are plain ASCII, for which the short way is enough.
    private static var definition: String {
        var (from, to) = ("", "")
        var replaced = "translate(lower(given COLLATE \"und-x-icu\"), "
        var pairs: [(String, String)] = []
        for (plain, letters) in TextFolding.families {
            // Letters that become two are first made one of them, which is replaced at the end.
            let single = plain.unicodeScalars.count == 1 ? plain : String(letters.unicodeScalars.prefix(1))
            if single != plain { pairs.append((single, plain)) }
            for letter in letters.unicodeScalars where String(letter) != single {
                from.unicodeScalars.append(letter)
                to += single
            }
        }
        // Marks that stand on their own have no counterpart and fall away.
        for mark in UInt32(0x300)...0x36F { if let scalar = Unicode.Scalar(mark) { from.unicodeScalars.append(scalar) } }
        replaced += "'\(from)', '\(to)')"
        for (one, two) in pairs { replaced = "replace(\(replaced), '\(one)', '\(two)')" }
        return """
            CREATE OR REPLACE FUNCTION \(name)(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $fold$
            BEGIN
                IF octet_length(given) = length(given) THEN RETURN lower(given COLLATE "C"); END IF;
                RETURN (\(replaced)) COLLATE "C";
            END $fold$
            """
    }
}
