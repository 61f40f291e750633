import Kernel

/// How people see the records of one model: where it stands in the navigation, its list, its form, its board, its search and its buttons.
///
/// Declared beside the model and offered by its app (`app.offer(ReferralViews.views)`); the client door turns it into a descriptor for
/// whoever asks. Fields are named by their technical names, as in dependencies and domains, because other apps' fields and those made at
/// run time need the same form; ``problems(in:)`` finds a wrong one at the start.
public struct ModelViews: Sendable {
    /// The model.
    public let model: String
    /// What people call many of them.
    public let plural: String
    /// The name of an icon of the client's sprite.
    public var icon: String
    /// Where it stands in the navigation; nil when it is only opened from elsewhere.
    public var place: Place?
    /// The list.
    public var list: ListView
    /// The form.
    public var form: FormView
    /// The board, where the records have stages.
    public var board: BoardView?
    /// The calendar, where the records have a time.
    public var calendar: CalendarView?
    /// The pivot and the graph.
    public var analysis: AnalysisView?
    /// What is to be done; records that can have activities have it without saying so.
    public var activity: ActivityView?
    /// What one searches and groups by.
    public var search: SearchView
    /// How fields' values are toned, by field.
    public var tones: [String: Toning]
    /// What actions ask before they run, and how their buttons look.
    public var actions: [ActionView]

    /// Views of a model.
    public init(
        _ model: String, plural: String, icon: String = "file", place: Place? = nil, list: ListView, form: FormView,
        board: BoardView? = nil, calendar: CalendarView? = nil, analysis: AnalysisView? = nil, activity: ActivityView? = nil,
        search: SearchView = SearchView(),
        tones: [String: Toning] = [:], actions: [ActionView] = []
    ) {
        self.model = model
        self.plural = plural
        self.icon = icon
        self.place = place
        self.list = list
        self.form = form
        self.board = board
        self.calendar = calendar
        self.analysis = analysis
        self.activity = activity
        self.search = search
        self.tones = tones
        self.actions = actions
    }

    /// A place in the navigation.
    public struct Place: Sendable {
        /// The part of the navigation.
        public let section: Section
        /// The address under `/app`: `referrals`.
        public let path: String
        /// Its place among the others; the lowest comes first.
        public let sequence: Int
        /// What is asked for when it is opened, as addresses hold it: `?filter=open`.
        public let opens: String

        /// A place.
        public init(_ section: Section, _ path: String, sequence: Int, opens: String = "") {
            self.opens = opens
            self.section = section
            self.path = path
            self.sequence = sequence
        }
    }

    /// The parts of the navigation.
    public enum Section: String, Sendable, CaseIterable { case work, processes, insight, directory, settings }
}

/// How values of a field are toned; the words always stand beside the tone.
public enum Toning: Sendable {
    /// By the value of a selection.
    case values([String: Tone])
    /// By how far away a moment is: late, soon, or neither.
    case deadline
    /// A number of which nothing is best: missing items.
    case zeroIsGood
}

/// A tone of the client's palette.
public enum Tone: String, Sendable { case neutral, info, ok, warn, danger, ai }
