// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import Synchronization

/// The mechanism of one login at work, on other threads than the event loop: hashing a password takes milliseconds, and a
/// ticket or a token may have to be fetched.
final class LoginWork: Sendable {
    /// How a step ended.
    enum Outcome: Sendable {
        case token(Secret)
        case ended
        /// The mechanism refuses to go on.
        case refused(SASLError)
        /// There is nothing to log in with.
        case lacking(LoginError)
    }

    private let login: any ClientLogin
    private let host: String
    private let gate: LoopGate
    private let mechanism = Mutex<(any SASLMechanism)?>(nil)

    init(_ login: any ClientLogin, host: String, gate: LoopGate) {
        self.login = login
        self.host = host
        self.gate = gate
    }

    /// Begins; `completion` gets the first token, on the event loop.
    func begin(_ completion: @escaping @Sendable (Outcome) -> Void) {
        // It ends by itself: a login has its own time limits.
        Task {
            do throws(LoginError) {
                let made = try await login.begin(host: host)
                mechanism.withLock { $0 = made }
            } catch {
                return gate.execute { completion(.lacking(error)) }
            }
            step({ mechanism throws(SASLError) in .token(try mechanism.start()) }, completion)
        }
    }

    /// Takes the broker's next token; `completion` gets what follows, on the event loop.
    func respond(to token: [UInt8], _ completion: @escaping @Sendable (Outcome) -> Void) {
        step(
            { mechanism throws(SASLError) in
                switch try mechanism.respond(to: token) {
                case .token(let token): .token(token)
                case .done: .ended
                }
            },
            completion
        )
    }

    private func step(
        _ body: @escaping @Sendable (inout any SASLMechanism) throws(SASLError) -> Outcome,
        _ completion: @escaping @Sendable (Outcome) -> Void
    ) {
        // Not on a thread of Swift's own: Kerberos asks servers and waits.
        DispatchQueue.global().async { [self] in
            let outcome = mechanism.withLock { kept -> Outcome? in
                guard var mechanism = kept.take() else { return nil }
                defer { kept = mechanism }
                do throws(SASLError) { return try body(&mechanism) } catch { return .refused(error) }
            }
            guard let outcome else { return }
            gate.execute { completion(outcome) }
        }
    }
}
