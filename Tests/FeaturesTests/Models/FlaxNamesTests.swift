import Foundation
import Testing

@testable import Features

/// Google's names and axes, against what Flax computes with them and against timm's conversion of a whole model.
struct FlaxNamesTests {
    private static func ramp(_ count: Int) -> [Float] { (0..<count).map { Float(($0 * 37) % 101) - 50 } }

    /// Row `row` of a row-major matrix, times a vector.
    private static func row(_ row: Int, of matrix: [Float], times vector: [Float]) -> Float {
        vector.indices.reduce(0) { $0 + matrix[row * vector.count + $1] * vector[$1] }
    }

    // Sizes share no factor by chance, so that no two axes can be mixed up unnoticed.
    private let width = 5
    private let heads = 3
    private let channels = 7
    private let patch = 2

    @Test
    func `Dense multiplies as Flax does`() {
        let kernel = Self.ramp(width * channels)
        let vector = Self.ramp(width)
        #expect(FlaxLayout.dense.modelShape([width, channels]) == [channels, width])
        let matrix = FlaxLayout.dense.modelValues(kernel, shape: [width, channels])
        for output in 0..<channels {
            // nn.Dense: y[o] = sum over i of x[i] · kernel[i, o].
            let expected = (0..<width).reduce(Float(0)) { $0 + vector[$1] * kernel[$1 * channels + output] }
            #expect(Self.row(output, of: matrix, times: vector) == expected)
        }
    }

    @Test
    func `Queries, keys and values multiply as Flax does`() {
        let shape = [width, heads, channels]
        let kernel = Self.ramp(width * heads * channels)
        let vector = Self.ramp(width)
        #expect(FlaxLayout.headsKernel.modelShape(shape) == [heads * channels, width])
        let matrix = FlaxLayout.headsKernel.modelValues(kernel, shape: shape)
        for head in 0..<heads {
            for channel in 0..<channels {
                // nn.DenseGeneral over (H, d): y[h, c] = sum over i of x[i] · kernel[i, h, c].
                let expected = (0..<width).reduce(Float(0)) {
                    $0 + vector[$1] * kernel[($1 * heads + head) * channels + channel]
                }
                #expect(Self.row(head * channels + channel, of: matrix, times: vector) == expected)
            }
        }
        #expect(FlaxLayout.headsBias.modelShape([heads, channels]) == [heads * channels])
        let bias = Self.ramp(heads * channels)
        #expect(FlaxLayout.headsBias.modelValues(bias, shape: [heads, channels]) == bias)
    }

    @Test
    func `Heads are joined as Flax does`() {
        let shape = [heads, channels, width]
        let kernel = Self.ramp(width * heads * channels)
        let vector = Self.ramp(heads * channels)
        #expect(FlaxLayout.outputKernel.modelShape(shape) == [width, heads * channels])
        let matrix = FlaxLayout.outputKernel.modelValues(kernel, shape: shape)
        for output in 0..<width {
            // nn.DenseGeneral over the last two axes: y[o] = sum over h and c of x[h, c] · kernel[h, c, o].
            var expected: Float = 0
            for head in 0..<heads {
                for channel in 0..<channels {
                    let place = head * channels + channel
                    expected += vector[place] * kernel[place * width + output]
                }
            }
            #expect(Self.row(output, of: matrix, times: vector) == expected)
        }
    }

    @Test
    func `Patches are embedded as Flax does`() {
        let shape = [patch, patch, 3, width]
        let kernel = Self.ramp(patch * patch * 3 * width)
        // The picture's patch as the model sees it: colour, row, column.
        let picture = Self.ramp(3 * patch * patch)
        #expect(FlaxLayout.convolution.modelShape(shape) == [width, 3, patch, patch])
        let matrix = FlaxLayout.convolution.modelValues(kernel, shape: shape)
        for output in 0..<width {
            // nn.Conv, HWIO: y[o] = sum over y, x and colour of pixel[y, x, colour] · kernel[y, x, colour, o].
            var expected: Float = 0
            for y in 0..<patch {
                for x in 0..<patch {
                    for colour in 0..<3 {
                        expected +=
                            picture[(colour * patch + y) * patch + x]
                            * kernel[((y * patch + x) * 3 + colour) * width + output]
                    }
                }
            }
            #expect(Self.row(output, of: matrix, times: picture) == expected)
        }
    }

