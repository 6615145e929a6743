extension TrackerConfiguration {
    /// A number of the configuration: its key in files, where it is kept, and its range.
    struct Number: Sendable {
        let key: String
        let path: any WritableKeyPath<TrackerConfiguration, Double> & Sendable
        let range: ClosedRange<Double>
    }

    /// A switch of the configuration.
    struct Switch: Sendable {
        let key: String
        let path: any WritableKeyPath<TrackerConfiguration, Bool> & Sendable
    }

    /// Every switch, in the order of the file.
    static let switches: [Switch] = [
        Switch(key: "per_class", path: \.perClass),
        Switch(key: "camera_motion", path: \.cameraMotion),
        Switch(key: "report_tentative", path: \.reportTentative),
    ]

    /// Every number, in the order of the file.
    static let numbers: [Number] = [
        Number(key: "minimum_confidence", path: \.minimumConfidence, range: 0...1),
        Number(key: "high_confidence", path: \.highConfidence, range: 0...1),
        Number(key: "birth_confidence", path: \.birthConfidence, range: 0...1),
        Number(key: "instant_confidence", path: \.instantConfidence, range: 0...1),
        Number(key: "confirmation_boxes", path: \.confirmationBoxes, range: 1...1000),
        Number(key: "centre_noise", path: \.centreNoise, range: 1e-6...10),
        Number(key: "centre_acceleration", path: \.centreAcceleration, range: 0...1000),
        Number(key: "centre_initial_velocity", path: \.centreInitialVelocity, range: 0...1000),
        Number(key: "size_noise", path: \.sizeNoise, range: 1e-6...10),
        Number(key: "size_acceleration", path: \.sizeAcceleration, range: 0...1000),
        Number(key: "size_initial_velocity", path: \.sizeInitialVelocity, range: 0...1000),
        Number(key: "velocity_fade_seconds", path: \.velocityFadeSeconds, range: 1e-3...1e6),
        Number(key: "overlap_buffer", path: \.overlapBuffer, range: 0...10),
        Number(key: "distance_weight", path: \.distanceWeight, range: 0...100),
        Number(key: "vertical_weight", path: \.verticalWeight, range: 0...100),
        Number(key: "height_weight", path: \.heightWeight, range: 0...100),
        Number(key: "height_tolerance", path: \.heightTolerance, range: 1e-6...10),
        Number(key: "width_weight", path: \.widthWeight, range: 0...100),
        Number(key: "width_tolerance", path: \.widthTolerance, range: 1e-6...10),
        Number(key: "lost_weight", path: \.lostWeight, range: 0...100),
        Number(key: "match_limit", path: \.matchLimit, range: 0...100),
        Number(key: "low_match_limit", path: \.lowMatchLimit, range: 0...100),
        Number(key: "lost_seconds", path: \.lostSeconds, range: 0...1e6),
        Number(key: "tentative_lost_seconds", path: \.tentativeLostSeconds, range: 0...1e6),
        Number(key: "maximum_lost", path: \.maximumLost, range: 0...1e6),
        Number(key: "camera_minimum_pairs", path: \.cameraMinimumPairs, range: 1...1e6),
        Number(key: "camera_agreement", path: \.cameraAgreement, range: 0...10),
        Number(key: "camera_certainty", path: \.cameraCertainty, range: 0...100),
        Number(key: "birth_agreement", path: \.birthAgreement, range: 0...1000),
        Number(key: "appearance_weight", path: \.appearanceWeight, range: 0...100),
        Number(key: "memory_seconds", path: \.memorySeconds, range: 1e-3...1e6),
        Number(key: "reentry_score", path: \.reentryScore, range: -1...2),
        Number(key: "reentry_margin", path: \.reentryMargin, range: 0...3),
        Number(key: "appearance_lost_seconds", path: \.appearanceLostSeconds, range: 0...1e6),
        Number(key: "return_wait_seconds", path: \.returnWaitSeconds, range: 0...1e6),
    ]

    /// Every key that a configuration file may have, in the order of the file.
    public static var keys: [String] { switches.map(\.key) + numbers.map(\.key) }

    /// Checks every number against its range.
    ///
    /// - Throws: `TrackerError.outOfRange` with the first key that is wrong.
    public func validate() throws(TrackerError) {
        for number in Self.numbers {
            let value = self[keyPath: number.path]
            guard number.range.contains(value) else {
                throw .outOfRange(key: number.key, value: value, range: number.range)
            }
        }
    }

    /// Sets the number or switch (0 = off) called `key`.
    ///
    /// - Throws: `TrackerError.unknownKey` if there is none of that name.
    public mutating func set(_ key: String, to value: Double) throws(TrackerError) {
        if let number = Self.numbers.first(where: { $0.key == key }) {
            self[keyPath: number.path] = value
        } else if let toggle = Self.switches.first(where: { $0.key == key }) {
            self[keyPath: toggle.path] = value != 0
        } else {
            throw .unknownKey(key)
        }
    }
}

extension TrackerConfiguration: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads a configuration; keys that are absent keep the preset's values.
    ///
    /// - Throws: `TrackerError` for an unknown key or a number out of range, `DecodingError` for a value of the wrong type.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys {
            if let number = Self.numbers.first(where: { $0.key == key.stringValue }) {
                self[keyPath: number.path] = try container.decode(Double.self, forKey: key)
            } else if let toggle = Self.switches.first(where: { $0.key == key.stringValue }) {
                self[keyPath: toggle.path] = try container.decode(Bool.self, forKey: key)
            } else {
                throw TrackerError.unknownKey(key.stringValue)
            }
        }
        try validate()
    }

    /// Writes every switch and number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for toggle in Self.switches {
            try container.encode(self[keyPath: toggle.path], forKey: Key(stringValue: toggle.key))
        }
        for number in Self.numbers {
            try container.encode(self[keyPath: number.path], forKey: Key(stringValue: number.key))
        }
    }
}
