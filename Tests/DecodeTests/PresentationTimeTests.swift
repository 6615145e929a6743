import Decode
import Geometry
import Testing

/// The times and numbers of decoded frames, against what ffprobe says about the same clip.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct PresentationTimeTests {
    @Test(
        .enabled(if: MediaTools.hasData, "needs the test videos, see VTRACK_TEST_DATA"),
        arguments: [
            ("car-detection.mp4", 377, 12.5),  // H.264 with B-frames, 12.5 frames a second, and sound
            ("bedroom.mp4", 200, 30.0),  // H.264
            ("MOT17-04_frames1-8.mp4", 8, 3.0),  // MPEG-4
        ])
    func testVideos(name: String, frames: Int, rate: Double) throws {
        let path = "\(MediaTools.dataFolder)/video/\(name)"
        let reader = try VideoReader(source: .path(path))
        #expect(reader.info.frameRate == rate)
        #expect(reader.info.frameCountEstimate == frames)
        let (times, numbers) = try timesAndNumbers(reader)
        #expect(times == (try MediaTools.presentationTimes(path)))
        #expect(numbers == Array(1...frames))
        #expect(reader.statistics.decodeErrors == 0)
        #expect(reader.statistics.irregularFrames == 0)
    }
}

/// Reads a clip to its end.
func timesAndNumbers(_ reader: VideoReader) throws -> (times: [Double?], numbers: [Int]) {
    var times: [Double?] = []
    var numbers: [Int] = []
    while let frame = try reader.next() {
        // ffprobe prints six decimals.
        times.append(frame.presentationSeconds.map { ($0 * 1e6).rounded() / 1e6 })
        numbers.append(frame.number.rawValue)
    }
    return (times, numbers)
}
