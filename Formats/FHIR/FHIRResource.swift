import JSON

/// A FHIR resource: JSON with a `resourceType`, kept whole.
///
/// Unknown members, the order of members and the digits of decimals survive reading and writing.
public struct FHIRResource: Sendable, Hashable {
    /// The whole resource.
    public internal(set) var json: JSON
    /// The resource type, as `resourceType` says.
    public let type: String

    /// Takes JSON that names its type; anything else is nil. Whether R4 knows the type is for `FHIRValidator` to say.
    public init?(_ json: JSON) {
        guard let type = json["resourceType"]?.stringValue else { return nil }
        self.json = json
        self.type = type
    }

    /// A new resource; `resourceType` comes first, then the id, then the members in their order.
    public init(type: String, id: String? = nil, _ members: JSONObject = JSONObject()) {
        var object: JSONObject = ["resourceType": .string(type)]
        if let id { object["id"] = .string(id) }
        object.members += members.members
        json = .object(object)
        self.type = type
    }

    /// Reads a resource from its JSON text, decimals digit for digit; a byte order mark before it is passed over.
    ///
    /// - Throws: A problem of code `structure` when the text is no JSON or no resource, `too-long` or `too-costly` when it
    ///   exceeds a limit.
    public static func parse(_ bytes: [UInt8], limits: FHIRLimits = .default) throws(FHIRProblem) -> FHIRResource {
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(
                bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes, limits: limits.json, numbers: .literal)
        } catch {
            throw FHIRProblem(
                issueType(of: error), "The text is not acceptable JSON: \(error.what) (line \(error.line), column \(error.column))",
                severity: .fatal)
        }
        guard let resource = FHIRResource(json) else {
            throw FHIRProblem(.structure, "The text is no FHIR resource. Send a JSON object with `resourceType`.", severity: .fatal)
        }
        return resource
    }

    private static func issueType(of error: JSONError) -> FHIRIssueType {
        switch error.code {
        case "json.too_large", "json.number_too_long": .tooLong
        case "json.too_deep": .tooCostly
        case "json.duplicate_key": .duplicate
        default: .structure
        }
    }

    /// The JSON text in UTF-8 without white space.
    public func serialized() -> [UInt8] { json.serialized() }

    /// The problems that `FHIRValidator.shared` finds.
    public func problems(expecting type: String? = nil) -> [FHIRProblem] { FHIRValidator.shared.check(json, expecting: type) }
}

extension FHIRResource {
    /// The logical id; setting it keeps its place, or puts it after `resourceType`.
    public var id: String? {
        get { json["id"]?.stringValue }
        set { set("id", newValue.map(JSON.string), after: "resourceType") }
    }

    /// `meta.versionId`.
    public var versionId: String? { string("meta.versionId") }

    /// `Type/id`, or nil without an id.
    public var reference: String? { id.map { "\(type)/\($0)" } }

    /// A top-level member; setting nil removes it.
    public subscript(_ member: String) -> JSON? {
        get { json[member] }
        set { set(member, newValue, after: nil) }
    }

    /// Stamps `meta.versionId` and `meta.lastUpdated`, keeping the rest of `meta`.
    public mutating func stamp(version: String, lastUpdated: FHIRDateTime) {
        var meta = json["meta"]?.objectValue ?? JSONObject()
        meta["versionId"] = .string(version)
        meta["lastUpdated"] = .string(lastUpdated.text)
        set("meta", .object(meta), after: id == nil ? "resourceType" : "id")
    }

    private mutating func set(_ member: String, _ value: JSON?, after neighbour: String?) {
        guard case .object(var object) = json, member != "resourceType" else { return }
        if let value, object[member] == nil, let place = object.members.firstIndex(where: { $0.key == neighbour }) {
            object.members.insert(JSONObject.Member(key: member, value: value), at: place + 1)
        } else {
            object[member] = value
        }
        json = .object(object)
    }
}

extension FHIRResource {
    /// The value at a path such as `code.coding.0.code`; the first element answers where a number is left out.
    public func value(_ path: String) -> JSON? { json.fhirValue(path) }

    /// All values at a path, arrays opened: `name.given`.
    public func values(_ path: String) -> [JSON] { json.fhirValues(path) }

    /// The string at a path.
    public func string(_ path: String) -> String? { json.fhirValue(path)?.stringValue }

    /// All strings at a path, arrays opened.
    public func strings(_ path: String) -> [String] { json.fhirValues(path).compactMap(\.stringValue) }

    /// The truth value at a path.
    public func bool(_ path: String) -> Bool? { json.fhirValue(path)?.boolValue }

    /// The whole number at a path.
    public func int(_ path: String) -> Int? { json.fhirValue(path)?.intValue }

    /// The digits of the number at a path, exactly as written: `1.50`.
    public func decimal(_ path: String) -> String? {
        switch json.fhirValue(path) {
        case .int(let value)?: String(value)
        case .number(let literal)?: literal
        case .double(let value)?: String(value)
        default: nil
        }
    }

    /// The date or time at a path.
    public func date(_ path: String) -> FHIRDateTime? { string(path).flatMap(FHIRDateTime.init) }

    /// The Reference at a path.
    public func reference(_ path: String) -> FHIRReference? { json.fhirValue(path).flatMap { FHIRReference($0) } }

    /// The code of a CodeableConcept at a path, for one code system.
    public func code(_ path: String, system: String) -> String? {
        json.fhirValues(path + ".coding").first { $0["system"]?.stringValue == system }?["code"]?.stringValue
    }

    /// The value of the identifier of one system.
    public func identifier(_ system: String, at path: String = "identifier") -> String? {
        json.fhirValues(path).first { $0["system"]?.stringValue == system }?["value"]?.stringValue
    }

    /// The extension of that URL on the resource itself.
    public func `extension`(_ url: String) -> JSON? { json.fhirValues("extension").first { $0["url"]?.stringValue == url } }
}
