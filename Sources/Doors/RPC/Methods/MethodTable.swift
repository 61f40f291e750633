/// Every method that all models have; a new one is one line here.
enum MethodTable {
    static let methods: [String: RPCMethod] = Dictionary(
        uniqueKeysWithValues: groups.joined().map { ($0.name, $0) })

    private static let groups: [[RPCMethod]] = [
        ReadingMethods.all, SearchMethods.all, WritingMethods.all, GroupMethods.all, WebReadMethods.all, WebSaveMethods.all,
        WebGroupMethods.all, NamingMethods.all, DescribingMethods.all, DefaultMethods.all, CopyMethods.all, ExportMethods.all,
        ImportMethods.all, OnchangeMethods.all, ViewMethods.all, AccessMethods.all, MetadataMethods.all, ArchiveMethods.all,
        PanelMethods.all, TranslationMethods.all,
    ]
}
