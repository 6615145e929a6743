import Evaluation
import Foundation

/// The last step of a run and of a merge: everything pooled, from the records that the folder holds.
struct EvaluationResults {
    let folder: EvaluationFolder
    let manifest: EvaluationManifest
    let names: ReportNameArguments

    func publish(strict: Bool, quiet: Bool) throws {
        let records = manifest.own.compactMap { folder.record($0) }
        let failed = records.filter { $0.failure != nil }.map(\.name)
        if !failed.isEmpty { throw AppError.partial(failed: failed) }
        if strict, !manifest.skipped.isEmpty { throw AppError.skipped(manifest.skipped.map(\.name)) }
    }
}
