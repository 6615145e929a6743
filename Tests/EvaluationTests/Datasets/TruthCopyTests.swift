import Evaluation
import Testing

/// What is said when somebody scores the ground truth with itself.
@Suite struct TruthCopyTests {
    /// A pedestrian, a car, and a pedestrian that is not considered, in two frames.
    private static let truth = (1...2).map { frame in
        """
        \(frame),1,10,10,20,40,1,1,1
        \(frame),2,200,10,60,40,1,3,1
        \(frame),3,400,10,20,40,0,1,1

        """
    }.joined()

    private func remark(result: String) throws -> String? {
        let folder = try DatasetFolder()
        try folder.write("[Sequence]\nseqLength=2\n", to: "gt/A/seqinfo.ini")
        try folder.write(Self.truth, to: "gt/A/gt/gt.txt")
        try folder.write(result, to: "r/A.txt")
        var options = DatasetOptions()
        options.ignoresResultClasses = true
        let dataset = try Dataset.open(.mot17, root: folder.path + "/gt", options: options)
        let sequence = try #require(dataset.sequences.first)
        let truth = try dataset.truth(of: sequence)
        let tracks = try dataset.result(of: sequence, contentsOf: folder.path + "/r/A.txt", truth: truth)
        let judged = try dataset.metricSequences(truth: truth, result: tracks, sequence: "A")
        return dataset.remark(onCopy: tracks, of: truth, sequence: "A", judged: judged)
    }

    /// Cars and what is not considered count as wrong boxes, four of the six.
    @Test func aWholeCopyIsExplained() throws {
        let remark = try #require(try remark(result: Self.truth))
        #expect(remark.hasPrefix("A: the result is the ground truth, of whose 6 boxes the benchmark does not count 4"))
    }

    /// The rows that count, a box of a tracker among them, another number, nothing: none is a copy that falls short.
    @Test(arguments: [
        "1,1,10,10,20,40,1,1,1\n2,1,10,10,20,40,1,1,1\n", "1,1,11,10,20,40,1,1,1\n2,2,200,10,60,40,1,3,1\n",
        "1,2,10,10,20,40,1,1,1\n", "",
    ])
    func nothingElseIs(_ result: String) throws {
        #expect(try remark(result: result) == nil)
    }
}
