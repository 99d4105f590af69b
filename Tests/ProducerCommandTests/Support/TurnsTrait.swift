// SPDX-License-Identifier: Apache-2.0
import Testing

/// Lets only a few tests with processes of their own run at once: swift-testing starts them all together, and a hundred
/// processes on two cores would meet time limits that none of them would meet alone. A suite's `.timeLimit` counts the
/// wait for a turn too, so it must be generous; each process has its own.
struct TurnsTrait: TestTrait, SuiteTrait, TestScoping {
    private static let slots = Slots(count: 6)

    let isRecursive = true

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
        // A suite's own scope lasts as long as all its tests.
        guard testCase != nil else { return try await body() }
        await Self.slots.take()
        defer { Self.slots.give() }
        try await body()
    }
}

extension Trait where Self == TurnsTrait {
    /// For suites whose tests start processes.
    static var takesTurns: Self { Self() }
}
