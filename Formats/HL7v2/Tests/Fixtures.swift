import HL7v2

/// Messages written for these tests; none of the people exist.
enum Fixtures {
    static let referral =
        [
            #"MSH|^~\&|CLINIC^2.16.840.1.113883.3.1^ISO|NORTH|BATON|HARBOUR|20260301101500+0100||REF^I12^REF_I12|N-1001|P|2.5.1|||AL|NE"#,
            "RF1|P^Pending^HL70280|R^Routine^HL70281|MED^Medical Care^HL70282|WR^Written^HL70283||N-77|20260301|20260401||E11.9^Diabetes^I10",
            "PRD|RP^Referring Provider^HL70286|Okafor^Ada^^^Dr|1 Quay St^^Harbour^ME^04101||||1234567893^NPI",
            "PRD|RT^Referred to Provider^HL70286|Lindqvist^Per^^^Dr|9 Mole Rd^^Harbour^ME^04101",
            #"PID|1||MRN-5^^^NORTH&2.16.840.1.113883.3.1&ISO^MR~900-00-0001^^^^SS||Tester^Anna^Q^Jr^Ms||19840229|F|||12 Sea \T\ Sky Ln^Apt 3^Harbour^ME^04101^USA^H||^PRN^PH^^1^207^5550100"#,
            "DG1|1||E11.9^Type 2 diabetes^I10|||W",
            "OBR|1|N-77||83036^HbA1c^C4|||202602281030",
            "OBX|1|NM|4548-4^HbA1c^LN||8.1|%|4-6|H|||F",
            #"NTE|1||First line\.br\Second line"#,
            "ZRF|custom^thing|~x",
        ].joined(separator: "\r") + "\r"

    static let answer =
        [
            #"MSH|^~\&|BATON|HARBOUR|CLINIC|NORTH|20260302090000||RRI^I12^RRI_I12|B-9|P|2.5.1"#,
            "MSA|AA|N-1001", "RF1|A^Accepted^HL70280||||B-12|N-77|20260302", "PRD|RT|Lindqvist^Per",
            "PID|1||MRN-5^^^NORTH^MR||Tester^Anna",
        ].joined(separator: "\r") + "\r"

    static func admission(_ event: String, id: String = "A-1") -> String {
        [
            #"MSH|^~\&|ADT|NORTH|BATON|HARBOUR|20260301||ADT^\#(event)|\#(id)|P|2.4"#, "EVN|\(event)|20260301101500",
            "PID|1||MRN-5^^^NORTH^MR||Tester^Anna||19840229|F", "PV1|1|O",
        ].joined(separator: "\r") + "\r"
    }

    static let batch =
        #"FHS|^~\&|ADT|NORTH"# + "\r" + #"BHS|^~\&|ADT|NORTH"# + "\r" + admission("A28", id: "B-1") + admission("A31", id: "B-2")
        + admission("A08", id: "B-3") + "BTS|3\rFTS|1\r"

    static func read(_ text: String) throws -> HL7Message { try HL7Reader().readOne(Array(text.utf8)) }
}
