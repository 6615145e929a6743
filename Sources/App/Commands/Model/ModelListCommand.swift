import ArgumentParser
import Features
import Foundation

/// `vtrack model list`: the models that have names.
struct ModelListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract:
            "List the models that have names, with size, licence, source, and which are here; the one that ships first.",
        discussion: """
            Sizes are about: published counts of numbers, at four bytes each. A licence is the weights', as far as their \
            authors state it; read it where they publish them.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "List only models that have been pulled.")
    var pulled = false

    func run() throws {
        let environment = HubEnvironment.current
        var rows = [Row.shipped] + KnownModel.all.map { Row($0, environment) }
        if pulled { rows.removeAll { $0.name == ShippedModel.name || $0.path == nil } }
        if json {
            try printOut(rows.json())
            return
        }
        let heads = [["NAME", "FAMILY", "SIZE", "LICENCE", "PULLED", "SOURCE"]]
        try printOut(
            TextTable.words(
                heads
                    + rows.map { row in
                        let size = row.aboutBytes.map { "\(Int((Double($0) / 1e6).rounded())) MB" } ?? "?"
                        return [
                            row.name, row.family, size, row.licence + (row.gated ? " (gated)" : ""),
                            row.path == nil ? "no" : row.ships ? "ships" : "yes", row.source,
                        ]
                    }))
    }

    /// A model in the list.
    struct Row: Encodable {
        var name: String
        var family: String
        var aboutBytes: Int?
        var licence: String
        var gated: Bool
        var source: String
        var file: String
        /// Whether a person has to fetch it.
        var byHand: Bool
        var sha256: String?
        /// Whether it comes with vtrack.
        var ships: Bool
        /// Where it is; null where it has not been pulled.
        var path: String?

        enum CodingKeys: String, CodingKey {
            case name, family, licence, gated, source, file, sha256, ships, path
            case aboutBytes = "about_bytes"
            case byHand = "by_hand"
        }

        /// The model that ships, or the user's own file that goes before it; no path where there is neither.
        static var shipped: Row {
            let path = ModelChoice.shipped.existingPath
            let own = path.flatMap { $0 == ShippedModel.path ? nil : $0 }
            return Row(
                name: ShippedModel.name, family: own == nil ? "vtrack" : "?", aboutBytes: path.flatMap(FilePlace.size),
                licence: own == nil ? ShippedModel.licence : "?", gated: false, source: own ?? "ships with vtrack",
                file: ShippedModel.file, byHand: false, sha256: nil, ships: own == nil, path: path)
        }

        private init(
            name: String, family: String, aboutBytes: Int?, licence: String, gated: Bool, source: String, file: String,
            byHand: Bool, sha256: String?, ships: Bool, path: String?
        ) {
            self.name = name
            self.family = family
            self.aboutBytes = aboutBytes
            self.licence = licence
            self.gated = gated
            self.source = source
            self.file = file
            self.byHand = byHand
            self.sha256 = sha256
            self.ships = ships
            self.path = path
        }

        init(_ model: KnownModel, _ environment: HubEnvironment) {
            name = model.name
            family = model.family
            aboutBytes = model.aboutBytes
            licence = model.licence
            gated = model.isGated
            source = model.origin
            file = model.file
            if case .page = model.source { byHand = true } else { byHand = false }
            sha256 = model.sha256
            ships = false
            path = SearchPaths.pulled(model, environment)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(family, forKey: .family)
            // `encode` and not `encodeIfPresent`: what is absent is null, not missing.
            try container.encode(aboutBytes, forKey: .aboutBytes)
            try container.encode(licence, forKey: .licence)
            try container.encode(gated, forKey: .gated)
            try container.encode(source, forKey: .source)
            try container.encode(file, forKey: .file)
            try container.encode(byHand, forKey: .byHand)
            try container.encode(sha256, forKey: .sha256)
            try container.encode(ships, forKey: .ships)
            try container.encode(path, forKey: .path)
        }
    }
}
