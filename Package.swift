// swift-tools-version: 6.2
import Foundation
import PackageDescription

// One line per target, in the rooms of ARCHITECTURE.md. A folder that does not exist yet is left out, so that a room
// can be named here before its first line is written.

let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("NonisolatedNonsendingByDefault"), .treatAllWarnings(as: .error),
]
nonisolated(unsafe) var targets: [Target] = []  // the manifest runs on one thread

/// A system library: `Sources/C<Name>/module.modulemap` and its shim.
func system(_ name: String, pkgConfig: String? = nil) {
    guard exists("Sources/\(name)") else { return }
    targets.append(.systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig))
}

/// A target at `path` with its own tests in `path/Tests` or `Tests/<name>Tests`.
func module(_ name: String, _ path: String, _ needs: [String], resources: [Resource] = [], testNeeds: [String] = []) {
    guard exists(path) else { return }
    let inner = exists(path + "/Tests") ? ["Tests"] : []
    targets.append(
        .target(
            name: name, dependencies: known(needs), path: path, exclude: inner, resources: resources,
            swiftSettings: settings))
    let tests = inner.isEmpty ? "Tests/\(name)Tests" : path + "/Tests"
    if exists(tests) {
        targets.append(
            .testTarget(
                name: "\(name)Tests", dependencies: known([name] + needs + testNeeds), path: tests, swiftSettings: settings))
    }
}

func known(_ names: [String]) -> [Target.Dependency] {
    names.filter { name in targets.contains { $0.name == name } }.map { .byName(name: $0) }
}

/// A suite that stands over several targets.
func suite(_ name: String, _ needs: [String]) {
    guard exists("Tests/\(name)") else { return }
    targets.append(.testTarget(name: name, dependencies: known(needs), path: "Tests/\(name)", swiftSettings: settings))
}

system("CSockets")
system("COpenSSL", pkgConfig: "openssl")
system("CSQLite", pkgConfig: "sqlite3")
system("CPostgres", pkgConfig: "libpq")
system("CSodium", pkgConfig: "libsodium")
system("CXML", pkgConfig: "libxml-2.0")
system("CZlib", pkgConfig: "zlib")
system("CYAML", pkgConfig: "yaml-0.1")
system("CQRCode", pkgConfig: "libqrencode")
system("CPoppler", pkgConfig: "poppler-glib")
system("CLeptonica", pkgConfig: "lept")
system("CTesseract", pkgConfig: "tesseract")
system("CConfinement")
system("CCurl", pkgConfig: "libcurl")
system("CMIME", pkgConfig: "gmime-3.0")
system("CJavaScript", pkgConfig: "javascriptcoregtk-4.1")

// Formats: bytes <-> values, no I/O, nothing of ours but JSON and XML.
module("JSON", "Formats/JSON", [])
module("XML", "Formats/XML", ["CXML"])
module("XMLRPC", "Formats/XMLRPC", ["XML"])
module("YAML", "Formats/YAML", ["CYAML", "JSON"])
module("MIME", "Formats/MIME", [])
module("QRCode", "Formats/QRCode", ["CQRCode"])
module("MailParts", "Formats/MailParts", ["CMIME"])
module("FEEL", "Formats/FEEL", [])
module("DMN", "Formats/DMN", ["XML"])
module("HL7v2", "Formats/HL7v2", [], resources: exists("Formats/HL7v2/Tables") ? [.copy("Tables")] : [])
module(
    "FHIR", "Formats/FHIR", ["JSON"], resources: exists("Formats/FHIR/Definitions") ? [.copy("Definitions")] : [])
if exists("Tests/PageWorkerProbe") {
    targets.append(
        .executableTarget(name: "PageWorkerProbe", dependencies: ["Pages"], path: "Tests/PageWorkerProbe", swiftSettings: settings))
}
module("Pages", "Formats/Pages", ["CPoppler", "CLeptonica", "CTesseract", "CZlib", "CConfinement"], testNeeds: ["PageWorkerProbe"])

