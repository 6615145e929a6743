extension Box {
    /// Intersection over union with another box, from 0 to 1.
    ///
    /// Source: TrackEval `datasets/_base_dataset.py` (`_calculate_box_ious`): continuous coordinates, no +1.
    ///
    /// Edge cases: a box whose area is at most `Double.ulpOfOne` has IoU 0 with everything, itself included; boxes that
    /// only touch have IoU 0.
    ///
    /// - Complexity: O(1).
    public func intersectionOverUnion(with other: Box) -> Double {
        let intersection = intersectionArea(with: other)
        let epsilon = Double.ulpOfOne
        guard area > epsilon, other.area > epsilon else { return 0 }
        let union = area + other.area - intersection
        return union > epsilon ? intersection / union : 0
    }

    /// Area shared with another box, in square pixels; 0 where they do not overlap.
    public func intersectionArea(with other: Box) -> Double {
        let sharedWidth = min(maxX, other.maxX) - max(x, other.x)
        let sharedHeight = min(maxY, other.maxY) - max(y, other.y)
        return sharedWidth > 0 && sharedHeight > 0 ? sharedWidth * sharedHeight : 0
    }
}
