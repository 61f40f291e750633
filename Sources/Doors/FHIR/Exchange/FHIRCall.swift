import FHIR
import HTTPServer

/// One thing that a client wants, whether it came as a request or as an entry of a Bundle.
struct FHIRCall: Sendable {
    /// What is wanted.
    enum Wish: Sendable, Equatable {
        case metadata
        case bundle
        case read(String, String)
        case binary(String)
        case search(String)
        case create(String)
        case update(String, String)
    }

    let wish: Wish
    var query: [SearchTerm] = []
    var body: [UInt8] = []
    /// The resource where it was parsed already, as in a Bundle.
    var resource: FHIRResource?
    var ifMatch: String?
    var ifNoneMatch: String?
    var ifNoneExist: String?
    /// `Prefer: handling=lenient`: search parameters that are not known are reported instead of refused.
    var isLenient = false
    /// `Prefer: return=minimal`.
    var isMinimal = false
    /// Whether a Binary is wanted as a resource rather than as its bytes.
    var wantsResource = true

    init(_ wish: Wish) { self.wish = wish }

    /// The method and type, for reports.
    var label: String {
        switch wish {
        case .metadata: "metadata"
        case .bundle: "Bundle"
        case .read(let type, _): "read \(type)"
        case .binary: "read Binary"
        case .search(let type): "search \(type)"
        case .create(let type): "create \(type)"
        case .update(let type, _): "update \(type)"
        }
    }
}

/// A name and a value of a query.
struct SearchTerm: Sendable, Equatable {
    let name: String
    let value: String

    /// The items of a query or form.
    static func list(_ text: String) -> [SearchTerm] { HTTPQuery(text).items.map { SearchTerm(name: $0.name, value: $0.value) } }
}

extension FHIRCall.Wish {
    /// What a method on a path asks for; the path is relative to the door and without a query.
    ///
    /// - Throws: A `FHIRRefusal` with 404 or 405.
    init(_ method: HTTPMethod, _ path: String) throws {
        let steps = path.split(separator: "/").map(String.init)
        let method = method == .head ? .get : method
        guard let type = steps.first else {
            guard method == .post else {
                throw FHIRRefusal.notAllowed("Only a batch or transaction can be posted here.", allowed: ["POST"])
            }
            self = .bundle
            return
        }
        if type == "metadata", steps.count == 1 {
            guard method == .get else {
                throw FHIRRefusal.notAllowed("The CapabilityStatement can only be read.", allowed: ["GET", "HEAD"])
            }
            self = .metadata
            return
        }
        guard type == "Binary" || ResourceCatalogue.mapping(type) != nil else { throw FHIRRefusal.unknownType(type) }
        switch (steps.count, method) {
        case (1, .get) where type != "Binary": self = .search(type)
        case (1, .post) where type != "Binary": self = .create(type)
        case (2, .post) where steps[1] == "_search" && type != "Binary": self = .search(type)
        case (2, .get) where type == "Binary": self = .binary(steps[1])
        case (2, .get) where !steps[1].hasPrefix("_") && !steps[1].hasPrefix("$"): self = .read(type, steps[1])
        case (2, .put) where type != "Binary": self = .update(type, steps[1])
        case (1, _): throw FHIRRefusal.notAllowed("A \(type) can be searched for and posted here.", allowed: ["GET", "HEAD", "POST"])
        case (2, _) where !steps[1].hasPrefix("_") && !steps[1].hasPrefix("$"):
            throw FHIRRefusal.notAllowed(
                "A \(type) can be read and put here; it is not patched or deleted.", allowed: ["GET", "HEAD", "PUT"])
        default:
            throw FHIRRefusal(
                404, "fhir.not_supported", .notSupported, "This server has no such interaction. See /metadata for those it has.")
        }
    }
}
