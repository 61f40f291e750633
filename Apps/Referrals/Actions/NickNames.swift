/// Given names and what people are called who bear them.
enum NickNames {
    /// Names that may stand for each other; the first one is the full name.
    private static let groups = [
        "alexander alex al sandy xander", "alexandra alex sandra sandy lexi", "alejandro alex ale", "andrew andy drew", "anthony tony",
        "antonio tony toni", "barbara barb barbie", "benjamin ben benny", "catherine katherine kathryn cathy kathy kate katie kat",
        "charles charlie chuck chas", "christina tina chris", "christine chris tina", "christopher chris kit topher", "cynthia cindy",
        "daniel dan danny", "david dave", "deborah debra deb debbie", "donald don donny", "dorothy dot dottie dolly",
        "edward ed eddie ted ned", "eduardo lalo edu", "elizabeth liz lizzie beth betty betsy eliza libby", "emily em emmy", "eugene gene",
        "frances fran frannie", "francis frank", "francisco paco pancho frank", "frederick fred freddy", "gabriel gabe",
        "gerald gerry jerry",
        "gregory greg", "guadalupe lupe", "harold harry hal", "henry hank harry", "jacob jake", "james jim jimmy jamie",
        "jennifer jen jenny",
        "jessica jess jessie", "jesus chuy", "john johnny jack", "jonathan jon jonny", "jose pepe", "joseph joe joey", "joshua josh",
        "judith judy", "kenneth ken kenny", "kimberly kim", "lawrence larry", "leonard leo len lenny", "louis lou louie", "lucille lucy",
        "luis lucho", "manuel manny manolo", "margaret maggie meg peggy marge", "maria mary", "martin marty", "matthew matt",
        "michael mike mikey mick", "nancy nan", "nathaniel nathan nate", "nicholas nick nicky", "pamela pam", "patricia pat patty trish",
        "patrick pat paddy", "peter pete", "philip phillip phil", "raymond ray", "rebecca becky becca", "richard rick ricky rich dick",
        "robert rob robbie bob bobby", "roberto beto", "ronald ron ronnie", "rosemary rose rosie", "samuel sam sammy", "samantha sam sammy",
        "sandra sandy", "stephanie steph", "stephen steven steve", "susan sue susie suzy", "terence terry", "teresa theresa terry tess",
        "theodore ted teddy theo", "thomas tom tommy", "timothy tim", "victoria vicky tori", "vincent vince vinny",
        "virginia ginny", "walter walt wally", "william will willie bill billy liam", "zachary zach zack",
    ].map { Set($0.split(separator: " ").map(String.init)) }

    /// Whether one name is what the other is called; the same name is not.
    static func areSame(_ one: String, _ other: String) -> Bool {
        let (first, second) = (letters(one), letters(other))
        guard first != second, !first.isEmpty, !second.isEmpty else { return false }
        return groups.contains { $0.contains(first) && $0.contains(second) }
    }

    /// The first of the given names in small letters.
    private static func letters(_ name: String) -> String {
        String(name.lowercased().prefix { $0.isLetter })
    }
}

/// Names of streets, practices and payers as they are compared.
enum PlaceNames {
    /// Letters and digits in capitals, without signs and spaces.
    static func letters(_ text: String) -> String { text.uppercased().filter { $0.isLetter || $0.isNumber } }
}
