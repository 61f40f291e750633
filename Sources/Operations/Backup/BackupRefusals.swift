import Kernel

extension Refusal {
    package static func backupNoKey() -> Refusal {
        Refusal(
            "backup.no_key", .invalid, "Nothing says under which key the backup is sealed.",
            instruction: "Give --backup-key FILE (made by `baton backup key FILE`), or a passphrase in BATON_BACKUP_PASSPHRASE_FILE.")
    }

    package static func backupTwoKeys() -> Refusal {
        Refusal(
            "backup.two_keys", .invalid, "A key file and a passphrase are both given.",
            instruction: "Keep the one under which the backup is sealed.")
    }

    package static func backupBadKey(_ path: String, _ why: String) -> Refusal {
        Refusal(
            "backup.bad_key", .invalid, "The key file \(path) \(why).",
            instruction: "Bring it back from where it was saved; its mode must be 600.")
    }

    package static func backupWeakPassphrase(_ length: Int) -> Refusal {
        Refusal(
            "backup.weak_passphrase", .invalid, "The passphrase has fewer than \(length) characters.",
            instruction: "Choose a longer one, or use a key file.")
    }

    package static func backupExists(_ path: String) -> Refusal {
        Refusal(
            "backup.exists", .conflict, "There is a file \(path) already.",
            instruction: "Give another name; backups are never written over.")
    }

    package static func backupUnwritable(_ path: String, _ why: String) -> Refusal {
        Refusal(
            "backup.unwritable", .unavailable, "\(path) cannot be written: \(why).",
            instruction: "Check the folder, its rights and its free space.")
    }

    package static func backupUnreadable(_ path: String) -> Refusal {
        Refusal("backup.unreadable", .missing, "\(path) cannot be read.", instruction: "Check the path and who may read it.")
    }

    package static func backupNotOne(_ path: String, _ why: String) -> Refusal {
        Refusal(
            "backup.not_one", .invalid, "\(path) is no backup of this program: \(why).",
            instruction: "Give a file that `baton backup` wrote.")
    }

    package static func backupWrongKind(_ path: String, _ wanted: String) -> Refusal {
        Refusal("backup.wrong_key", .invalid, "\(path) was sealed under a \(wanted).", instruction: "Give that one.")
    }

    /// The place at which a file is not what was written.
    package static func backupDamaged(_ path: String, chunk: Int, byte: Int, count: Int) -> Refusal {
        let first = chunk == 1 ? " If it is the first of several backups that do so, the key is another one." : ""
        return Refusal(
            "backup.damaged", .internalFault,
            "\(path) is not what was written: piece \(chunk), the bytes \(byte) to \(byte + max(0, count - 1)), does not open.\(first)",
            instruction: "Use another backup and keep this file for the search after the cause.",
            details: ["piece": .int(chunk), "byte": .int(byte)])
    }

    package static func backupCut(_ path: String, byte: Int) -> Refusal {
        Refusal(
            "backup.cut", .internalFault, "\(path) ends at byte \(byte), before its end was written.",
            instruction: "Copy it again, or use another backup.", details: ["byte": .int(byte)])
    }

    package static func backupDiffers(_ what: String, _ why: String) -> Refusal {
        Refusal(
            "backup.differs", .internalFault, "\(what) is not what the list of the backup says: \(why).",
            instruction: "Use another backup and report this to the maker.")
    }

    package static func backupOldTables() -> Refusal {
        Refusal(
            "backup.old_tables", .conflict, "The tables of the database are not those of this program.",
            instruction: "Back up with the version that serves it, or run `baton migrate` first.")
    }

    package static func backupRunning(_ path: String) -> Refusal {
        Refusal("backup.running", .unavailable, "Another backup of \(path) is at work.", instruction: "Wait until it is done.")
    }

    package static func restoreNotEmpty(_ path: String) -> Refusal {
        Refusal(
            "restore.not_empty", .conflict, "\(path) is not empty.",
            instruction: "Nothing was changed. Give a folder that is empty or absent.")
    }
}
