/// A published model by its short name: where its authors' file is, and what may be done with it.
public struct KnownModel: Equatable, Sendable {
    /// Where the file comes from.
    public enum Source: Equatable, Sendable {
        /// A file of a repository on the Hugging Face Hub.
        case hub(repository: String, file: String)
        /// A file at an address of its authors.
        case web(address: String)
        /// A page from which a person has to fetch the file, and why.
        case page(address: String, reason: String)
    }

    /// The name on the command line, as in `dino-vitb16`.
    public let name: String
    /// The family of models it belongs to, as `ModelDescription.family` names them.
    public let family: String
    /// The numbers in the file, in millions, as its authors state them; nil where they do not.
    public let millions: Double?
    /// The licence of the weights, by its SPDX name where it has one.
    public let licence: String
    /// Where the file comes from.
    public let source: Source
    /// Whether the licence has to be accepted, and an access token shown, before the Hub gives the file.
    public let isGated: Bool
    /// SHA-256 of the file, hexadecimal, where the authors published it; nil otherwise.
    public let sha256: String?

    /// Creates an entry of a table.
    public init(
        _ name: String, _ family: String, millions: Double?, licence: String, _ source: Source, isGated: Bool = false,
        sha256: String? = nil
    ) {
        self.name = name
        self.family = family
        self.millions = millions
        self.licence = licence
        self.source = source
        self.isGated = isGated
        self.sha256 = sha256
    }

    /// About how many bytes the file has, numbers of four bytes each; nil where that is not known.
    public var aboutBytes: Int? { millions.map { Int($0 * 4e6) } }

    /// The name that the file has at its source.
    public var file: String {
        switch source {
        case .hub(_, let file): file
        case .web(let address), .page(let address, _): address.split(separator: "/").last.map(String.init) ?? name
        }
    }

    /// Repository or address, for people.
    public var origin: String {
        switch source {
        case .hub(let repository, _): repository
        case .web(let address), .page(let address, _): address
        }
    }

    /// All of them, family by family.
    public static let all: [KnownModel] = selfDistilled + masked + supervised + contrastive

    /// The model of that name, in whatever case; nil where there is none.
    public static func named(_ name: String) -> KnownModel? {
        all.first { $0.name == name } ?? all.first { $0.name == name.lowercased() }
    }
}
