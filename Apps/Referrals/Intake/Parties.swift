import Base
import Kernel

/// Who a referral names: referrers, practices and payers, found among the contacts or made.
enum Parties {
    /// The contact that is named: by its number, then by its name; one that is not known is made.
    static func contact(_ party: ReferralData.Party, isCompany: Bool, in env: Environment) throws -> Record<Partner>? {
        if party.isEmpty { return nil }
        if !party.number.isEmpty, let known = try env.search(Partner.self, .where("ref", .equal, .text(party.number)), limit: 1).first {
            return known
        }
        if !party.name.isEmpty {
            var named =
                Domain.where("name", .exactIlike, .text(LikeText.escaped(party.name))) & .where("is_company", .equal, .bool(isCompany))
            // Somebody with a number of their own is not somebody of the same name with another one.
            if !party.number.isEmpty { named = named & (.where("ref", .equal, .null) | .where("ref", .equal, "")) }
            if let known = try env.search(Partner.self, named, limit: 1).first { return known }
        }
        let name = party.name.isEmpty ? party.number : party.name
        return try env.create(
            Partner.self,
            [
                "name": .text(name), "ref": .text(party.number), "phone": .text(party.phone), "email": .text(party.email),
                "is_company": .bool(isCompany),
            ])
    }

    /// The patient's coverage by a payer: the known one with these facts, or a new one; nothing when no payer is named.
    static func coverage(of patient: Record<Patient>, by payer: ReferralData.Party, _ facts: ValueMap, in env: Environment) throws -> Value
    {
        guard let payer = try contact(payer, isCompany: true, in: env) else { return .null }
        return try coverage(of: patient, by: payer, facts, in: env)
    }

    /// The patient's coverage by a payer who is known.
    static func coverage(of patient: Record<Patient>, by payer: Record<Partner>, _ facts: ValueMap, in env: Environment) throws -> Value {
        let number = facts["member_number"]?.textValue ?? ""
        if let known = patient.coverages.first(where: { $0.payer == payer && ($0.memberNumber == number || number.isEmpty) }) {
            try known.write(facts)
            return .int(known.id)
        }
        return .int(try env.create(Coverage.self, facts.merging(["patient_id": .int(patient.id), "payer_id": .int(payer.id)])).id)
    }

    /// The specialty with a code or a name.
    static func specialty(_ text: String, in env: Environment) throws -> Record<Specialty>? {
        guard !text.isEmpty else { return nil }
        let escaped = LikeText.escaped(text)
        let domain = Domain.where("code", .exactIlike, .text(escaped)) | .where("name", .exactIlike, .text(escaped))
        return try env.search(Specialty.self, domain, limit: 1).first
    }
}

/// Text from outside inside a pattern of `=ilike`, where `%` and `_` mean something.
enum LikeText {
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "%" || character == "_" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
