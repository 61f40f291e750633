import Approvals
import Automation
import Base
import CRM
import DecisionTables
import Exceptions
import Governance
import Inbox
import Kernel
import Mailroom
import Messaging
import Referrals
import Schedules
import ServiceLevels
import Suggestions
import Webhooks
import Workspace

/// The apps of this program. A new app adds one line here and one in `Package.swift`.
package enum Apps {
    package static let all: [App] = [
        BaseApp.app,
        MessagingApp.app,
        ExceptionsApp.app,
        GovernanceApp.app,
        DecisionTablesApp.app,
        SchedulesApp.app,
        WebhooksApp.app,
        ServiceLevelsApp.app,
        AutomationApp.app,
        AutomationSchedulesApp.app,
        ReferralsApp.app,
        SuggestionsApp.app,
        MailroomApp.app,
        CRMApp.app,
        ApprovalsApp.app,
        InboxApp.app,
        WorkspaceApp.app,
    ]
}
