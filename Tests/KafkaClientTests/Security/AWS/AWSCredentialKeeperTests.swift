// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import KafkaClient

/// How credentials are kept, renewed and asked for again.
@Suite("AWSCredentialKeeper")
struct AWSCredentialKeeperTests {
    /// A source that a test changes.
    private final class Source: AWSCredentialSource {
        let name: String
        private let state: Mutex<(outcome: Result<AWSCredentials, AWSFault>, count: Int)>

        init(_ name: String, _ outcome: Result<AWSCredentials, AWSFault>) {
            self.name = name
            state = Mutex((outcome, 0))
        }

        var count: Int { state.withLock { $0.count } }

        func set(_ outcome: Result<AWSCredentials, AWSFault>) { state.withLock { $0.outcome = outcome } }

        func credentials() async throws(AWSFault) -> AWSCredentials {
            let outcome = state.withLock { state in
                state.count += 1
                return state.outcome
            }
            return try outcome.get()
        }
    }

    private static func key(_ id: String, endsAfter seconds: Int64? = nil) -> Result<AWSCredentials, AWSFault> {
        .success(
            AWSCredentials(
                accessKeyID: id,
                secretAccessKey: Secret("s"),
                expiration: seconds.map { AWSEnvironment.start + $0 }
            )
        )
    }

    private static func fault(_ kind: AWSFault.Kind, _ text: String = "no") -> Result<AWSCredentials, AWSFault> {
        .failure(AWSFault(kind, text))
    }

    private let clock = HandClock()

    private func keeper(_ sources: [Source], retries: Int = 3) -> AWSCredentialKeeper {
        let environment = AWSEnvironment.forTests(clock: clock)
        var backoff = AWSBackoff()
        backoff.retries = retries
        return AWSCredentialKeeper(AWSCredentialChain(sources: sources), backoff: backoff, environment: environment)
    }

    @Test(
        "credentials are renewed five minutes before their end, in a short life behind its half, and others every 5 minutes",
        arguments: [
            (3600, [(0, .good), (3299, .good), (3300, .renew), (3599, .renew), (3600, .ended), (9999, .ended)]),
            (100, [(0, .good), (49, .good), (50, .renew), (100, .ended)]), (0, [(0, .ended)]), (-5, [(0, .ended)]),
            (nil, [(0, .good), (299, .good), (300, .renew), (99_999, .renew)]),
        ] as [(Int64?, [(Int64, AWSCredentialLife.Use)])]
    )
    func life(seconds: Int64?, uses: [(Int64, AWSCredentialLife.Use)]) {
        let start = AWSEnvironment.start
        let life = AWSCredentialLife(expiration: seconds.map { start + $0 }, from: start)
        for (second, use) in uses { #expect(life.use(now: start + second) == use, "after \(second) s") }
    }

    @Test("they are asked for once, and again ahead of their end")
    func renewed() async throws {
        let source = Source("a", Self.key("A", endsAfter: 3600))
        let keeper = keeper([source])
        for _ in 0..<3 { #expect(try await keeper.credentials().accessKeyID == "A") }
        #expect(source.count == 1)
        source.set(Self.key("B", endsAfter: 7200))
        clock.advance(3299)
        #expect(try await keeper.credentials().accessKeyID == "A")
        clock.advance(1)
        #expect(try await keeper.credentials().accessKeyID == "B")
        #expect(source.count == 2)
    }

    @Test("credentials that cannot be renewed are used to their end, and then the fault is told")
    func kept() async throws {
        let source = Source("a", Self.key("A", endsAfter: 3600))
        let keeper = keeper([source])
        _ = try await keeper.credentials()
        source.set(Self.fault(.passing))
        clock.advance(3300)
        #expect(try await keeper.credentials().accessKeyID == "A")
        // Ahead of the end one attempt is enough.
        #expect(source.count == 2)
        clock.advance(300)
        await #expect(throws: AWSFault(.passing, "a: no")) { try await keeper.credentials() }
        #expect(source.count == 6)
        source.set(Self.key("B"))
        #expect(try await keeper.credentials().accessKeyID == "B")
    }

    @Test("the first source that has some stays the one")
    func first() async throws {
        let sources = [
            Source("a", Self.fault(.absent)), Source("b", Self.key("B", endsAfter: 3600)), Source("c", Self.key("C")),
        ]
        let keeper = keeper(sources)
        #expect(try await keeper.credentials().accessKeyID == "B")
        sources[0].set(Self.key("A"))
        clock.advance(3500)
        #expect(try await keeper.credentials().accessKeyID == "B")
        #expect(sources.map(\.count) == [1, 2, 0])
    }

    @Test(
        "what may pass is asked for again, other faults are told at once with all that was tried",
        arguments: [(AWSFault.Kind.absent, 1), (.failed, 1), (.passing, 3)]
    )
    func attempts(kind: AWSFault.Kind, expected: Int) async {
        let sources = [Source("a", Self.fault(kind, "x")), Source("b", Self.fault(.absent, "y"))]
        let keeper = keeper(sources, retries: 2)
        let isPassing = kind == .passing
        await #expect(throws: AWSFault(isPassing ? .passing : .failed, "a: x; b: y")) { try await keeper.credentials() }
        #expect(sources.map(\.count) == [expected, expected])
    }

    @Test("many that ask at once get one answer")
    func together() async throws {
        let source = Source("a", Self.key("A", endsAfter: 3600))
        let keeper = keeper([source])
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await keeper.credentials().accessKeyID } }
            for try await id in group { #expect(id == "A") }
        }
        #expect(source.count == 1)
    }

    @Test(
        "pauses double up to the longest, and chance takes a part",
        arguments: [
            (1, 1, 500), (2, 1, 1000), (4, 1, 4000), (5, 1, 5000), (99, 1, 5000), (2, 0.5, 500), (3, 0, 0), (0, 2, 500),
        ]
            as [(Int, Double, Int)]
    )
    func pause(attempt: Int, random: Double, milliseconds: Int) {
        #expect(AWSBackoff().pause(behind: attempt, random: random) == .milliseconds(milliseconds))
    }
}
