import Evaluation
import Geometry

extension EvaluationPage {
    /// The misses that the models were surest of, as pictures.
    var missesSection: String {
        guard !misses.isEmpty else { return "" }
        return HTML.paragraphs([
            "Queries whose nearest box is another object, where that box is more alike than the right one by the most; "
                + "one an object, sequence and Δt."
        ]) + "<ol class=\"misses\">\n" + misses.map(card).joined() + "</ol>\n"
    }

    private func card(_ entry: Miss) -> String {
        let miss = entry.miss
        let gap = "Δt \(miss.requested)"
        // A single model need not be named on every card.
        let isAlone = misses.allSatisfy { $0.model == entry.model && $0.classGate == entry.classGate }
        let model = isAlone ? "" : entry.model + (entry.classGate ? " · class gate" : "") + " · "
        return """
            <li data-gap="\(HTML.escaped(gap))">
            <h3>\(HTML.escaped(miss.sequence))</h3>
            <p class="where">\(HTML.escaped("\(model)\(gap) · frames \(miss.query.frame) → "
                + "\(miss.right.frame) · margin \(decimal(miss.margin, 3))"))</p>
            <div class="triple">
            \(picture(entry.pictures.query, miss.query, kind: "query", title: "query", similarity: nil))\
            \(picture(
                entry.pictures.wrong, miss.wrong, kind: "wrong", title: "✗ taken", similarity: miss.wrongSimilarity))\
            \(picture(
                entry.pictures.right, miss.right, kind: "right", title: "✓ right", similarity: miss.rightSimilarity))\
            </div>
            </li>

            """
    }

    private func picture(
        _ picture: BoxPicture?, _ place: WorstMiss.Place, kind: String, title: String, similarity: Double?
    ) -> String {
        let className = RetrievalStratum.classID(place.classID).name(classNames: classNames)
        var caption = "<b>\(title)</b>\(similarity.map { " " + decimal($0, 3) } ?? "")<br>\(HTML.escaped(className))"
        if let identity = place.identity { caption += " #\(identity)" }
        let description = HTML.escaped(
            "\(title): \(className) in frame \(place.frame), box \(decimal(place.box.x, 0)), "
                + "\(decimal(place.box.y, 0)), \(decimal(place.box.width, 0)) × \(decimal(place.box.height, 0)) pixels")
        var shown = "<span class=\"none\">no picture</span>"
        if let picture {
            let box = picture.box
            let place = [
                ("left", box.x), ("top", box.y), ("width", box.width), ("height", box.height),
            ].map { "\($0.0):\(HTML.number($0.1 * 100))%" }.joined(separator: ";")
            let shape = picture.height > picture.width ? "tall" : "wide"
            shown = """
                <div class="\(shape)" style="aspect-ratio:\(picture.width)/\(picture.height)">\
                <img src="\(HTML.dataAddress(picture.bytes, mediaType: picture.mediaType))" \
                width="\(picture.width)" height="\(picture.height)" alt="\(description)">\
                <i style="\(place)" aria-hidden="true"></i></div>
                """
        }
        return "<figure class=\"\(kind)\" title=\"\(description)\"><div class=\"cut\">\(shown)</div>"
            + "<figcaption>\(caption)</figcaption></figure>\n"
    }
}
