import Features

/// The numbers a run is asked to compute in: `--precision`, and `features: precision:` of a configuration file.
enum PrecisionAsked: String, CaseIterable {
    case f32, bf16, int8
    /// The fastest whose tokens stay close to f32 on the first frame.
    case auto

    /// What is named, where it is not left to measuring.
    var named: Precision? { Precision(rawValue: rawValue) }

    /// What a processor runs in place of a named precision, and a warning where that is another one.
    ///
    /// The next one that is slower and closer to f32: int8, bf16, f32.
    static func runnable(
        _ precision: Precision, isSupported: (Precision) -> Bool = \.isSupported
    ) -> (precision: Precision, warning: String?) {
        let order: [Precision] = [.int8, .bf16, .f32]
        let slower = order.drop { $0 != precision }
        let runs = slower.first(where: isSupported) ?? .f32
        guard runs != precision else { return (precision, nil) }
        return (
            runs,
            "this processor has no \(instructions(for: precision)), which --precision \(precision.rawValue) needs: "
                + "the network runs in \(runs.rawValue)"
        )
    }

    /// What ran, as the summary says it: `bf16 (auto: cosine to f32 of int8 0.9871, bf16 0.9998)`.
    static func summary(of network: Network, asked: PrecisionAsked) -> String {
        let runs = network.precision.rawValue
        guard let cosines = network.cosines else {
            return asked.rawValue == runs ? runs : "\(runs) instead of \(asked.rawValue)"
        }
        let tried = PrecisionChoice.candidates.compactMap { precision in
            cosines[precision].map { "\(precision.rawValue) \(decimal($0, 4))" }
        }
        return tried.isEmpty ? "\(runs) (auto)" : "\(runs) (auto: cosine to f32 of \(tried.joined(separator: ", ")))"
    }

    /// What a precision needs of a processor.
    private static func instructions(for precision: Precision) -> String {
        switch precision {
        case .f32: "single precision"
        case .bf16: "AVX-512 BF16"
        case .int8: "AVX-512 VNNI"
        }
    }
}
