import Testing

@testable import App

@Suite struct DecimalTests {
    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (0.95, 1, "1.0"), (12.3456, 2, "12.35"), (99.999, 2, "100.00"),
        (-0.001, 2, "0.00"), (-1.25, 1, "-1.3"), (7.0, 0, "7"), (0.07, 2, "0.07"),
    ])
    func fixedDecimals(_ value: Double, _ digits: Int, _ expected: String) {
        #expect(decimal(value, digits) == expected)
    }
}
