import Geometry

/// Writes tracks as rows of KITTI's tracking results.
///
/// `frame id type truncated occluded alpha left top right bottom height width length x y z rotation score`, frames from
/// 0; what a 2D tracker does not know has the values of KITTI's devkit_tracking readme (−1, −1, −10, −1000).
public enum KITTIWriter {
    /// One row, without a line end; nil for a class that KITTI does not have.
    public static func line(_ row: TrackRow) -> String? {
        guard let kind = KITTILabel.Kind(rawValue: row.record.classID), kind != .dontCare else { return nil }
        let box = row.record.box
        let corners = [box.x, box.y, box.x + box.width, box.y + box.height].map(decimalText).joined(separator: " ")
        return "\(row.frame.rawValue - 1) \(row.track) \(name(kind)) -1 -1 -10 \(corners) "
            + "-1 -1 -1 -1000 -1000 -1000 -10 \(decimalText(row.record.confidence))"
    }

    private static func name(_ kind: KITTILabel.Kind) -> String {
        switch kind {
        case .car: "Car"
        case .van: "Van"
        case .truck: "Truck"
        case .pedestrian: "Pedestrian"
        case .person: "Person"
        case .cyclist: "Cyclist"
        case .tram: "Tram"
        case .misc: "Misc"
        case .dontCare: "DontCare"
        }
    }
}
