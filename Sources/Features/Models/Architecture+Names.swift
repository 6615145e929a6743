extension Architecture {
    /// The sizes and the structure behind one of timm's names.
    ///
    /// Source: https://github.com/huggingface/pytorch-image-models, timm/models/vision_transformer.py, deit.py, beit.py
    /// and eva.py.
    struct Known: Sendable {
        let name: String
        let width: Int
        let depth: Int
        let heads: Int
        let patch: Int
        var side = 224
        var hiddenWidth: Int?
        var epsilon = 1e-6
        var structure = ModelStructure()

        init(_ name: String, _ size: Size, patch: Int) {
            self.name = name
            (width, depth, heads) = size.sizes
            self.patch = patch
        }

        func with(_ change: (inout Known) -> Void) -> Known {
            var known = self
            change(&known)
            return known
        }
    }

    /// The usual sizes.
    enum Size: Sendable {
        case tiny, small, base, large, huge, giant

        /// Width, depth and heads; the giant is DINOv2's.
        var sizes: (Int, Int, Int) {
            switch self {
            case .tiny: (192, 12, 3)
            case .small: (384, 12, 6)
            case .base: (768, 12, 12)
            case .large: (1024, 24, 16)
            case .huge: (1280, 32, 16)
            case .giant: (1536, 40, 24)
            }
        }
    }

    /// Every name with what it stands for.
    static let known: [Known] =
        plain + dinov2 + clip + dinov3 + [
            Known("deit3_small_patch16_224", .small, patch: 16).with { $0.structure.prefixHasPositions = false },
            Known("deit3_base_patch16_224", .base, patch: 16).with { $0.structure.prefixHasPositions = false },
            Known("beit_base_patch16_224", .base, patch: 16).with {
                $0.structure.positions = .none
                $0.structure.relativeBias = .perBlock
                $0.structure.finalNorm = false
            },
        ]

    private static let plain = [
        Known("vit_tiny_patch16_224", .tiny, patch: 16),
        Known("vit_small_patch16_224", .small, patch: 16),
        Known("vit_small_patch8_224", .small, patch: 8),
        Known("vit_base_patch32_224", .base, patch: 32),
        Known("vit_base_patch16_224", .base, patch: 16),
        Known("vit_base_patch8_224", .base, patch: 8),
        Known("vit_large_patch16_224", .large, patch: 16),
        Known("vit_huge_patch14_224", .huge, patch: 14),
        // DeiT without distillation is the same network; it was trained otherwise.
        Known("deit_tiny_patch16_224", .tiny, patch: 16),
        Known("deit_small_patch16_224", .small, patch: 16),
        Known("deit_base_patch16_224", .base, patch: 16),
    ]

    private static let dinov2: [Known] = [("small", Size.small), ("base", .base), ("large", .large), ("giant", .giant)]
        .flatMap { name, size in
            [0, 4].map { registers in
                Known("vit_\(name)_patch14\(registers > 0 ? "_reg4" : "")_dinov2", size, patch: 14).with {
                    $0.side = 518
                    $0.structure.positions = .learned(.antialiased)
                    $0.structure.registerTokens = registers
                    // timm adds the class token's position to the token where there are registers.
                    $0.structure.prefixHasPositions = registers == 0
                    guard size == .giant else { return }
                    $0.structure.activation = .swiGLU
                    $0.hiddenWidth = 4096
                }
            }
        }

    private static let clip = [
        Known("vit_base_patch16_clip_224", .base, patch: 16),
        Known("vit_base_patch16_clip_quickgelu_224", .base, patch: 16).with { $0.structure.activation = .quickGELU },
        Known("vit_large_patch14_clip_224", .large, patch: 14),
        Known("vit_large_patch14_clip_quickgelu_224", .large, patch: 14).with { $0.structure.activation = .quickGELU },
    ].map {
        $0.with {
            $0.epsilon = 1e-5
            $0.structure.preNorm = true
            $0.structure.positions = .learned(.antialiased)
        }
    }

    private static let dinov3 = [
        Known("vit_small_patch16_dinov3", .small, patch: 16),
        Known("vit_small_plus_patch16_dinov3", .small, patch: 16).with {
            $0.structure.activation = .swiGLU
            $0.hiddenWidth = 1536
        },
        Known("vit_base_patch16_dinov3", .base, patch: 16),
        Known("vit_large_patch16_dinov3", .large, patch: 16),
    ].map {
        $0.with {
            $0.side = 256
            $0.epsilon = 1e-5
            $0.structure.registerTokens = 4
            $0.structure.positions = .rotary(RotaryPositions())
        }
    }
}
