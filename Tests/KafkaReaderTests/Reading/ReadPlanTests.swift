// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaReader

@Suite("What is to be read")
struct ReadPlanTests {
    @Test(
        "what is impossible is refused",
        arguments: [
            (.offset(-1), .never), (.timestamp(-2), .never), (.earliest, .offset(-1)),
        ] as [(ReadStart, ReadEnd)]
    )
    func objection(start: ReadStart, end: ReadEnd) {
        #expect(ReadPlan.test(from: start, to: end).objection != nil)
    }

    @Test(
        "what is possible is not",
        arguments: [
            (.offset(0), .offset(0)), (.timestamp(0), .latestAtStart), (.latest, .never), (.offset(.max), .never),
        ] as [(ReadStart, ReadEnd)]
    )
    func noObjection(start: ReadStart, end: ReadEnd) {
        #expect(ReadPlan.test(from: start, to: end).objection == nil)
    }
}
