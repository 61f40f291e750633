/// A screen of the client that is more than the records of one model: the inbox, approvals, the audit browser.
public struct Screen: Sendable {
    /// The address under `/app`, and the client's module that shows it.
    public let path: String
    /// What people read.
    public let title: String
    /// The name of an icon of the client's sprite.
    public let icon: String
    /// The part of the navigation.
    public let section: ModelViews.Section
    /// Its place among the others.
    public let sequence: Int
    /// The model that one must be allowed to read; nil for everybody who is signed in.
    public let model: String?
    /// External ids of the groups that it is for; empty means everybody.
    public let groups: [String]

    /// A screen.
    public init(
        _ path: String, _ title: String, icon: String, section: ModelViews.Section, sequence: Int, model: String? = nil,
        groups: [String] = []
    ) {
        self.path = path
        self.title = title
        self.icon = icon
        self.section = section
        self.sequence = sequence
        self.model = model
        self.groups = groups
    }
}
