import Foundation
import Geometry
import Testing

@testable import Features

/// Archives that lie are refused by the name of the file and of the entry.
struct NpzDamageTests {
    struct Lie: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: String
        let apply: @Sendable (inout NpzBuilder) -> Void
    }

    private static let good = NpzBuilder.floats([1, 2, 3, 4], shape: "(2, 2)")

    /// Compresses the first member.
    private static func deflate(_ builder: inout NpzBuilder) {
        builder.members[0].content = builder.members[0].data
        builder.members[0].data = NpzBuilder.deflated(builder.members[0].data)
        builder.members[0].method = 8
    }

    @Test(arguments: [
        Lie(testDescription: "checksum", says: "checksum") { $0.members[0].checksum = 1 },
        Lie(testDescription: "checksum of compressed data", says: "checksum") {
            NpzDamageTests.deflate(&$0)
            $0.members[0].checksum = 1
        },
        Lie(testDescription: "size of stored data", says: "is stored in") { $0.members[0].size = 1 << 20 },
        Lie(testDescription: "a size no compression has", says: "cannot make") {
            NpzDamageTests.deflate(&$0)
            $0.members[0].size = 1 << 30
        },
        Lie(testDescription: "more than is made", says: "bytes") {
            NpzDamageTests.deflate(&$0)
            $0.members[0].size = 1000
        },
        Lie(testDescription: "less than is made", says: "bytes") {
            NpzDamageTests.deflate(&$0)
            $0.members[0].size = 100
        },
        Lie(testDescription: "an array that ends early", says: "its compressed data make") {
            let content = NpzBuilder.floats([1, 2, 3, 4], shape: "(2, 4)")
            $0.members[0].data = content
            NpzDamageTests.deflate(&$0)
            $0.members[0].size = content.count + 16
        },
        Lie(testDescription: "sizes that differ", says: "contradicts") { $0.members[0].localSize = 3 },
        Lie(testDescription: "names that differ", says: "contradicts") {
            $0.members[0].localName = Array("b.npy".utf8)
        },
        Lie(testDescription: "damaged compression", says: "compressed data") {
            NpzDamageTests.deflate(&$0)
            $0.members[0].data[0] = 7
        },
        Lie(testDescription: "compression without an end", says: "compressed data") {
            NpzDamageTests.deflate(&$0)
            // The last block says that another one follows.
            $0.members[0].data[$0.members[0].data.count - ($0.members[0].content?.count ?? 0) % 50 - 5] = 0
        },
        Lie(testDescription: "bytes behind compressed data", says: "compressed data end before") {
            NpzDamageTests.deflate(&$0)
            $0.members[0].data.append(0)
        },
        Lie(testDescription: "encryption", says: "encrypted") { $0.members[0].flags = 1 },
        Lie(testDescription: "unknown flag", says: "flags") { $0.members[0].flags = 1 << 6 },
        Lie(testDescription: "unknown method", says: "method is 12") { $0.members[0].method = 12 },
        Lie(testDescription: "same name twice", says: "twice") { $0.members.append($0.members[0]) },
        Lie(testDescription: "overlap", says: "overlaps") {
            // The second member's header and data lie inside the first one's data.
            $0.members[0].data += NpzBuilder(members: [NpzBuilder.Member("b.npy", NpzDamageTests.good)]).bytes
            $0.members.append(NpzBuilder.Member("b.npy", NpzDamageTests.good))
            $0.members[1].headerStart = 30 + 5 + NpzDamageTests.good.count
        },
        Lie(testDescription: "header outside", says: "do not fit a file") { $0.members[0].headerStart = 1 << 10 },
        Lie(testDescription: "header in the directory", says: "does not lie before") {
            $0.members[0].headerStart = 30 + 5 + NpzDamageTests.good.count - 29
        },
        Lie(testDescription: "header elsewhere", says: "no header") { $0.members[0].headerStart = 1 },
        Lie(testDescription: "extra fields", says: "extra fields") { $0.members[0].centralExtra = [1, 0, 200, 0] },
        Lie(testDescription: "not UTF-8", says: "no readable name") { $0.members[0].name = [0xFF] },
        Lie(testDescription: "not ASCII, not said to be UTF-8", says: "no readable name") {
            $0.members[0].name = Array("é.npy".utf8)
        },
        Lie(testDescription: "no name", says: "no readable name") { $0.members[0].name = [] },
        Lie(testDescription: "a name without end", says: "no readable name") {
            $0.members[0].name = [UInt8](repeating: 0x61, count: 2000)
        },
        Lie(testDescription: "not an array's name", says: "does not end in .npy") {
            $0.members[0].name = Array("a.txt".utf8)
        },
        Lie(testDescription: "more entries than there are", says: "cannot have 9 entries") { $0.count = 9 },
        Lie(testDescription: "fewer entries than there are", says: "behind its 0 entries") { $0.count = 0 },
        Lie(testDescription: "bytes behind the numbers", says: "needs 16 bytes, 17 are there") {
            $0.members[0].data.append(0)
        },
        Lie(testDescription: "not an array", says: "no array of NumPy's") { $0.members[0].data[0] = 0 },
        Lie(testDescription: "empty", says: "0 bytes, at least 10 expected") { $0.members[0].data = [] },
        Lie(testDescription: "unknown version", says: "version is 4.0") { $0.members[0].data[6] = 4 },
        Lie(testDescription: "header longer than the data", says: "expected") { $0.members[0].data[9] = 3 },
        Lie(testDescription: "header too long", says: "at most 10000") { $0.members[0].data[9] = 0xFF },
    ])
    func `A lie is refused`(_ lie: Lie) throws {
        var builder = NpzBuilder(members: [NpzBuilder.Member("a.npy", Self.good)])
        #expect(try builder.read() == ["a": [1, 2, 3, 4]])
        lie.apply(&builder)
        let error = try #require(throws: WeightsError.self) { try builder.read() }
        #expect(error.description.contains(lie.says), "\(error)")
        #expect(error.description.contains("/model.npz: "))
        #expect(error.category == .badData)
    }

    @Test
    func `Bytes before an archive or behind it are refused`() throws {
        let bytes = NpzBuilder(members: [NpzBuilder.Member("a.npy", Self.good)]).bytes
        for damaged in [[0] + bytes, bytes + [0], Array(bytes.dropFirst())] {
            let error = try #require(throws: WeightsError.self) { try NpzBuilder.read(damaged) }
            #expect(error.category == .badData)
        }
    }

    @Test
    func `A bomb makes no more bytes than it states`() throws {
        let path = NpzFileTests.fixture("bomb.npz")
        let file = try NpzFile(path: path)
        #expect(file.entries["bomb"]?.shape == [4])
        let error = try #require(throws: WeightsError.self) { try file.floats("bomb") }
        #expect(error.description.contains("\"bomb.npy\": its compressed data make more than the 144 bytes"))
    }

    @Test(arguments: [
        // The dictionary, and what the message says; each with 16 bytes of numbers.
        ("", "expected \"{\""), ("{", "expected a string"), ("{}", "no descr"), ("[]", "expected \"{\""),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)", "expected \"}\""),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)} x", "nothing after"),
        ("{'descr': '<f4', 'fortran_order': False}", "no shape"),
        ("{'descr': '<f4', 'shape': (4,)}", "no fortran_order"),
        ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", "occurs twice"),
        ("{'descr': '<f4', 'other': 1}", "\"other\""), ("{'descr': '>f4', }", "\">f4\""),
        ("{'descr': '|O', }", "\"|O\""),
        ("{'descr': '<U5', }", "\"<U5\""), ("{'descr': [('a', '<f4')], }", "expected a string"),
        ("{'descr': '\\x3cf4', }", "escapes"), ("{'descr': '<f4", "does not end"),
        ("{'descr': '<f4', 'fortran_order': 0, 'shape': (4,)}", "True or False"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': 4}", "expected \"(\""),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4)}", "only dimension"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-4,)}", "whole number"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4.0,)}", "only dimension"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (04,)}", "zero"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", "whole number"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}", "2^63"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}", "more bytes"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "counted"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)}", "needs 0 bytes"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (5,)}", "needs 20 bytes, 16 are there"),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1, ", count: 20)))}",
            "more than 16 dimensions"
        ),
        (String(repeating: "{'descr': ", count: 900), "expected a string"), ("\u{0}", "expected \"{\""),
    ])
    func `A damaged array header is refused`(dictionary: String, says: String) throws {
        let data = NpzBuilder.array(dictionary, [UInt8](repeating: 0, count: 16), version: [2, 0])
        let error = try #require(throws: WeightsError.self) {
            try NpzBuilder(members: [NpzBuilder.Member("a.npy", data)]).read()
        }
        #expect(error.description.contains(says), "\(error)")
        #expect(error.description.contains("\"a.npy\""), "\(error)")
    }

    @Test(arguments: [
        // As Python's repr may write it, and as other writers do.
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }      \n",
        "{'shape':(2,2),'fortran_order':False,'descr':'<f4'}",
        " {\"descr\": \"<f4\" , 'fortran_order' : False , 'shape' : ( 2 , 2 , ) , }",
    ])
    func `Any spelling of the dictionary reads`(dictionary: String) throws {
        let data = NpzBuilder.array(dictionary, Array(Self.good.suffix(16)), version: [3, 0])
        #expect(try NpzBuilder(members: [NpzBuilder.Member("a.npy", data)]).read() == ["a": [1, 2, 3, 4]])
    }
}
