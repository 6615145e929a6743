import Foundation
import Geometry
import Testing

@testable import Formats

/// What the command line may name as a source of boxes, and what happens where there is none.
@Suite struct LocationTests {
    @Test(arguments: [
        ("-", BoxLocation.standardInput), ("fd:3", .fileDescriptor(3)), ("fd:0", .fileDescriptor(0)),
        ("boxes.txt", .path("boxes.txt")), ("./fd:3", .path("./fd:3")), ("/dev/fd/3", .path("/dev/fd/3")),
    ])
    func readsTheArgument(_ argument: String, _ expected: BoxLocation) throws {
        #expect(try BoxLocation(argument: argument) == expected)
    }

    @Test(arguments: ["", "fd:", "fd:x", "fd:-1", "fd:+3", "fd: 3", "fd:99999999999", "a\0b"])
    func refusesTheArgument(_ argument: String) {
        let error = #expect(throws: FormatError.self) { try BoxLocation(argument: argument) }
        #expect(error?.category == .usage)
    }

    @Test func whereThereIsNothingToRead() throws {
        let folder = try TemporaryFolder()
        #expect(openError(folder.path + "/none.txt") == .notFound(path: folder.path + "/none.txt"))
        #expect(openError(folder.path + "/none.txt")?.category == .noInput)
        #expect(openError(folder.path) == .isDirectory(path: folder.path))
        #expect(openError(folder.path)?.category == .noInput)
        let file = try folder.file("boxes.txt", "1,-1,1,2,3,4")
        #expect(openError(file + "/gt.txt")?.category == .noInput)
        #expect(FormatError.notPermitted(path: file).category == .permission)
        // Root may read everything, so that only others can see this.
        if geteuid() != 0 {
            _ = unsafe chmod(file, 0)
            #expect(openError(file) == .notPermitted(path: file))
        }
        #expect(ByteInput.failure(path: file, code: EACCES) == .notPermitted(path: file))
    }

    @Test func descriptorsHaveToBeOpenForReading() throws {
        let closed = #expect(throws: FormatError.self) {
            try BoxReader(location: .fileDescriptor(987), options: BoxOptions())
        }
        #expect(closed == .descriptorNotOpen(987) && closed?.category == .usage)
        var ends: [Int32] = [0, 0]
        let result = unsafe pipe(&ends)
        try #require(result == 0)
        let writingEnd = #expect(throws: FormatError.self) {
            try BoxReader(location: .fileDescriptor(ends[1]), options: BoxOptions())
        }
        #expect(writingEnd == .descriptorNotOpen(ends[1]))
        for end in ends { _ = close(end) }
    }

    /// A regular file is a file however it is named: it may be unsorted.
    @Test func aFileBehindADescriptorMayBeUnsorted() throws {
        let folder = try TemporaryFolder()
        let descriptor = unsafe open(try folder.file("boxes.txt", "2,-1,1,2,3,4\n1,-1,1,2,3,4\n"), O_RDONLY)
        defer { _ = close(descriptor) }
        let reader = try BoxReader(location: .fileDescriptor(descriptor), options: BoxOptions())
        #expect(!reader.isLive)
        #expect(try rest(of: reader).map(\.frame.rawValue) == [1, 2])
    }

    @Test func devNullHasNoFrames() throws {
        let reader = try BoxReader(location: .path("/dev/null"), options: BoxOptions())
        #expect(try reader.next() == nil)
    }

    /// Readers that succeed, fail or are never read give their descriptors back.
    @Test func descriptorsAreGivenBack() throws {
        let folder = try TemporaryFolder()
        let good = try folder.file("good.txt", "1,-1,1,2,3,4\n")
        let bad = try folder.file("bad.txt", "0,-1,1,2,3,4\n")
        let fifo = try folder.fifo("boxes")
        for _ in 0..<2000 {
            for path in [good, bad, fifo, folder.path, folder.path + "/none"] { _ = openError(path) }
        }
        // 10,000 readers, three descriptors each: more than any usual limit.
        #expect(openError(good) == nil)
    }

    /// A hostile path cannot write into the terminal through a message.
    @Test func messagesHaveNoControlCharacters() {
        let error = openError("/none/\u{1B}[31mred\n")
        #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        let row = failure("1,-1,\u{1B}[31m\u{9B}x,1,1,1")
        #expect(row?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B } == true)
    }

    private func openError(_ path: String) -> FormatError? {
        do throws(FormatError) {
            _ = try BoxReader(location: .path(path), options: BoxOptions())
            return nil
        } catch {
            return error
        }
    }
}
