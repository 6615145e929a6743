import Features
import Geometry
import Testing

@Suite struct FeatureErrorTests {
    // What was found, what was expected or what to do, and the exit code.
    @Test(arguments: [
        (FeatureError.frameSize(width: 0, height: 9), ["0x9", "at least 1"], FailureCategory.badData),
        (.inputSide(side: 225, patch: 16), ["225", "16", "multiple"], .badData),
        (.longSide(15, patch: 16), ["15", "--long-side 16"], .usage),
        (.mapSize(rows: 14, columns: 9_999_999), ["14x9999999", "--tiling fit"], .badData),
        (.poolingName("max"), ["\"max\"", "mean-patches", "gridN"], .usage),
        (.dropsEveryChannel(drop: 768, channels: 768), ["768", "--drop-variance"], .usage),
        (.statisticsMissing, ["statistics"], .bug),
        (.statisticsChannels(found: 192, expected: 768), ["192", "768", "another model"], .badData),
        (.statistics(source: "s.safetensors", reason: "empty"), ["s.safetensors: empty"], .badData),
    ])
    func messagesNameWhatWasFoundAndWhatToDo(_ error: FeatureError, _ parts: [String], _ category: FailureCategory) {
        for part in parts { #expect(error.description.contains(part), "\(error)") }
        #expect(error.category == category)
    }
}
