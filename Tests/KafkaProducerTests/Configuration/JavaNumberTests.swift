// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaProducer

@Suite("JavaNumber")
struct JavaNumberTests {
    /// As OpenJDK 19 and later write them; the ones before have more digits for a few numbers.
    @Test(
        "numbers are written as Double.toString writes them",
        arguments: [
            (0.0, "0.0"), (-0.0, "-0.0"), (0.8, "0.8"), (1, "1.0"), (0.001, "0.001"), (0.0001, "1.0E-4"),
            (0.00012345, "1.2345E-4"), (-2.5e-7, "-2.5E-7"), (9_999_999, "9999999.0"), (10_000_000, "1.0E7"),
            (12_345_678.5, "1.23456785E7"), (1e21, "1.0E21"), (-1.5e300, "-1.5E300"),
            (120_000_000, "1.2E8"), (.infinity, "Infinity"), (-.infinity, "-Infinity"), (.nan, "NaN"),
        ] as [(Double, String)]
    )
    func text(number: Double, expected: String) { #expect(JavaNumber.text(number) == expected) }
}
