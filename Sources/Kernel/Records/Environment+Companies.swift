/// Links that must stay within a company.
extension Environment {
    /// Refuses links from records of one company to records of another; what belongs to no company may be linked by all.
    ///
    /// - Parameter written: The names of the fields that were written; nil for new records.
    func checkCompanies(of records: Records, written: Set<String>?) throws {
        let model = records.model
        guard let company = model.field("company_id") else { return }
        let superuser = asSuperuser("companies are compared whoever writes")
        let own = records.with(superuser)
        for field in model.companyChecked {
            if let written, !written.contains(field.name), !written.contains("company_id") { continue }
            for id in records.ids {
                guard let companyId = try own.value(id, company).intValue else { continue }
                let linked = try own.only(id).related(field.name)
                for other in linked.ids {
                    guard let theirs = try linked.value(other, "company_id").intValue, theirs != companyId else { continue }
                    throw Refusal.otherCompany(field, model)
                }
            }
        }
    }
}

extension Refusal {
    static func otherCompany(_ field: Field, _ model: ModelSchema) -> Refusal {
        Refusal(
            "record.other_company", .userError, "'\(field.traits.title)' of '\(model.title)' belongs to another company than the record.",
            instruction: "Choose one of the same company, or one that belongs to none.",
            details: ["model": .text(model.name), "field": .text(field.name)])
    }
}
