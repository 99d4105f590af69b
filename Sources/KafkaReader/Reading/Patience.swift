// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import NIOCore

/// How long failures in a row are put up with. A value: time comes as an argument.
struct Patience: Sendable {
    private let limits: ReadLimits
    /// Since when nothing has gone well.
    private var since: NIODeadline?
    /// Since when the topic or the partition is known not to be there.
    private var unknownSince: NIODeadline?
    private var failures = 0
    /// When to try again.
    private(set) var retryAt: NIODeadline?

    init(_ limits: ReadLimits) { self.limits = limits }

    /// What to do about an obstacle.
    enum Verdict: Equatable {
        case wait(until: NIODeadline)
        case fail(ReadFault)
    }

    /// Something went well: all is forgotten.
    mutating func rewarded() { self = Patience(limits) }

    /// There is an obstacle, newly or still.
    mutating func met(_ obstacle: Obstacle, now: NIODeadline) -> Verdict {
        if let fault = obstacle.fault { return .fail(fault) }
        let end = deadline(isUnknown: obstacle.unknown != nil, now: now)
        guard end <= now else { return .wait(until: end) }
        return .fail(obstacle.unknown ?? .timedOut(limits.timeout, reason: obstacle.text))
    }

    /// A question came to nothing.
    ///
    /// - Parameters:
    ///   - reason: Why, for a person.
    ///   - unknown: What it is if it lasts longer than a topic may be unknown; nil when it is not about that.
    ///   - isHinted: Whether the answer said where to ask instead, so that there is no need to wait.
    ///   - now: The time.
    /// - Returns: What there is no patience for any more, or nil.
    mutating func failed(
        _ reason: String,
        unknown: ReadFault?,
        isHinted: Bool = false,
        now: NIODeadline
    ) -> ReadFault? {
        let end = deadline(isUnknown: unknown != nil, now: now)
        guard end > now else { return unknown ?? .timedOut(limits.timeout, reason: reason) }
        let wait = isHinted ? Duration.zero : limits.backoff.wait(afterFailures: failures)
        failures += 1
        retryAt = min(end, now + TimeAmount(clamping: wait))
        return nil
    }

    /// When it ends.
    private mutating func deadline(isUnknown: Bool, now: NIODeadline) -> NIODeadline {
        let began = since ?? now
        since = began
        let end = began + TimeAmount(clamping: limits.timeout)
        guard isUnknown else {
            unknownSince = nil
            return end
        }
        let unknownBegan = unknownSince ?? now
        unknownSince = unknownBegan
        return min(end, unknownBegan + TimeAmount(clamping: limits.topicTimeout))
    }
}
