import Decode
import Foundation
import Geometry
import Testing

/// Readers that hand out some frames only.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct WantedFramesTests {
    private func numbers(_ source: String, _ wanted: Set<Int>?) throws -> [Int] {
        var options = DecodeOptions()
        options.wantedFrames = wanted
        let reader = try VideoReader(source: .path(source), options: options)
        var numbers: [Int] = []
        while let frame = try reader.next() { numbers.append(frame.number.rawValue) }
        return numbers
    }

    @Test func ofAVideoAndOfAFolder() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=64x48:r=10:d=1.2 -c:v mpeg4 clip.mp4", in: folder)
        try FileManager.default.createDirectory(atPath: folder.file("frames"), withIntermediateDirectories: true)
        try MediaTools.ffmpeg("-i clip.mp4 frames/%06d.jpg", in: folder)
        for source in [folder.file("clip.mp4"), folder.file("frames")] {
            #expect(try numbers(source, nil) == Array(1...12))
            #expect(try numbers(source, [7, 2, 3, 99]) == [2, 3, 7])
            let error = #expect(throws: DecodeError.self) { try numbers(source, [99]) }
            if case .noFrames = error {} else { Issue.record("\(String(describing: error))") }
        }
        // Images that are not wanted are not even opened.
        try Data("no picture".utf8).write(to: URL(filePath: folder.file("frames/000005.jpg")))
        try FileManager.default.removeItem(atPath: folder.file("frames/000006.jpg"))
        #expect(try numbers(folder.file("frames"), [1, 5, 6, 8]) == [1, 8])
    }
}
