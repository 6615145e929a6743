import Features
import Geometry
import Testing

@testable import App

@Suite struct VariantTests {
    @Test func choicesAreRead() throws {
        let variant = try Variant(
            "folder/mae.safetensors:drop=200:layer=3+6+9:join=mean:token=keys:pool=grid3:tiling=whole:long-side=512:"
                + "precision=bf16:similarity=l2:family=dino:standardize:drop-artefacts")
        let choices = variant.choices
        #expect(variant.subject == .model)
        #expect(choices.model == "folder/mae.safetensors")
        #expect(choices.dropVariance == 200)
        #expect(choices.layer == .blocks([3, 6, 9]))
        #expect(choices.join == .mean)
        #expect(choices.token == .keys)
        #expect(choices.pool == .grid(3))
        #expect(choices.tiling == .whole)
        #expect(choices.longSide == 512)
        #expect(choices.precision == .bf16)
        #expect(choices.similarity == .l2)
        #expect(variant.family == "dino")
        #expect(choices.standardize == true)
        #expect(choices.dropArtefacts == true)
        #expect(variant.label.hasPrefix("mae:drop=200:layer=3+6+9"))
    }

    @Test(arguments: [
        // A name is kept whole, also with a point or in a folder.
        ("dino-vitb16", "dino-vitb16"), ("a/b.pth:layer=last", "b:layer=last"), ("b.pth", "b"),
        ("histogram", "histogram"),
    ])
    func labels(_ text: String, _ label: String) throws {
        #expect(try Variant(text).label == label)
    }

    @Test func baselines() throws {
        #expect(try Variant.list("histogram,iou,centre,x").map(\.subject) == [.histogram, .iou, .centre, .model])
        #expect(try Variant("./histogram").subject == .model)
    }

    @Test(arguments: [
        "", "a,,b", "a,a", "none", "a:", "a:b", "a:drop", "a:drop=-1", "a:drop=x", "a:layer=3,6", "a:layer=",
        "a:pool=grid0",
        "a:tiling=large", "a:long-side=1", "a:precision=f64", "iou:layer=3", "a:join=sum", "a:family=x", ":layer=3",
    ])
    func wrongOnesAreRefused(_ text: String) {
        #expect(throws: AppError.self) { _ = try Variant.list(text) }
    }
}

@Suite struct SweepListTests {
    @Test func listsAreRead() {
        #expect(LayerList(argument: "0,3,12")?.items == [0, 3, 12])
        #expect(TokenList(argument: "output,keys")?.items == [.output, .keys])
        #expect(JoinList(argument: "3+6+9+12,6+12")?.items == [[3, 6, 9, 12], [6, 12]])
        #expect(JoinList(argument: "none")?.items == [[]])
        #expect(PoolingList(argument: "mean,grid7")?.items == [.mean, .grid(7)])
        #expect(
            TransformList(argument: "none,drop,drop=20,standardize")?.items
                == [SweptTransform.none, .drop(nil), .drop(20), .standardize])
        #expect(SimilarityList(argument: "l2")?.items == [.l2])
    }

    @Test(arguments: ["", ",", "3,3", "a", "-1", "3+", "3+3"])
    func wrongListsAreRefused(_ text: String) {
        #expect(LayerList(argument: text) == nil)
        #expect(JoinList(argument: text) == nil)
        #expect(PoolingList(argument: text) == nil)
        #expect(TransformList(argument: "drop=\(text)") == nil)
    }

    @Test(arguments: [
        ("1-5", "1,5", "0.5s,6"), ("5", "5", "4,6"), ("0.2s-1s", "0.2s,0.5s,1s", "1,1.1s"),
    ])
    func ranges(_ text: String, _ inside: String, _ outside: String) throws {
        let range = try #require(DeltaRange(argument: text))
        for delta in try #require(PresetFile.deltaList(inside)) { #expect(range.contains(delta)) }
        for delta in try #require(PresetFile.deltaList(outside)) { #expect(!range.contains(delta)) }
    }

    @Test(arguments: ["", "-", "5-1", "1-", "1-2-3", "1s-5", "0-5"])
    func wrongRangesAreRefused(_ text: String) {
        #expect(DeltaRange(argument: text) == nil)
    }
}
