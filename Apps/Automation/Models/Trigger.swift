import Kernel

/// What sets a rule off; the raw values are Odoo's.
public enum Trigger: String, SelectionValue {
    case stageSet = "on_stage_set", userSet = "on_user_set", tagSet = "on_tag_set", stateSet = "on_state_set"
    case prioritySet = "on_priority_set", archived = "on_archive", unarchived = "on_unarchive"
    case created = "on_create", saved = "on_create_or_write", written = "on_write", deleted = "on_unlink", edited = "on_change"
    case time = "on_time", timeCreated = "on_time_created", timeUpdated = "on_time_updated"
    case received = "on_message_received", sent = "on_message_sent", webhook = "on_webhook"

    /// What people read.
    public var title: String {
        switch self {
        case .stageSet: "Stage is set to"
        case .userSet: "User is set"
        case .tagSet: "Tag is added"
        case .stateSet: "State is set to"
        case .prioritySet: "Priority is set to"
        case .archived: "On archived"
        case .unarchived: "On unarchived"
        case .created: "On create"
        case .saved: "On create and edit"
        case .written: "On update"
        case .deleted: "On deletion"
        case .edited: "On UI change"
        case .time: "Based on date field"
        case .timeCreated: "After creation"
        case .timeUpdated: "After last update"
        case .received: "On incoming message"
        case .sent: "On outgoing message"
        case .webhook: "On webhook"
        }
    }

    /// Whether making a record may set it off.
    var followsCreate: Bool {
        switch self {
        case .stageSet, .userSet, .tagSet, .stateSet, .prioritySet, .created, .saved: true
        default: false
        }
    }

    /// Whether writing a record may set it off.
    var followsWrite: Bool {
        switch self {
        case .stageSet, .userSet, .tagSet, .stateSet, .prioritySet, .archived, .unarchived, .saved, .written: true
        default: false
        }
    }

    /// Whether a clock sets it off.
    var followsTime: Bool { self == .time || self == .timeCreated || self == .timeUpdated }

    /// Whether a message sets it off.
    var followsMessages: Bool { self == .received || self == .sent }

    /// The names that the field which it watches may have; empty for triggers that watch no field of their own.
    var fieldNames: [String] {
        let names: [String] =
            switch self {
            case .stageSet: ["stage_id"]
            case .userSet: ["user_id", "user_ids"]
            case .tagSet: ["tag_ids"]
            case .stateSet: ["state"]
            case .prioritySet: ["priority"]
            case .archived, .unarchived: ["active"]
            default: []
            }
        return names + names.map { "x_studio_" + $0 } + (self == .archived || self == .unarchived ? ["x_active"] : [])
    }

    /// The field that it watches on a model; nil when it watches none of its own, or the model has none.
    func field(in model: ModelSchema) -> Field? { fieldNames.lazy.compactMap { model.field($0) }.first { fits($0) } }

    private func fits(_ field: Field) -> Bool {
        switch (self, field.kind) {
        case (.stageSet, .many2one), (.userSet, .many2one("res.users", _)), (.userSet, .many2many("res.users", _)), (.tagSet, .many2many),
            (.stateSet, .selection), (.prioritySet, .selection), (.archived, .boolean), (.unarchived, .boolean):
            true
        default: false
        }
    }

    /// Whether the model can have rules with it.
    func isOffered(on model: ModelSchema) -> Bool {
        if followsMessages { return model.hasChatter }
        return fieldNames.isEmpty || field(in: model) != nil
    }
}
