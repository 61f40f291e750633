import Crypto
import Kernel

/// Who may reach a file: whoever may reach the record that it belongs to.
enum AttachmentRules {
    /// The largest file, in bytes.
    static let sizeLimit = 64 << 20

    /// Fills in checksum, size and owner of a file's values.
    static func complete(_ values: inout ValueMap, _ env: Environment) throws {
        if let raw = values["raw"] {
            values["datas"] = raw
            values["raw"] = nil
        }
        if case .text(let text)? = values["datas"] {
            guard let bytes = Base64.standard.decode(text) else {
                throw Refusal(
                    "attachment.bad_base64", .validation, "The file content is not base64.", instruction: "Send the bytes as base64.")
            }
            values["datas"] = .bytes(bytes)
        }
        if case .bytes(let bytes)? = values["datas"] {
            guard bytes.count <= sizeLimit else {
                throw Refusal(
                    "attachment.too_large", .limit, "The file has more than \(sizeLimit >> 20) MiB.", instruction: "Send a smaller file.")
            }
            values["checksum"] = .text(SHA256.hash(bytes).hex)
            values["file_size"] = .int(bytes.count)
        }
        if let owner = values["res_model"]?.textValue, let id = values["res_id"]?.intValue, id > 0 {
            try env.checkAccess(.write, try env.registry.requireModel(owner), [id])
        }
    }

    /// Refuses what the user may not do with the records that files belong to.
    static func checkOwners(_ attachments: Recordset<Attachment>, _ operation: AccessOperation) throws {
        let env = attachments.env
        if env.isSuperuser { return }
        for attachment in attachments where !attachment.ownerModel.isEmpty && attachment.ownerId > 0 {
            guard let model = env.registry.model(attachment.ownerModel) else { continue }
            try env.checkAccess(operation, model, [attachment.ownerId])
        }
    }
}
