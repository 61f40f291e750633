import Base
import Exceptions
import Kernel
import Referrals

/// What the machine reads from documents, what people make of it, and how often it was right.
public enum SuggestionsApp {
    /// The app.
    public static let app = App("suggestions", "Reading of documents", needs: ["base", "exceptions", "governance", "referrals"]) { app in
        app.add(DocumentPart.self)
        app.add(Suggestion.self)
        app.add(DocumentMatch.self)
        app.add(ReadingLayout.self)
        app.extend(ReadDocument.self)
        app.extend(ReadPage.self)
        app.observe(ReadingObserver())
        app.offer(ReadingPolicyKind())
        app.offer(ReadingPolicy.shipped)
        app.offer(PolicyIdentity())
        app.offer(LayoutViews.layouts)
        for group in ["referrals.group_user", "referrals.group_auditor"] { app.allow(group, "r", on: ReadingLayout.name) }
        app.allow("referrals.group_manager", "rw", on: ReadingLayout.name)
        app.rule(
            "care.reading.layout of one's sites", on: ReadingLayout.name,
            "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        for model in [Suggestion.name, DocumentPart.name, DocumentMatch.name] {
            app.allow("referrals.group_auditor", "r", on: model)
            app.allow("referrals.group_user", "rw", on: model)
        }
    }
}
