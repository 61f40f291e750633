import Governance
import JSON
import Kernel

extension World {
    /// Brings a definition into force as if the program had brought it along; a second content makes a second version.
    public func ship(_ kind: String, _ key: String, _ content: JSON) throws {
        try act { env in
            let file = DefinitionFile(kind: kind, key: key, title: key, content: content)
            try Definitions.ship(ShippedDefinitions(app: "test", release: "1") { [file] }, in: env)
        }
    }
}
