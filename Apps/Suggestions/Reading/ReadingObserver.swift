import Kernel
import Referrals

/// Sees that a document was checked, and has it read.
struct ReadingObserver: RecordObserver {
    func events(of model: ModelSchema) -> RecordEvents { model.name == Document.name ? .written : [] }

    func watched(in model: ModelSchema) -> [Field] { model.field("state").map { [$0] } ?? [] }

    func written(_ records: Records, changes: [RecordChange]) throws {
        let env = records.env.asSuperuser("documents are read by the machine")
        for document in env.records(Document.self, records.ids) where document.state == .checked && document.referral == nil {
            try ReadingJobs.plan(document)
        }
    }
}
