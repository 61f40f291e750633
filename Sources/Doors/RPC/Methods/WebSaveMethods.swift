import Kernel

/// `web_save`, `web_save_multi` and `web_resequence`.
enum WebSaveMethods {
    static let all: [RPCMethod] = [
        .onRecords("web_save", [.required("vals"), .required("specification"), "next_id"], writes: true) { target, arguments in
            let values = try WritingMethods.decoded(try arguments.values("vals"), target.model)
            var records = target.records
            if records.isEmpty {
                records = try target.env.create(target.model, [values])
            } else if !values.isEmpty {
                try records.write(values)
            }
            if let next = try arguments.count("next_id") { records = Records(target.model, [next], target.env) }
            return .value(try WebReadMethods.read(records, arguments, target.limits))
        },
        .onRecords("web_save_multi", [.required("vals_list"), .required("specification")], writes: true) { target, arguments in
            let list = try arguments.maps("vals_list").map { try WritingMethods.decoded($0, target.model) }
            if target.ids.isEmpty {
                return .value(try WebReadMethods.read(try target.env.create(target.model, list), arguments, target.limits))
            }
            guard list.count == target.ids.count else { throw arguments.bad("vals_list", "one object per record") }
            for (id, values) in zip(target.ids, list) { try target.records.only(id).write(values) }
            return .value(try WebReadMethods.read(target.records, arguments, target.limits))
        },
        .onRecords("web_resequence", [.required("specification"), "field_name", "offset"], writes: true) { target, arguments in
            let name = try arguments.text("field_name") ?? "sequence"
            let field = try target.model.requireField(name)
            let offset = try arguments.count("offset") ?? 0
            for (place, id) in target.ids.enumerated() { try target.records.only(id).write([field.name: .int(offset + place)]) }
            return .value(try WebReadMethods.read(target.records, arguments, target.limits))
        },
    ]
}
