import Geometry
import Testing

@testable import Features

struct NarrowPatchEmbeddingTests {
    private static let mean = [0.485, 0.456, 0.406]
    private static let std = [0.229, 0.224, 0.225]

    @Test
    func `Whole pixels are exact in bfloat16`() {
        let table = PixelTable(mean: Self.mean, std: Self.std)
        for colour in 0..<3 {
            let zero = NarrowPatchEmbedding.zero(of: Self.mean[colour])
            for value in 0..<256 {
                let found = Float(bitPattern: UInt32(table.narrowed[colour * 256 + value]) << 16)
                #expect(found == Float(value - zero))
            }
        }
    }

    // Flat and slowly changing patches are where rounding used to add up.
    @Test(arguments: [8, 14, 16])
    func `Flat and smooth patches are embedded almost exactly`(_ patch: Int) {
        let plane = patch * patch
        let outputs = 8
        let weights = KernelTests.random(outputs * 3 * plane, seed: 21, scale: 0.05)
        let bias = KernelTests.random(outputs, seed: 22)
        let narrow = NarrowPatchEmbedding(weights: weights, bias: bias, patch: patch, mean: Self.mean, std: Self.std)
        for value in narrow.weights { #expect(value.bitPattern & 0xffff == 0) }
        var (squares, errors, naive) = (0.0, 0.0, 0.0)
        for (base, slope) in [(0, 0), (255, 0), (90, 0), (40, 3), (200, -4)] {
            func pixel(_ index: Int) -> Int { min(255, max(0, base + slope * (index % patch + index / patch))) }
            for output in 0..<outputs {
                var (exact, found, rounded) = (
                    Double(bias[output]), Double(narrow.bias[output]), Double(bias[output])
                )
                for colour in 0..<3 {
                    for index in 0..<plane {
                        let place = (output * 3 + colour) * plane + index
                        let normal = (Double(pixel(index)) / 255 - Self.mean[colour]) / Self.std[colour]
                        exact += Double(weights[place]) * normal
                        found += Double(narrow.weights[place]) * Double(pixel(index) - narrow.zero[colour])
                        rounded +=
                            Double(KernelTests.widen(KernelTests.narrow(weights[place])))
                            * Double(KernelTests.widen(KernelTests.narrow(Float(normal))))
                    }
                }
                squares += exact * exact
                errors += (found - exact) * (found - exact)
                naive += (rounded - exact) * (rounded - exact)
            }
        }
        #expect((errors / squares).squareRoot() < 1e-3)
        // What it is for: several times better than rounding each number to the nearest.
        #expect(errors * 9 < naive)
    }
}
