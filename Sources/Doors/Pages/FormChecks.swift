import Kernel

/// What can be wrong with an answer, with the sentence that a page shows.
public enum FormChecks {
    /// What holds for every question: answered if it must be, not too long, one of the choices.
    public static func common(_ field: FormField, _ value: String) -> String? {
        let label = field.label.prefix(1).lowercased() + field.label.dropFirst()
        let what = label.hasPrefix("your ") ? label : "the " + label
        let choices: [FormField.Choice]? =
            switch field.kind {
            case .choice(let choices), .radios(let choices): choices
            case .line, .lines: nil
            }
        if value.isEmpty {
            guard field.isRequired else { return nil }
            return choices == nil ? "Enter \(what)" : "Choose \(what)"
        }
        guard value.count <= field.limit else { return "\(field.label) must have \(field.limit) characters or fewer" }
        if let choices, !choices.contains(where: { $0.value == value }) { return "Choose \(what) from the list" }
        return nil
    }

    /// The earliest year of birth that is believed.
    private static let firstYear = 1880

    /// A birth date that is a day, and not to come.
    public static func birthDate(_ value: String, today: Day) -> String? {
        guard let day = TypedDate.read(value) else { return "Enter the birth date as a real date, like 1970-02-14 or 14 Feb 1970" }
        if day > today { return "The birth date must not be in the future. Check it with the patient (patient.birth_date)" }
        return day.parts.year < firstYear ? "The birth date must be after \(firstYear)" : nil
    }

    /// A National Provider Identifier: ten digits, the last of which checks the others.
    ///
    /// Source: 45 CFR 162.406; the check digit is Luhn's over the digits with 80840 before them.
    public static func npi(_ value: String) -> String? {
        let digits = digits(value)
        guard digits.utf8.count == 10, value.allSatisfy({ $0.isNumber || $0 == " " || $0 == "-" }) else {
            return "The NPI must have 10 digits"
        }
        var sum = 24  // what 80840 adds
        for (place, byte) in digits.utf8.enumerated() {
            let digit = Int(byte) - 0x30
            let doubled = digit * 2
            sum += place % 2 == 0 ? (doubled > 9 ? doubled - 9 : doubled) : digit
        }
        return sum % 10 == 0 ? nil : "Check the NPI: its last digit does not fit the others"
    }

    /// The decimal digits of a text.
    public static func digits(_ text: String) -> String { String(text.filter { $0.isASCII && $0.isNumber }) }
}
