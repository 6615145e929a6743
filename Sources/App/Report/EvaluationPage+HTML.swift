import Crypto
import Evaluation
import Foundation

extension EvaluationPage {
    /// The page: one file that needs no other, no network and no script; the same bytes for the same value.
    func html() -> String {
        let sections = [
            ("failed", "Failed sequences", failedSection),
            ("retrieval", "Retrieval over Δt", retrievalSection),
            ("strata", "Retrieval by stratum", strataSection),
            ("misses", "Worst misses", missesSection),
            ("scores", "Tracking scores", scoresSection),
            ("sequences", "Retrieval by sequence", sequencesSection),
            ("configuration", "Configuration", configurationSection),
            ("notes", "Notes", notesSection),
            ("skipped", "Skipped sequences", skippedSection),
            ("terms", "What the figures mean", EvaluationPage.terms),
        ].filter { !$0.2.isEmpty }
        let links = sections.map { "<a href=\"#\($0.0)\">\($0.1)</a>" }.joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="vtrack \(HTML.escaped(VTrack.version))">
            <title>\(HTML.escaped(title)) · vtrack eval</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <a class="skip" href="#main">To the results</a>
            <header>
            <p class="kind">vtrack eval</p>
            <h1>\(HTML.escaped(title))</h1>
            \(partialBanner)\(highlightCards)<nav aria-label="Parts of this page">
            \(links)
            </nav>
            </header>
            <main id="main">
            \(sections.map { HTML.section($0.0, $0.1, $0.2) }.joined())</main>
            <footer>
            <p>\(footerText)</p>
            </footer>
            <script>\(PageScript.text)</script>
            </body>
            </html>

            """
    }

    /// Nothing is loaded from anywhere, and no script runs but the page's own.
    private static var policy: String {
        let digest = Data(SHA256.hash(data: Data(PageScript.text.utf8))).base64EncodedString()
        return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(digest)'; "
            + "base-uri 'none'; form-action 'none'"
    }

    private var partialBanner: String {
        guard !partial.isEmpty else { return "" }
        return "<div class=\"banner\" role=\"note\"><strong>Partial results.</strong>\n"
            + HTML.paragraphs(partial, class: "reason") + "</div>\n"
    }

    private var highlightCards: String {
        guard !highlights.isEmpty else { return "" }
        let cards = highlights.map { fact in
            "<div><dt>\(HTML.escaped(fact.name))</dt><dd>\(HTML.escaped(fact.value))</dd></div>\n"
        }.joined()
        return "<dl class=\"cards\">\n\(cards)</dl>\n"
    }

    private var failedSection: String {
        guard !failed.isEmpty else { return "" }
        return HTML.paragraphs(["These sequences are in none of the figures of this page."])
            + HTMLTable(
                caption: "Sequences that failed, and why", headers: ["sequence", "why"],
                rows: failed.map { [.init($0.name), .init($0.reason)] }
            ).html()
    }

    private var skippedSection: String {
        guard !skipped.isEmpty else { return "" }
        return HTMLTable(
            caption: "Sequences that cannot be evaluated, and why", headers: ["sequence", "why"],
            rows: skipped.map { [.init($0.name), .init($0.reason)] }
        ).html()
    }

    private var configurationSection: String {
        guard !configuration.isEmpty else { return "" }
        return HTMLTable(
            caption: "What was chosen", headers: ["option", "value"],
            rows: configuration.map { [.init($0.name), .init($0.value)] }
        ).html()
    }

    private var notesSection: String { HTML.list(notes) }

    private var footerText: String {
        var text = "Made by vtrack \(HTML.escaped(VTrack.version)). "
        if let timingsFile {
            text +=
                "Times are in <code>\(HTML.escaped(timingsFile))</code> beside this page, and not in it: equal runs give "
                + "equal bytes. "
        }
        return text + "This page loads nothing from anywhere."
    }
}
