import Evaluation

/// The last step of a run and of a merge: everything pooled, from the records that the folder holds.
struct EvaluationResults {
    let folder: EvaluationFolder
    let manifest: EvaluationManifest
    let names: ReportNameArguments

    /// Writes the reports and prints the tables.
    ///
    /// - Throws: `AppError.partial` where sequences failed, when all is written; with `strict`, `.skipped`.
    func publish(strict: Bool, quiet: Bool) throws {
        let summary = try EvaluationSummary(manifest, folder: folder)
        try FilePlace.write(EvaluationReport(summary: summary).json(), to: "\(folder.path)/\(names.json)")
        try FilePlace.write(ScoreCSV.text(summary.document), to: "\(folder.path)/\(names.csv)")
        if !names.noHtml {
            let page = try EvaluationPage(summary, folder: folder, timingsFile: "timings.json")
            try FilePlace.write(page.html(), to: "\(folder.path)/\(names.html)")
        }
        if !quiet { try printOut(EvaluationTable(summary: summary).text(folder: folder.path)) }
        let failed = summary.failed.map(\.name)
        if !failed.isEmpty { throw AppError.partial(failed: failed) }
        if strict, !summary.skipped.isEmpty { throw AppError.skipped(summary.skipped.map(\.name)) }
    }
}
