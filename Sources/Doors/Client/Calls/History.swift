import Base
import Kernel
import Messaging
import RPCDoor

/// What happened to a record, as its form shows it: messages and notes with what they changed, the newest first.
enum History {
    /// The most files of a record that are named.
    private static let fileLimit = 100

    /// The files of a record: `[{id, name, mimetype, file_size}]`, the newest first; those that belong to a field are its values.
    static func files(_ model: ModelSchema, _ id: Int, _ env: Environment) throws -> [Value] {
        let files = env.registry.schema(Attachment.self)
        guard env.allows(.read, on: files) else { return [] }
        let domain =
            Domain.where("res_model", .equal, .text(model.name)) & .where("res_id", .equal, .int(id))
            & .where("res_field", .equal, .null)
        return try env.search(Attachment.self, domain, order: "id desc", limit: fileLimit).map { file in
            ["id": .int(file.id), "name": .text(file.displayedName), "mimetype": .text(file.mimeType), "file_size": .int(file.size)]
        }
    }

    static func lines(_ model: ModelSchema, _ id: Int, limit: Int, _ env: Environment) throws -> [Value] {
        let messages = env.registry.schema(Message.self)
        guard env.allows(.read, on: messages) else { return [] }
        let domain = Domain.where("model", .equal, .text(model.name)) & .where("res_id", .equal, .int(id))
        let found = try env.search(messages, domain, order: "id desc", limit: limit)
        guard !found.isEmpty else { return [] }
        let change: Value = ["fields": ["field_desc": .map([:]), "old_value_char": .map([:]), "new_value_char": .map([:])]]
        let name: Value = ["fields": ["display_name": .map([:])]]
        let read = try ModelCalls(env).answer(
            "web_read", on: messages.name, ids: found.ids,
            [
                "specification": [
                    "date": .map([:]), "body": .map([:]), "subject": .map([:]), "message_type": .map([:]), "is_internal": .map([:]),
                    "author_id": name, "subtype_id": name, "partner_ids": name, "tracking_value_ids": change, "attachment_ids": name,
                ]
            ])
        return (read.listValue ?? []).compactMap { line in
            guard var map = line.mapValue else { return nil }
            map["body"] = .text(PlainText.from(map["body"]?.textValue ?? ""))
            return .map(map)
        }
    }
}
