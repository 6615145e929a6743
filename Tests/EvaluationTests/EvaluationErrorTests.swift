import Evaluation
import Geometry
import Testing

@Suite struct EvaluationErrorTests {
    // What was found, what was expected or what to do, and the exit code.
    @Test(
        arguments: [
            (EvaluationError.delta("x"), ["\"x\"", "0.5s"], FailureCategory.usage),
            (.rateMissing(sequence: "clip"), ["clip", "--fps"], .usage),
            (.rate(-1, sequence: "clip"), ["clip", "-1.0", "positive"], .badData),
            (
                .frameOrder(sequence: "clip", previous: FrameIndex(5), found: FrameIndex(4)),
                ["clip", "frame 4 came after frame 5"], .bug
            ),
            (
                .frameShape(sequence: "clip", frame: FrameIndex(5), boxes: 2, found: 3), ["frame 5", "2 boxes", "3"],
                .bug
            ),
            (
                .duplicateIdentity(sequence: "clip", frame: FrameIndex(5), identity: 77), ["frame 5", "identity 77"],
                .badData
            ),
            (
                .vectorShape(sequence: "clip", frame: FrameIndex(5), found: nil, expected: 768),
                ["frame 5", "no numbers", "768"], .bug
            ),
            (.recordMismatch(sequence: "clip"), ["clip", "another study", "same options"], .badData),
        ] as [(EvaluationError, [String], FailureCategory)])
    func messagesNameWhatWasFoundAndWhatToDo(
        _ error: EvaluationError, _ parts: [String], _ category: FailureCategory
    ) {
        for part in parts { #expect(error.description.contains(part), "\(error)") }
        #expect(error.category == category)
    }
}
