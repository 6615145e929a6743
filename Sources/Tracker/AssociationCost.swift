/// What it costs to give a box to a track, from where the track is expected and what it looks like.
///
/// The cost is 1 − overlap of the grown boxes, plus a distance between centres that counts vertical offsets more
/// (objects move along the ground, and perspective makes height in the picture tell them apart), plus terms for height
/// and width that rise fast for small differences and slowly for large ones: the logarithm of a Cauchy density, so that
/// a person of another size behind the tracked one is told apart while a box that is cut off now and then is forgiven.
struct AssociationCost: Sendable {
    private let distanceWeight: Double
    private let verticalWeight: Double
    private let heightWeight: Double
    private let heightTolerance: Double
    private let widthWeight: Double
    private let widthTolerance: Double
    private let appearanceWeight: Double

    init(_ configuration: TrackerConfiguration) {
        distanceWeight = configuration.distanceWeight
        verticalWeight = configuration.verticalWeight
        heightWeight = configuration.heightWeight
        heightTolerance = configuration.heightTolerance
        widthWeight = configuration.widthWeight
        widthTolerance = configuration.widthTolerance
        appearanceWeight = configuration.appearanceWeight
    }

    /// The most that a good likeness can take off the cost.
    var largestRebate: Double { appearanceWeight * AppearanceMemory.scoreRange.upperBound }

    /// Cost by motion; nil for boxes that do not overlap, and as soon as it is clear that it reaches `limit`.
    func motion(track: BoxShape, box: BoxShape, limit: Double) -> Double? {
        guard track.touches(box) else { return nil }
        let overlap = track.overlap(with: box)
        guard overlap > 0 else { return nil }
        var cost = 1 - overlap
        guard cost < limit else { return nil }
        let scale = max(track.scale, box.scale)
        let offsetX = (box.centreX - track.centreX) / scale
        let offsetY = verticalWeight * (box.centreY - track.centreY) / scale
        cost += distanceWeight * (offsetX * offsetX + offsetY * offsetY).squareRoot()
        guard cost < limit else { return nil }
        cost += heightWeight * Self.robust((track.logHeight - box.logHeight) / heightTolerance)
        cost += widthWeight * Self.robust((track.logWidth - box.logWidth) / widthTolerance)
        return cost < limit ? cost : nil
    }

    /// What a likeness adds: nothing at the middle between different and same, less the more alike.
    func appearance(score: Double) -> Double {
        appearanceWeight * (0.5 - score)
    }

    private static func robust(_ difference: Double) -> Double {
        BoxShape.logarithm(1 + difference * difference)
    }
}
