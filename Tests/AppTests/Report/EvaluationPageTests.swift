import Crypto
import Evaluation
import Foundation
import Geometry
import Testing

@testable import App

@Suite struct EvaluationPageTests {
    private func count(_ needle: String, in text: String) -> Int { text.components(separatedBy: needle).count - 1 }

    // `VTRACK_TEST_PAGE=FILE` keeps the page, for looking at it in a browser.
    @Test func equalValuesGiveEqualBytes() throws {
        let page = try PlausiblePage.page()
        let text = page.html()
        #expect(try PlausiblePage.page().html() == text)
        if let path = ProcessInfo.processInfo.environment["VTRACK_TEST_PAGE"] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    @Test func everyPartIsThere() throws {
        let text = try PlausiblePage.page().html()
        for part in [
            "Partial results.", "Failed sequences", "Retrieval over Δt", "Retrieval by stratum", "Worst misses",
            "Tracking scores", "Retrieval by sequence", "Configuration", "Skipped sequences", "timings.json",
            "dawn/dusk", "pedestrian", "96–256 px", "rainy", "dino-vitb16 · class gate",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        // Links lead to parts that are there.
        for link in text.components(separatedBy: "href=\"#").dropFirst() {
            let name = link.prefix { $0 != "\"" }
            #expect(text.contains("id=\"\(name)\""), "\(name)")
        }
        // Every table has a caption, every header cell says what it heads, every picture has a text.
        #expect(count("<table", in: text) > 20)
        #expect(count("<caption>", in: text) == count("<table", in: text))
        #expect(count("<th ", in: text) == count("<th scope=", in: text))
        #expect(count("<th>", in: text) == 0)
        #expect(count("<img ", in: text) == count(" alt=\"", in: text))
        #expect(count("<img ", in: text) > 30)
    }

    @Test func nothingIsLoadedFromAnywhere() throws {
        let text = try PlausiblePage.page().html()
        #expect(!text.contains("http://") && !text.contains("https://"))
        #expect(count("src=\"", in: text) == count("src=\"data:image/jpeg;base64,", in: text))
        #expect(count("<link", in: text) == 0 && count("@import", in: text) == 0 && count("url(", in: text) == 0)
        // The one script that may run is the page's own, byte by byte.
        #expect(count("<script", in: text) == 1)
        let script = text.components(separatedBy: "<script>")[1].components(separatedBy: "</script>")[0]
        let digest = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
        #expect(text.contains("script-src 'sha256-\(digest)'"))
        #expect(count("<th scope=\"col\"></th>", in: text) == 0)
    }

    // Names that would be markup, leave their attribute, end the script or the style, or turn the text around them.
    @Test func hostileTextsStayTexts() throws {
        let hostile =
            "</style></script><script>alert(1)</script><img src=x onerror='alert(2)'>\" onload=\"alert(3)\u{0}\u{202E}&amp;"
        var page = try PlausiblePage.page()
        let calm = page.html()
        page.title = hostile
        page.partial = [hostile]
        page.highlights = [.init(name: hostile, value: hostile)]
        page.configuration = [.init(name: hostile, value: hostile)]
        page.classNames = [1: hostile, 3: hostile]
        page.notes = [hostile]
        page.skipped = [.init(name: hostile, reason: hostile)]
        page.failed = [.init(name: hostile, reason: hostile)]
        page.timingsFile = hostile
        page.scores = [
            .init(
                title: hostile, explanation: hostile, headers: [hostile, hostile], rows: [[hostile, hostile]], totals: 9
            )
        ]
        for index in page.retrieval.indices {
            page.retrieval[index].model = hostile
            page.retrieval[index].sequences = page.retrieval[index].sequences.map {
                .init(name: hostile, results: $0.results)
            }
        }
        var study = try RetrievalStudy(deltas: [.frames(1)], recording: RetrievalRecording())
        try study.beginSequence(name: hostile, frameRate: 1, attributes: [hostile: hostile])
        for number in 1...2 {
            try study.add(
                RetrievalFrame(
                    number: FrameIndex(number),
                    boxes: [Box(x: 0, y: 0, width: 9, height: 9), Box(x: 9, y: 0, width: 9, height: 9)],
                    identities: number == 1 ? [1, 2] : [2, 1], classes: [1, 3],
                    vectors: FeatureVectors(count: 2, dimension: 2, values: [1, 0, 0, 1])))
        }
        page.retrieval.append(.init(model: hostile, classGate: false, results: study.finish(), strata: study.strata))
        page.misses = study.worstMisses[0].map { .init(model: hostile, miss: $0) }
        #expect(!page.misses.isEmpty)
        let text = page.html()
        #expect(count("<script", in: text) == 1)
        #expect(count("</script", in: text) == 1)
        #expect(count("</style", in: text) == 1)
        #expect(count("<img", in: text) == 0)
        #expect(!text.contains("\" onload="))
        #expect(!text.unicodeScalars.contains { $0 == "\0" || $0 == "\u{202E}" })
        #expect(text.contains("&lt;script&gt;alert(1)"))
        // What opens is closed, as on a page without such names.
        for tag in ["table", "section", "details", "figure", "div", "ul", "ol", "li", "p", "svg"] {
            for each in [text, calm] {
                let opened = count("<\(tag)>", in: each) + count("<\(tag) ", in: each)
                #expect(opened == count("</\(tag)>", in: each), "\(tag)")
            }
        }
    }

    // Baselines alone, and a longest gap that no object outlives: no curve, no column and no figure of what is not there.
    @Test func withoutAModelOnlyBaselinesAreShown() throws {
        func page(vectors: FeatureVectors?) throws -> String {
            var study = try RetrievalStudy(deltas: [.frames(1), .frames(9)], recording: RetrievalRecording())
            try study.beginSequence(name: "s", frameRate: 10)
            for number in 1...2 {
                try study.add(
                    RetrievalFrame(
                        number: FrameIndex(number),
                        boxes: [Box(x: 0, y: 0, width: 9, height: 9), Box(x: 9, y: 0, width: 9, height: 9)],
                        identities: [1, 2], classes: [1, 3], vectors: vectors))
            }
            var page = EvaluationPage(title: "t")
            let results = study.finish()
            page.retrieval = [
                .init(
                    model: "the model", classGate: false, results: results, strata: study.strata,
                    sequences: [.init(name: "s", results: results)])
            ]
            return page.html()
        }
        let alone = try page(vectors: nil)
        #expect(!alone.contains("<span>the model</span>") && alone.contains("<span>IoU</span>"))
        #expect(!alone.contains("top-1 by what the query is") && !alone.contains("top-1 of each sequence"))
        #expect(
            alone.contains(
                "the model: each sequence by itself, % of queries; IoU and colours at Δt\u{A0}1 (0.1\u{A0}s)"))
        let full = try page(vectors: FeatureVectors(count: 2, dimension: 2, values: [1, 0, 0, 1]))
        #expect(full.contains("<span>the model</span>") && full.contains("top-1 by what the query is"))
        #expect(full.contains("IoU and colours at Δt\u{A0}1 (0.1\u{A0}s)"))
    }

    // Nothing but a title; a study without boxes; a gap without a rate.
    @Test func absentThingsAreLeftOut() throws {
        var page = EvaluationPage(title: "empty")
        let bare = page.html()
        for part in ["retrieval", "strata", "misses", "scores", "failed", "skipped", "notes", "configuration"] {
            #expect(!bare.contains("id=\"\(part)\""), "\(part)")
        }
        #expect(!bare.contains("Partial") && !bare.contains("timings"))
        var study = try RetrievalStudy(deltas: [.seconds(0.5)], recording: RetrievalRecording())
        page.retrieval = [.init(model: "m", classGate: false, results: study.finish(), strata: study.strata)]
        #expect(page.html().contains("nothing to retrieve"))
    }
}
