/// The classes of a benchmark: which are evaluated, in which order, and what they are called.
public struct ClassList: Equatable, Sendable {
    /// A class's name and number.
    public struct Entry: Equatable, Sendable {
        /// The number, as in `TruthBox.classID`.
        public var id: Int
        /// The name, as TrackEval writes it.
        public var name: String

        /// Creates an entry.
        public init(id: Int, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// A group of classes that get figures together.
    public struct SuperClass: Equatable, Sendable {
        /// The group's name.
        public var name: String
        /// The numbers of its classes.
        public var members: [Int]

        /// Creates a group.
        public init(name: String, members: [Int]) {
            self.name = name
            self.members = members
        }
    }

    /// The evaluated classes, in TrackEval's order.
    public var evaluated: [Entry]
    /// Further classes that occur in labels, such as distractors.
    public var others: [Entry]
    /// Groups, by detections pooled over their classes.
    public var superClasses: [SuperClass]
    /// Whether figures over all classes are given, averaged by class and by detection.
    public var combines: Bool

    /// Creates a list.
    public init(
        evaluated: [Entry], others: [Entry] = [], superClasses: [SuperClass] = [], combines: Bool = false
    ) {
        self.evaluated = evaluated
        self.others = others
        self.superClasses = superClasses
        self.combines = combines
    }

    /// The name of a class; its number as a text where it has none.
    public func name(of id: Int) -> String {
        (evaluated + others).first { $0.id == id }?.name ?? "\(id)"
    }
}

extension Dataset {
    /// The classes of the benchmark.
    public var classes: ClassList {
        switch benchmark {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack, .folder: MOTRules.classes
        case .kitti: KITTIRules.classes
        case .bdd100k: BDD100KRules.classes(for: options.profile)
        }
    }
}