// Meaning, storage, engine.
module("Crypto", "Sources/Crypto", ["CSodium"])
module("Kernel", "Sources/Kernel", ["JSON", "Crypto"])
module("Views", "Sources/Views", ["Kernel", "JSON"])
module("Store", "Sources/Store", ["Kernel", "JSON", "Crypto"])
module("StoreSQLite", "Sources/StoreSQLite", ["Store", "Kernel", "JSON", "Crypto", "CSQLite"])
module("StorePostgres", "Sources/StorePostgres", ["Store", "Kernel", "JSON", "Crypto", "CPostgres"])
module("Engine", "Sources/Engine", ["Store", "Kernel", "Crypto", "JSON", "MIME", "CCurl"])

// Automation: what can be computed without a database.
module("Decisions", "Sources/Automation/Decisions", ["FEEL", "DMN", "JSON", "Kernel"])
module("Clocks", "Sources/Automation/Clocks", ["Kernel", "JSON"])
if exists("Tests/ScriptWorkerProbe") {
    targets.append(
        .executableTarget(
            name: "ScriptWorkerProbe", dependencies: ["Scripts"], path: "Tests/ScriptWorkerProbe", swiftSettings: settings))
}
module(
    "Scripts", "Sources/Automation/Scripts", ["JSON", "Kernel", "Crypto", "CJavaScript", "CConfinement"],
    testNeeds: ["ScriptWorkerProbe"])

// Intelligence: what can be told of what stands somewhere, without a database.
module("Reading", "Sources/Intelligence/Reading", ["Pages", "Kernel"])
if exists("Tests/ReadingProbe") {
    targets.append(
        .executableTarget(
            name: "ReadingProbe", dependencies: ["Reading", "Pages", "Kernel"], path: "Tests/ReadingProbe", swiftSettings: settings))
}

// Apps: one folder each. An app names another only when it extends it.
module("Base", "Apps/Base", ["Kernel", "Store", "Crypto", "JSON", "Pages", "QRCode"], testNeeds: ["TestKit"])
module("Messaging", "Apps/Messaging", ["Base", "Kernel", "JSON"])

module("Exceptions", "Apps/Exceptions", ["Messaging", "Base", "Engine", "Store", "Kernel", "Views"])
let appNeeds = ["Exceptions", "Messaging", "Base", "Store", "Kernel", "JSON", "YAML", "Crypto", "Views"]
module("Governance", "Apps/Governance", appNeeds + ["Engine"], testNeeds: ["TestKit"])
module("DecisionTables", "Apps/DecisionTables", appNeeds + ["Governance", "Decisions", "DMN", "FEEL"])
module("ServiceLevels", "Apps/ServiceLevels", appNeeds + ["DecisionTables", "Governance", "Decisions", "Clocks", "Engine"])
module("Automation", "Apps/Automation", appNeeds + ["ServiceLevels", "Governance", "Scripts", "Clocks", "Engine"])
module("Schedules", "Apps/Schedules", appNeeds + ["Automation", "Governance", "Clocks", "Engine"])
module("Webhooks", "Apps/Webhooks", appNeeds + ["Automation", "Governance", "Engine"])
module("Approvals", "Apps/Approvals", appNeeds + ["DecisionTables", "Governance", "Decisions", "Engine"])
module("Inbox", "Apps/Inbox", appNeeds + ["Approvals", "Schedules"])
module("CRM", "Apps/CRM", ["Messaging", "Base", "Kernel", "JSON", "Views"])
module("Workspace", "Apps/Workspace", ["Base", "Kernel", "Views", "JSON"])
module(
    "Referrals", "Apps/Referrals",
    [
        "DecisionTables", "Decisions", "Governance", "ServiceLevels", "Exceptions", "Messaging", "Base", "Kernel", "Crypto", "JSON", "YAML",
        "Pages", "Views",
    ],
    resources: exists("Apps/Referrals/Definitions") ? [.copy("Definitions")] : [])

module(
    "Suggestions", "Apps/Suggestions",
    ["Referrals", "Governance", "Reading", "Exceptions", "Messaging", "Base", "Engine", "Store", "Kernel", "JSON", "Pages", "Views"],
    testNeeds: ["TestKit"])

module("Mailroom", "Apps/Mailroom", appNeeds + ["Referrals", "Pages", "MailParts"])

// What tests share.
module(
    "TestKit", "Sources/TestKit",
    [
        "Kernel", "Store", "StoreSQLite", "StorePostgres", "Base", "Messaging", "Exceptions", "Governance", "DecisionTables", "Automation",
        "Schedules", "ServiceLevels", "Approvals", "Inbox", "CRM", "Referrals", "Suggestions", "Mailroom", "Workspace", "Scripts",
        "Webhooks", "JSON",
        "Crypto",
    ])

