/// Names of pictures.
enum PictureNames {
    private static let extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"]

    /// Whether a file name is that of a picture.
    static func isPicture(_ name: String) -> Bool {
        let name = name.lowercased()
        return extensions.contains { name.hasSuffix($0) }
    }

    /// Whether a folder holds a picture; a folder that cannot be looked into holds none.
    static func isPresent(in folder: String) -> Bool { count(in: folder) > 0 }

    /// How many pictures a folder holds.
    static func count(in folder: String) -> Int {
        ((try? Folder.names(in: folder)) ?? []).count(where: isPicture)
    }
}
