/// Messages written for these tests; none of the people exist.
enum Messages {
    static func header(_ type: String, id: String, sender: String = "CLINIC|NORTH", version: String = "2.5.1", tail: String = "") -> String
    {
        #"MSH|^~\&|\#(sender)|BATON|HARBOUR|20261120101500||\#(type)|\#(id)|P|\#(version)\#(tail)"#
    }

    static let provider =
        "PRD|RP^Referring Provider^HL70286|Okafor^Ada^^^Dr|1 Quay St^^Harbour^ME^04101||^WPN^PH^^1^207^5550177||1234567893^NPI"

    static func patient(_ number: String = "MRN-5", name: String = "Tester^Anna^Q", born: String = "19840229") -> String {
        "PID|1||\(number)^^^NORTH&2.16.840.1.113883.3.1&ISO^MR||\(name)||\(born)|F|||12 Sea Ln^Apt 3^Harbour^ME^04101^USA^H||^PRN^PH^^1^207^5550100"
    }

    static func referral(
        _ event: String = "I12", id: String, number: String = "N-77", patient: String = Messages.patient(), tail: String = "",
        version: String = "2.5.1", sender: String = "CLINIC|NORTH", more: [String] = []
    ) -> String {
        lines(
            [
                header("REF^\(event)^REF_I12", id: id, sender: sender, version: version, tail: tail),
                "RF1|P^Pending^HL70283|A^ASAP^HL70280|207RC0000X^Cardiovascular Disease^NUCC|||\(number)|20261120|||Palpitations at rest",
                "AUT||PAY-1|Meridian Health|20261101|20270101|AUTH-9", provider,
                "PRD|RT^Referred to Provider^HL70286|Lindqvist^Per^^^Dr", patient,
                "IN1|1|HMO^Gold plan|PAY-1|Meridian Health||||GRP-3||||20260101|20271231||||SEL|||||||||||||||||||POL-1|||||||||||||MEM-7",
                "DG1|1||I47.1^Supraventricular tachycardia^I10|||W", "PR1|1||93000^Electrocardiogram^C4",
                "OBR|1|N-77||93000^ECG with report^C4",
            ] + more)
    }

    static let document = "OBX|1|ED|11524-6^EKG study^LN||^application^pdf^Base64^JVBERi0xLjQKJSBub25lCg==||||||F"
    static let texts = [#"NTE|1||First line\.br\Second line"#, "OBX|2|NM|8867-4^Heart rate^LN||118|/min|60-100|H|||F"]

    static func cancel(id: String, number: String = "N-77") -> String { referral("I14", id: id, number: number) }

    static func status(id: String, number: String = "N-77", sender: String = "CLINIC|NORTH") -> String {
        lines([header("REF^I15^REF_I12", id: id, sender: sender), "RF1||||||\(number)", provider, patient()])
    }

    static func demographics(_ event: String, id: String, patient: String = Messages.patient(), tail: String = "") -> String {
        lines([header("ADT^\(event)", id: id, tail: tail), "EVN|\(event)|20261120101500", patient, "PV1|1|N"])
    }

    static func lines(_ segments: [String]) -> String { segments.joined(separator: "\r") + "\r" }
}
