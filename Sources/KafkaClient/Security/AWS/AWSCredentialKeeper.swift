// SPDX-License-Identifier: Apache-2.0

/// Keeps the credentials for all connections, and looks up others ahead of their end. Many that ask at once wait for the
/// same answer.
actor AWSCredentialKeeper {
    private struct Held {
        var credentials: AWSCredentials
        var source: any AWSCredentialSource
        var life: AWSCredentialLife
    }

    private typealias Outcome = Result<Held, AWSFault>

    private let chain: AWSCredentialChain
    private let environment: AWSEnvironment
    private let backoff: AWSBackoff
    private var held: Held?
    private var search: Task<Outcome, Never>?

    init(_ chain: AWSCredentialChain, backoff: AWSBackoff, environment: AWSEnvironment) {
        self.chain = chain
        self.backoff = backoff
        self.environment = environment
    }

    /// Credentials that are good now.
    func credentials() async throws(AWSFault) -> AWSCredentials {
        guard let held else { return try await renewed(attempts: backoff.attempts).credentials }
        switch held.life.use(now: environment.now()) {
        case .good: return held.credentials
        case .ended: return try await renewed(attempts: backoff.attempts).credentials
        case .renew:
            do throws(AWSFault) {
                return try await renewed(attempts: 1).credentials
            } catch {
                return held.credentials
            }
        }
    }

    private func renewed(attempts: Int) async throws(AWSFault) -> Held {
        if let search { return try await search.value.get() }
        let chain = held.map { AWSCredentialChain(sources: [$0.source]) } ?? chain
        // It ends by itself: sources have time limits, and so has the number of attempts.
        let task = Task { [environment, backoff] in
            await Self.search(chain, attempts: attempts, backoff, environment)
        }
        search = task
        let outcome = await task.value
        search = nil
        if case .success(let found) = outcome { held = found }
        return try outcome.get()
    }

    private static func search(
        _ chain: AWSCredentialChain,
        attempts: Int,
        _ backoff: AWSBackoff,
        _ environment: AWSEnvironment
    ) async -> Outcome {
        var attempt = 1
        while true {
            do throws(AWSFault) {
                let found = try await chain.find()
                let life = AWSCredentialLife(expiration: found.credentials.expiration, from: environment.now())
                return .success(Held(credentials: found.credentials, source: found.source, life: life))
            } catch {
                guard error.kind == .passing, attempt < attempts else { return .failure(error) }
                await environment.pause(backoff.pause(behind: attempt, random: Double.random(in: 0...1)))
                attempt += 1
            }
        }
    }
}
