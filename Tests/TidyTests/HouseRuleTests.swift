import Foundation
import Testing

/// The house rules over the whole repository. A failure lists every offender with its place.
@Suite struct HouseRuleTests {
    private func expectNone(_ offences: [Offence], sourceLocation: SourceLocation = #_sourceLocation) {
        let list = offences.map { "  " + $0.description }.joined(separator: "\n")
        if !offences.isEmpty { Issue.record("\(offences.count) offence(s):\n\(list)", sourceLocation: sourceLocation) }
    }

    @Test("files keep their budget of lines")
    func filesKeepTheirBudget() { expectNone(Budgets.fileOffences(Repository.files)) }

    @Test("functions keep their budget of lines")
    func functionsKeepTheirBudget() { expectNone(Budgets.functionOffences(Repository.productSwift)) }

    @Test("imports go down the house")
    func importsGoDown() {
        #expect(!Repository.manifest.modules.isEmpty, "Package.swift could not be read")
        expectNone(Imports.offences(Repository.productSwift, Repository.manifest))
    }

    @Test("every public declaration is documented")
    func publicsAreDocumented() { expectNone(Documentation.undocumented(Repository.productSwift)) }

    @Test("links in documents lead somewhere")
    func linksLeadSomewhere() { expectNone(Documentation.brokenLinks(Repository.files, exists: Repository.exists)) }

    @Test("the product prints nothing, forces nothing and leaves no open note")
    func noForbiddenWords() { expectNone(Words.offences(Repository.productSwift)) }

    @Test("no file names a path of one machine")
    func noMachinePaths() { expectNone(Words.machinePaths(Repository.files)) }

    @Test("every C library that Package.swift imports has its Debian package in scripts/packages.txt")
    func packagesAreNamed() throws {
        let list = try #require(Repository.file("scripts/packages.txt"))
        expectNone(Packages.missing(Repository.manifest, list: list) { Repository.exists("Sources/" + $0) })
    }

    @Test("every icon that the client or the views of an app name is one of scripts/client-icons.txt")
    func iconsAreListed() throws {
        let lines = try #require(Repository.file("scripts/client-icons.txt")).lines
        let listed = Set(lines.filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").first }.map(String.init) + ["mark"])
        var named: [String: String] = [:]
        for file in Repository.files where file.isUnder(["Client", "Apps"]) && file.ends(with: [".js", ".swift"]) {
            for found in file.text.matches(of: #/(?:icon: |\bicon\(|iconButton\()["']([a-z-]+)["']/#) { named[String(found.1)] = file.path }
        }
        #expect(named.count > 40)
        expectNone(named.filter { !listed.contains($0.key) }.map { Offence(path: $0.value, line: 0, what: "there is no icon '\($0.key)'") })
    }

    @Test("lists of packages are sorted", arguments: ["scripts/packages.txt", "scripts/packages-test.txt"])
    func listsAreSorted(path: String) throws { expectNone(Packages.unsorted(try #require(Repository.file(path)))) }

    @Test("every make target that a document names exists")
    func makeTargetsExist() throws {
        let makefile = try #require(Repository.file("Makefile"))
        expectNone(Documentation.unknownMakeTargets(Repository.files.filter { $0.path.hasSuffix(".md") }, makefile: makefile.text))
    }

    @Test("every test has a sentence for a name")
    func testsHaveSentences() { expectNone(Documentation.wordlessTests(Repository.swift)) }

    @Test("the documents that a newcomer looks for exist", arguments: ["CHANGELOG.md", "CONTRIBUTING.md"])
    func documentsExist(path: String) { #expect(Repository.exists(path), "\(path) is missing") }
}