    @Test
    func `Positions keep their numbers`() {
        #expect(FlaxLayout.same.modelShape([1, 5, 6]) == [1, 5, 6])
        #expect(FlaxLayout.grid.modelShape([1, 2, 3, 6]) == [1, 6, 6])
        let values = Self.ramp(36)
        #expect(FlaxLayout.grid.modelValues(values, shape: [1, 2, 3, 6]) == values)
        #expect(FlaxLayout.same.modelValues(values, shape: [36]) == values)
    }

    @Test(
        arguments: [
            (FlaxLayout.dense, [5]), (.dense, [5, 6, 7]), (.headsKernel, [5, 6]), (.headsBias, [5]),
            (.outputKernel, [5, 6]), (.convolution, [2, 2, 3]), (.grid, [1, 4, 6]), (.dense, [5, -1]),
            (.headsKernel, [2, 1 << 40, 1 << 40]), (.headsBias, [1 << 40, 1 << 40]),
            (.outputKernel, [1 << 40, 1 << 40, 2]), (.grid, [1, 1 << 40, 1 << 40, 6]),
        ] as [(FlaxLayout, [Int])])
    func `A shape that a tensor cannot have gives none`(layout: FlaxLayout, shape: [Int]) {
        #expect(layout.modelShape(shape) == nil)
    }

    @Test
    func `The shape of a query's kernel tells the heads`() {
        #expect(FlaxNames.heads(queryKernel: [768, 12, 64]) == 12)
        for shape in [[768, 768], [768, 12, 32], [0, 0, 0], [4, 1 << 40, 1 << 40]] {
            #expect(FlaxNames.heads(queryKernel: shape) == nil)
        }
    }

