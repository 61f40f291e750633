import Base
import CRM
import Kernel
import Messaging

/// The apps of this program. A new app adds one line here and one in `Package.swift`.
enum Apps {
    static let all: [App] = [
        BaseApp.app,
        MessagingApp.app,
        CRMApp.app,
    ]
}
