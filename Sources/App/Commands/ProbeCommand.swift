import ArgumentParser
import Decode
import Foundation
import Geometry

/// `vtrack probe`: what a source is, and how its frames are numbered.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Show the facts of a video or image folder, and count its frames by decoding them.",
        discussion: "Times are in seconds since the first frame, sizes in pixels, rates in frames per second.")

    @OptionGroup(title: "Source") var source: SourceArguments

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "List every frame: its number and its time.")
    var frames = false

    @Flag(help: "Fail with status 65 on damaged video.")
    var strict = false

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        let reader = try VideoReader(
            source: source.video,
            options: source.decodeOptions(threads: 0))
        interruption.onSignal { reader.cancel() }
        var listed: [ProbeReport.Frame] = []
        var count = 0
        var last: VideoFrameFacts?
        do {
            while let frame = try reader.next() {
                count += 1
                last = VideoFrameFacts(number: frame.number.rawValue, seconds: frame.seconds)
                if frames { listed.append(.init(number: frame.number.rawValue, seconds: frame.seconds)) }
            }
        } catch {
            try interruption.check()
            throw error
        }
        let report = ProbeReport(
            source: source.source, info: reader.info, statistics: reader.statistics, frames: count,
            lastNumber: last?.number, lastSeconds: last?.seconds, list: frames ? listed : nil)
        if strict, report.decodeErrors > 0 {
            throw AppError.degraded(errors: report.decodeErrors, source: source.source)
        }
        try printOut(json ? report.json() : report.text())
    }

    private struct VideoFrameFacts {
        var number: Int
        var seconds: Double
    }
}