    @Test
    func `Families are told apart, and found nested`() {
        func names(_ family: FlaxNames, _ nesting: String) -> Set<String> {
            let parts: [ModelPart] = [.patchWeight] + ModelStructure().blockParts.map { .block(0, $0) }
            return Set(parts.flatMap { family.pieces(of: $0) }.map { nesting + $0.name })
        }
        for family in FlaxNames.all {
            for nesting in family.nestings {
                let found = FlaxNames.matching { names(family, nesting).contains($0) }
                #expect(found?.nesting == nesting)
                #expect(found?.0.pieces(of: .positions) == family.pieces(of: .positions))
                #expect(found?.0.pieces(of: .block(0, .norm2Bias)) == family.pieces(of: .block(0, .norm2Bias)))
            }
        }
        #expect(FlaxNames.matching { _ in false } == nil)
        #expect(FlaxNames.loca.pieces(of: .classToken).isEmpty)
        #expect(
            FlaxNames.visionTransformer.pieces(of: .block(11, .attentionBias)).map(\.name)
                == ["query", "key", "value"].map {
                    "Transformer/encoderblock_11/MultiHeadDotProductAttention_1/\($0)/bias"
                })
    }

    @Test
    func `A whole model becomes what timm makes of it`() throws {
        let google = try NpzFile(path: NpzFileTests.fixture("google.npz"))
        let timm = try NpzFile(path: NpzFileTests.fixture("google-timm.npz"))
        let (names, nesting) = try #require(FlaxNames.matching { google.entries[$0] != nil })
        var unused = Set(timm.entries.keys)
        var unread = Set(google.entries.keys)
        let parts: [ModelPart] =
            [.classToken, .positions, .patchWeight, .patchBias, .finalNormWeight, .finalNormBias]
            + ModelStructure().blockParts.map { .block(0, $0) }
        for part in parts {
            var values: [Float] = []
            var shape: [Int] = []
            for piece in names.pieces(of: part) {
                let entry = try #require(google.entries[nesting + piece.name])
                values += piece.layout.modelValues(try google.floats(entry.name), shape: entry.shape)
                let next = try #require(piece.layout.modelShape(entry.shape))
                shape = shape.isEmpty ? next : [shape[0] + next[0]] + next.dropFirst()
                unread.remove(entry.name)
            }
            let key = try #require(CheckpointNames.timm.keys(of: part).first)
            #expect(timm.entries[key]?.shape == shape, "\(key)")
            #expect(try timm.floats(key) == values, "\(key)")
            unused.remove(key)
        }
        #expect(unused.isEmpty)
        #expect(unread.allSatisfy { name in names.ignored.contains { name.hasPrefix($0) } } && unread.count == 2)
        let query = try #require(names.pieces(of: .block(0, .attentionWeight)).first)
        #expect(FlaxNames.heads(queryKernel: google.entries[query.name]?.shape ?? []) == 2)
    }

    @Test
    func `A checkpoint of Google's opens under timm's names`() throws {
        let google = try #require(try FlaxCheckpoint(NpzFile(path: NpzFileTests.fixture("google.npz"))))
        let timm = try NpzFile(path: NpzFileTests.fixture("google-timm.npz"))
        #expect(google.entries.keys.sorted() == timm.entries.keys.sorted())
        for (name, expected) in timm.entries {
            let entry = try #require(google.entries[name])
            #expect(entry.name == name && entry.shape == expected.shape && entry.count == expected.count)
            #expect(entry.type == expected.type)
            #expect(try google.floats(name) == timm.floats(name), "\(name)")
        }
        let stated = try CheckpointConfiguration(metadata: google.metadata, path: google.path)
        #expect(stated.heads == 2 && stated.layerNormEpsilon == 1e-6)
        let family = try #require(stated.family.flatMap(ModelFamily.named))
        #expect(family.mean == [0.5, 0.5, 0.5] && family.std == [0.5, 0.5, 0.5] && family.activation == .geluTanh)
        #expect(try FlaxCheckpoint(timm) == nil)
    }

    @Test(arguments: [
        // What is left of a model whose tensors are all there, and what the message names.
        ("cls", "(1, 1, 2)", "\"Transformer/posembed_input/pos_embedding\" is missing"),
        ("embedding/bias", "(2,)", "\"cls\" is missing"), ("embedding/kernel", "(2,)", "shape [2]"),
    ])
    func `A model that is not whole is refused by Google's name`(name: String, shape: String, says: String) throws {
        var members: [NpzBuilder.Member] = [
            NpzBuilder.Member(
                "Transformer/encoderblock_0/LayerNorm_2/scale.npy", NpzBuilder.floats([1, 2], shape: "(2,)"))
        ]
        if name == "embedding/kernel" {
            members.append(NpzBuilder.Member("cls.npy", NpzBuilder.floats([1, 2], shape: "(1, 1, 2)")))
            members.append(
                NpzBuilder.Member(
                    "Transformer/posembed_input/pos_embedding.npy", NpzBuilder.floats([1, 2], shape: "(1, 1, 2)")))
        } else {
            members.append(
                NpzBuilder.Member("embedding/kernel.npy", NpzBuilder.floats([1, 2, 3, 4, 5, 6], shape: "(1, 1, 3, 2)")))
        }
        members.append(NpzBuilder.Member(name + ".npy", NpzBuilder.floats([1, 2], shape: shape)))
        try TestData.withFolder { folder in
            let path = folder + "/model.npz"
            try Data(NpzBuilder(members: members).bytes).write(to: URL(filePath: path))
            let file = try NpzFile(path: path)
            let error = try #require(throws: WeightsError.self) { try FlaxCheckpoint(file) }
            #expect(error.description.contains(says), "\(error)")
        }
    }
}
