import Base
import Exceptions
import Governance
import Kernel
import Messaging

/// Referrals from every channel to a closed loop.
public enum ReferralsApp {
    /// The app.
    public static let app = App(
        "referrals", "Referrals", needs: ["base", "mail", "exceptions", "service_levels", "decisions"]
    ) { app in
        for add in models { add(&app) }
        groups(&app)
        rights(&app)
        rules(&app)
        app.offer(IntakeDesk.retryOfMessages)
        app.offer(IntakeDesk.retryOfDocuments)
        app.extend(ReferralClocks.self)
        app.extend(AuthorizationClocks.self)
        app.seed("catalogue") { try Catalogue.fill($0) }
        app.seed("numbers") { env in
            try Reference.ensure(
                "referrals.sequence", Sequence.self,
                ["name": "Referrals", "code": "care.referral", "prefix": "REF/%(year)s/", "padding": 5], env)
        }
        app.offer(ShippedDefinitions(app: "referrals", release: "0.1.0") { try ReferralDefinitions.shared.files })
        for use in ReferralTable.uses { app.offer(use) }
        for views in ReferralViews.all { app.offer(views) }
        app.offer(ReferralDashboard.screen)
        app.offer(ReferralDashboard.dashboard)
        app.demo("hospital group") { try DemoGroup.fill($0) }
    }

    private static let models: [@Sendable (inout App) -> Void] = [
        { $0.add(Specialty.self) }, { $0.add(Reason.self) }, { $0.add(Patient.self) }, { $0.add(PatientIdentifier.self) },
        { $0.add(Coverage.self) },
        { $0.add(Service.self) }, { $0.add(Slot.self) }, { $0.add(Intake.self) }, { $0.add(Referral.self) }, { $0.add(Requirement.self) },
        { $0.add(Document.self) }, { $0.add(DocumentPage.self) }, { $0.add(Authorization.self) }, { $0.add(Appointment.self) },
        { $0.add(Note.self) },
        { $0.add(Match.self) },
    ]

    private static func groups(_ app: inout App) {
        app.group("referrals.group_user", "Referrals: coordinator", implies: ["base.group_user", "exceptions.group_user"])
        app.group("referrals.group_triage", "Referrals: triage", implies: ["referrals.group_user"])
        app.group("referrals.group_manager", "Referrals: manager", implies: ["referrals.group_user", "exceptions.group_manager"])
        app.group("referrals.group_integration", "Referrals: sending systems", implies: ["base.group_user"])
        app.group("referrals.group_auditor", "Referrals: read everything", implies: ["base.group_user", "exceptions.group_auditor"])
    }

    private static func rights(_ app: inout App) {
        let user = "referrals.group_user"
        app.allow(
            user, "rwc", on: "care.patient", "care.patient.identifier", "care.coverage", "care.referral", "care.authorization",
            "care.document", "care.note")
        app.allow(user, "rw", on: "care.requirement", "care.match", "care.appointment")
        app.allow(user, "r", on: "care.document.page", "care.specialty", "care.reason", "care.service", "care.slot", "care.intake")
        let manager = "referrals.group_manager"
        app.allow(
            manager, "rwcd", on: "care.patient.identifier", "care.service", "care.slot", "care.specialty", "care.reason", "care.requirement"
        )
        app.allow(
            "referrals.group_auditor", "r", on: "care.patient", "care.patient.identifier", "care.coverage", "care.referral",
            "care.authorization", "care.document", "care.document.page", "care.note", "care.requirement", "care.match", "care.appointment",
            "care.specialty", "care.reason", "care.service", "care.slot", "care.intake")
        let integration = "referrals.group_integration"
        app.allow(
            integration, "rwc", on: "care.patient", "care.patient.identifier", "care.coverage", "care.referral", "care.document",
            "care.intake")
        app.allow(
            integration, "r", on: "care.specialty", "care.service", "care.slot", "care.appointment", "care.authorization",
            "care.requirement", "care.note", "care.reason")
    }

    private static func rules(_ app: inout App) {
        let own = "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]"
        for model in ["care.patient", "care.referral", "care.document", "care.intake", "care.note"] {
            app.rule("\(model) of one's sites", on: model, own)
        }
        app.rule("care.service of one's sites to change", on: "care.service", own, operations: "wcd")
        app.rule("care.slot of one's sites to change", on: "care.slot", own, operations: "wcd")
    }
}

/// Specialties and reasons of every database.
private enum Catalogue {
    static func fill(_ env: Environment) throws {
        let catalogue = try ReferralDefinitions.shared.catalogue
        for specialty in catalogue["specialties"]?.arrayValue ?? [] {
            let code = specialty["code"]?.stringValue ?? ""
            try Reference.ensure(
                "referrals.specialty_\(code.lowercased())", Specialty.self,
                ["code": .text(code), "name": .text(specialty["name"]?.stringValue ?? code)], env)
        }
        for (place, reason) in (catalogue["reasons"]?.arrayValue ?? []).enumerated() {
            let code = reason["code"]?.stringValue ?? ""
            try Reference.ensure(
                "referrals.reason_\(code)", Reason.self,
                [
                    "code": .text(code), "name": .text(reason["name"]?.stringValue ?? code),
                    "kind": .text(reason["kind"]?.stringValue ?? ""),
                    "comment_required": .bool(reason["comment"]?.boolValue ?? false),
                    "manager_only": .bool(reason["managers"]?.boolValue ?? false),
                    "sequence": .int(place),
                ], env)
        }
    }
}