// Doors: translate, decide nothing.
module("HTTPServer", "Sources/Doors/HTTP", ["CSockets", "COpenSSL", "JSON"])
let doorNeeds = ["HTTPServer", "Store", "Kernel", "JSON", "Crypto", "Base", "Messaging"]
module("RPCDoor", "Sources/Doors/RPC", doorNeeds + ["XMLRPC"], testNeeds: ["StoreSQLite", "CRM"])
module("FHIRDoor", "Sources/Doors/FHIR", doorNeeds + ["FHIR", "Pages", "Referrals"])
module(
    "MLLPDoor", "Sources/Doors/MLLP", doorNeeds + ["HL7v2", "Exceptions", "Referrals", "CSockets"],
    testNeeds: ["StoreSQLite", "Governance", "DecisionTables", "ServiceLevels"])
module(
    "MailDoor", "Sources/Doors/Mail", doorNeeds + ["Mailroom", "Referrals", "Exceptions", "CSockets", "CCurl"], testNeeds: ["TestKit"])
module("HTMLPages", "Sources/Doors/Pages", doorNeeds + ["MIME"])
module("WebhookDoor", "Sources/Doors/Webhooks", doorNeeds + ["Automation", "Webhooks", "Exceptions"])
module(
    "DocumentDoor", "Sources/Doors/Documents", doorNeeds + ["HTMLPages", "MIME", "Pages", "Exceptions", "Referrals", "Suggestions"],
    testNeeds: ["TestKit", "PageWorkerProbe"])
module(
    "PortalDoor", "Sources/Doors/Portal", doorNeeds + ["HTMLPages", "MIME", "Pages", "Exceptions", "Referrals"],
    testNeeds: ["TestKit", "PageWorkerProbe"])

module(
    "ClientDoor", "Sources/Doors/Client", doorNeeds + ["HTMLPages", "RPCDoor", "Views", "Workspace", "CZlib"],
    testNeeds: ["TestKit", "CRM"])

// Serving, backups, the doctor, figures and settings; the command, and suites over everything.
let everything = [
    "JSON", "XML", "XMLRPC", "YAML", "MIME", "HL7v2", "FHIR", "Pages", "Crypto", "Kernel", "Store", "StoreSQLite", "StorePostgres",
    "Engine",
    "Base", "Messaging", "Exceptions", "CRM", "Referrals", "HTTPServer", "HTMLPages", "RPCDoor", "FHIRDoor", "MLLPDoor", "DocumentDoor",
    "PortalDoor", "FEEL", "DMN", "Decisions", "Clocks", "Scripts", "Governance", "DecisionTables", "Automation", "Schedules", "Webhooks",
    "ServiceLevels", "Approvals", "Inbox", "WebhookDoor", "Suggestions", "Mailroom", "MailDoor", "MailParts", "Reading", "Views",
    "Workspace", "ClientDoor", "COpenSSL",
]
module("Operations", "Sources/Operations", everything)
if exists("Sources/baton") {
    targets.append(
        .executableTarget(
            name: "baton", dependencies: known(everything + ["Operations"]), path: "Sources/baton", swiftSettings: settings))
}
if exists("Tests/ScheduleProbe") {
    targets.append(
        .executableTarget(
            name: "ScheduleProbe",
            dependencies: known(["Schedules", "Governance", "Exceptions", "Messaging", "Base", "Engine", "StoreSQLite", "Store", "Kernel"]),
            path: "Tests/ScheduleProbe", swiftSettings: settings))
}
suite("TidyTests", ["JSON"])
suite("PostgresTests", ["StorePostgres", "StoreSQLite", "Store", "Engine", "Kernel", "TestKit"])
suite("ConformanceTests", everything + ["TestKit"])
suite("AppTests", everything + ["TestKit", "ScheduleProbe"])
suite("DoorTests", everything + ["TestKit"])
suite("SimulationTests", everything + ["TestKit"])
suite("JobTests", everything + ["TestKit"])
suite("CommandTests", ["baton", "JSON"])
suite("SecurityTests", everything + ["TestKit", "Operations"])

let package = Package(name: "Baton", products: [], targets: targets)
