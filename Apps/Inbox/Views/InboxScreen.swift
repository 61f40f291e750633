import Views

/// The first screen of the client.
enum InboxScreen {
    static let screen = Screen("inbox", "Inbox", icon: "inbox", section: .work, sequence: 10, model: InboxItem.name)
}
