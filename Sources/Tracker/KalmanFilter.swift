import Geometry

/// A constant-velocity Kalman filter over a box: centre, size, and their rates of change, in pixels and seconds.
///
/// Source: R. E. Kalman 1960; process noise is white acceleration in continuous time (Y. Bar-Shalom et al., "Estimation
/// with Applications to Tracking and Navigation", 6.2.2), so that one filter fits every frame rate and irregular steps.
///
/// The four coordinates do not influence one another, and the two of a pair (centre x, y; width, height) have the same
/// noise, hence the same covariance: the 8×8 filter falls apart into two 2×2 covariances. A test compares it with the
/// full matrices.
struct KalmanFilter: Sendable {
    /// Symmetric 2×2 covariance of (position, velocity), pixels² and seconds.
    struct Covariance: Sendable {
        var position: Double
        var cross: Double
        var velocity: Double

        /// Lets `step` seconds pass with acceleration noise of spectral density `density` (pixels²/s³).
        mutating func predict(step: Double, density: Double) {
            let squared = step * step
            position += 2 * step * cross + squared * velocity + density * squared * step / 3
            cross += step * velocity + density * squared / 2
            velocity += density * step
        }

        /// Gains for a measurement of variance `noise`, applied to this covariance.
        mutating func update(noise: Double) -> (position: Double, velocity: Double) {
            let innovation = position + noise
            let gain = (position: position / innovation, velocity: cross / innovation)
            velocity -= gain.velocity * cross
            cross *= 1 - gain.position
            position *= 1 - gain.position
            return gain
        }
    }

    /// Standard deviations, all in units of the box's scale.
    struct Noise: Sendable {
        /// Of a measured coordinate.
        var measurement: Double
        /// Square root of the spectral density of acceleration, per s^1.5.
        var acceleration: Double
        /// Of the velocity at birth, per second.
        var initialVelocity: Double
    }

    var centreX: Double
    var centreY: Double
    var width: Double
    var height: Double
    var velocityX = 0.0
    var velocityY = 0.0
    var velocityWidth = 0.0
    var velocityHeight = 0.0
    var centre: Covariance
    var size: Covariance

    /// Starts at a box with unknown velocity.
    init(box: Box, centreNoise: Noise, sizeNoise: Noise) {
        centreX = box.centreX
        centreY = box.centreY
        width = box.width
        height = box.height
        let scale = Self.scale(width: box.width, height: box.height)
        centre = Self.initialCovariance(centreNoise, scale: scale)
        size = Self.initialCovariance(sizeNoise, scale: scale)
    }

    private static func initialCovariance(_ noise: Noise, scale: Double) -> Covariance {
        let position = noise.measurement * scale
        let velocity = noise.initialVelocity * scale
        return Covariance(position: position * position, cross: 0, velocity: velocity * velocity)
    }

    /// The length that noise is relative to: the geometric mean of the sides, at least a pixel.
    static func scale(width: Double, height: Double) -> Double {
        max(1, (max(width, 0) * max(height, 0)).squareRoot())
    }

    /// The scale of the current state.
    var scale: Double { Self.scale(width: width, height: height) }

    /// The box of the current state; its sides are never negative.
    var box: Box {
        let (width, height) = (max(width, 0), max(height, 0))
        return Box(x: centreX - width / 2, y: centreY - height / 2, width: width, height: height)
    }

    /// Moves the state `step` seconds on.
    mutating func predict(step: Double, centreNoise: Noise, sizeNoise: Noise) {
        let scale = scale
        centreX += velocityX * step
        centreY += velocityY * step
        width = max(width + velocityWidth * step, 0)
        height = max(height + velocityHeight * step, 0)
        let centreDensity = centreNoise.acceleration * scale
        let sizeDensity = sizeNoise.acceleration * scale
        centre.predict(step: step, density: centreDensity * centreDensity)
        size.predict(step: step, density: sizeDensity * sizeDensity)
    }

    /// Takes a measured box in.
    mutating func update(box: Box, centreNoise: Noise, sizeNoise: Noise) {
        let scale = Self.scale(width: box.width, height: box.height)
        let centreDeviation = centreNoise.measurement * scale
        let sizeDeviation = sizeNoise.measurement * scale
        let centreGain = centre.update(noise: centreDeviation * centreDeviation)
        let sizeGain = size.update(noise: sizeDeviation * sizeDeviation)
        let errorX = box.centreX - centreX
        let errorY = box.centreY - centreY
        let errorWidth = box.width - width
        let errorHeight = box.height - height
        centreX += centreGain.position * errorX
        velocityX += centreGain.velocity * errorX
        centreY += centreGain.position * errorY
        velocityY += centreGain.velocity * errorY
        width += sizeGain.position * errorWidth
        velocityWidth += sizeGain.velocity * errorWidth
        height += sizeGain.position * errorHeight
        velocityHeight += sizeGain.velocity * errorHeight
    }

    /// Scales all velocities, for a track whose object cannot be seen.
    mutating func damp(_ factor: Double) {
        velocityX *= factor
        velocityY *= factor
        velocityWidth *= factor
        velocityHeight *= factor
    }

    /// Sets the velocity that a track starts with; what is known of it stays as uncertain as it is.
    mutating func assume(velocityX: Double, velocityY: Double) {
        self.velocityX = velocityX
        self.velocityY = velocityY
    }

    /// Moves the state with the camera.
    mutating func shift(x: Double, y: Double) {
        centreX += x
        centreY += y
    }
}
