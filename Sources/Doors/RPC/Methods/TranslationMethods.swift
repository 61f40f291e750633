import Kernel

/// `get_field_translations`: there is one language for now, so that there is nothing to tell.
enum TranslationMethods {
    static let all: [RPCMethod] = [
        .onRecords("get_field_translations", [.required("field_name"), "langs"]) { target, arguments in
            let field = try target.model.requireField(try arguments.text("field_name") ?? "")
            try target.env.checkAccess(.read, target.model, target.ids)
            let type = field.kind == .char ? "char" : "text"
            return .value([[], ["translation_type": .text(type), "translation_show_source": false]])
        }
    ]
}
