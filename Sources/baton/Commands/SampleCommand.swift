import Foundation
import JSON
import Kernel
import Operations

/// `baton sample`: writes a referral to try the doors with. Nobody in it is real.
enum SampleCommand {
    /// The door that the sample is for.
    enum Kind: String, CaseIterable, Sendable {
        case hl7, fhir, pdf, fax
    }

    static let command = Command(
        path: ["sample"],
        summary: "Writes a sample referral: hl7 (REF^I12), fhir (a transaction), pdf (a letter) or fax (a picture of a form).",
        details: "Each call writes a new referral unless --number says which one: the same number gives the same bytes.",
        operands: "hl7|fhir|pdf|fax",
        options: [CommandOption("number", "N", "which referral, 1 to 999999; default one by chance")]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        guard arguments.rest.count == 1, let kind = Kind(rawValue: arguments.rest[0]) else {
            throw UsageMistake("Say which sample: hl7, fhir, pdf or fax.")
        }
        let number = try arguments.number("number", in: 1...999_999) ?? Int.random(in: 1_000...999_999)
        let sample = SampleReferral(number: number)
        switch kind {
        case .hl7: Output.write(Array(sample.hl7.utf8))
        case .fhir: Output.line(sample.fhir.pretty())
        case .pdf: Output.write(sample.pdf)
        case .fax: Output.write(try SampleFax(number: number).png())
        }
        return ExitCode.done
    }
}
