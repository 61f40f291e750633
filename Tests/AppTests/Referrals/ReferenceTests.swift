import Foundation
import Kernel
import Referrals
import TestKit
import Testing

/// `docs/reference/referrals.md` says what the code does.
@Suite struct ReferenceTests {
    private func rows() throws -> [[String]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../../docs/reference/referrals.md")
        return try String(contentsOf: file.standardizedFileURL, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("|") }
            .map { row in
                row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
            }
    }

    @Test("the table of actions names every action of the app, its title and who may take it")
    func actionsAreTrue() throws {
        let registry = try Registry(apps: World.apps)
        let real = registry.models.filter { $0.app == "referrals" }.flatMap { model in
            model.actions.map { ["`\(model.name)`", "`\($0.name)`", $0.title, $0.groups.map { "`\($0)`" }.joined(separator: ", ")] }
        }
        let told = try rows().filter { $0.count == 6 && $0[1].hasPrefix("`action_") }.map { Array($0.prefix(4)) }
        #expect(Set(told) == Set(real))
        #expect(told.count == real.count)
    }

    @Test("the table of stages names each stage, its title and those that may follow")
    func stagesAreTrue() throws {
        let real = Referrals.Stage.allCases.map {
            ["`\($0.rawValue)`", $0.title, $0.next.map(\.rawValue).sorted().joined(separator: ", ")]
        }
        let told = try rows().filter { $0.count == 5 && $0[0].hasPrefix("`") }.map { [$0[0], $0[1], $0[4]] }
        #expect(told == real)
    }

    @Test("every model and group of the app is in the page")
    func modelsAreTold() throws {
        let registry = try Registry(apps: World.apps)
        let words = try rows().joined().joined(separator: " ")
        for model in registry.models where model.app == "referrals" { #expect(words.contains("`\(model.name)`"), "\(model.name)") }
        for group in registry.apps.first(where: { $0.name == "referrals" })?.groups ?? [] {
            #expect(words.contains("`\(group.externalId)`"), "\(group.externalId)")
        }
    }
}
