import Foundation

/// The pictures of a sequence, as far as their names show them.
struct PictureFolder {
    /// The folder that holds them.
    let path: String
    /// Their names, sorted.
    let names: [String]

    /// Looks into a folder, and into img1 below it; nil for what is no folder.
    init?(_ path: String) {
        guard let own = Self.pictures(in: path) else { return nil }
        let inner = own.isEmpty ? Self.pictures(in: "\(path)/img1") : nil
        self.path = inner == nil ? path : "\(path)/img1"
        names = inner ?? own
    }

    /// The number that the first picture's name ends in; nil where it has none.
    var firstNumber: Int? {
        names.compactMap { name -> Int? in
            let stem = name.split(separator: ".").dropLast().joined(separator: ".")
            return Int(String(stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
        }.min()
    }

    private static func pictures(in path: String) -> [String]? {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return nil
        }
        let endings = [".jpg", ".jpeg", ".png"]
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { name in
            !name.hasPrefix(".") && endings.contains { name.lowercased().hasSuffix($0) }
        }.sorted()
    }
}
