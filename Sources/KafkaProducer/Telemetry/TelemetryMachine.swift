// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Decides when brokers are asked which metrics they want, and when these are pushed (KIP-714). A value: it does neither.
///
/// The rules are those of the Java client: ask as soon as a broker is there; first push after between half and one and a half
/// of the interval, then after each; ask again when a push is refused; end with a last push if there is a subscription.
struct TelemetryMachine {
    private enum State {
        /// To ask at this time.
        case asking(at: NIODeadline)
        case asked
        /// To push at this time.
        case pushing(at: NIODeadline)
        case pushed
        case off
    }

    /// What is to be done.
    enum Action: Equatable {
        case ask(TopicID)
        case push(TelemetrySubscription, isLast: Bool)
    }

    private var state: State
    private(set) var subscription: TelemetrySubscription?
    private var isEnding = false
    private let retryBackoff: TimeAmount

    /// - Parameters:
    ///   - isEnabled: `enable.metrics.push`.
    ///   - retryBackoff: How long to wait before asking again after an answer that says to do so at once.
    init(isEnabled: Bool, retryBackoff: TimeAmount) {
        state = isEnabled ? .asking(at: .uptimeNanoseconds(0)) : .off
        self.retryBackoff = retryBackoff
    }

    /// When there is something to do, if nothing happens before; nil also for what any broker that is there would make due.
    var nextAction: NIODeadline? {
        switch state {
        case .asking(let time) where subscription != nil: time
        case .pushing(let time): time
        case .asking, .asked, .pushed, .off: nil
        }
    }

    /// Whether something is due now.
    func isDue(now: NIODeadline) -> Bool {
        switch state {
        case .asking(let time), .pushing(let time): time <= now
        case .asked, .pushed, .off: false
        }
    }

    /// What is due now, over a broker that takes it; it is under way then.
    mutating func next(now: NIODeadline) -> Action? {
        switch state {
        case .asking(let time) where time <= now:
            state = .asked
            return .ask(subscription?.instance ?? .zero)
        case .pushing(let time) where time <= now:
            guard let subscription else { return nil }
            state = .pushed
            return .push(subscription, isLast: isEnding)
        case .asking, .asked, .pushing, .pushed, .off: return nil
        }
    }

    /// No broker that is there knows of metrics.
    mutating func unsupported(now: NIODeadline) {
        guard !isEnding else { return end() }
        state = .asking(at: now + TelemetrySubscription.defaultInterval)
    }

    /// A broker says what it wants.
    ///
    /// - Parameters:
    ///   - response: What it says.
    ///   - jitter: From 0 to 1, by chance: so not all clients that began together push at the same time.
    ///   - now: The time.
    mutating func received(_ response: GetTelemetrySubscriptionsResponse, jitter: Double, now: NIODeadline) {
        guard case .asked = state else { return }
        guard !isEnding else { return end() }
        guard response.errorCode == .none else { return failed(response.errorCode, isPush: false, now: now) }
        guard let wanted = TelemetrySubscription(response) else { return end() }
        subscription = wanted
        guard wanted.isWanted else {
            state = .asking(at: now + wanted.interval)
            return
        }
        let share = 0.5 + min(max(jitter, 0), 1)
        state = .pushing(at: now + .nanoseconds(Int64(Double(wanted.interval.nanoseconds) * share)))
    }

    /// A broker has taken a push, or says why not.
    mutating func received(_ response: PushTelemetryResponse, now: NIODeadline) {
        guard case .pushed = state else { return }
        guard !isEnding, let subscription else { return end() }
        guard response.errorCode == .none else { return failed(response.errorCode, isPush: true, now: now) }
        state = .pushing(at: now + subscription.interval)
    }

    /// What was to be pushed is more than the broker takes: maybe the next is less.
    mutating func skipped(now: NIODeadline) {
        guard case .pushed = state else { return }
        guard !isEnding, let subscription else { return end() }
        state = .pushing(at: now + subscription.interval)
    }

    /// A request got no answer.
    mutating func unanswered(now: NIODeadline) {
        guard !isEnding else { return end() }
        switch state {
        case .asked, .pushed: state = .asking(at: now + TelemetrySubscription.defaultInterval)
        case .asking, .pushing, .off: break
        }
    }

    private mutating func failed(_ code: ErrorCode, isPush: Bool, now: NIODeadline) {
        switch code {
        case .unknownSubscriptionID, .unsupportedCompressionType: state = .asking(at: now + retryBackoff)
        case .telemetryTooLarge, .throttlingQuotaExceeded:
            state = .asking(at: now + (subscription?.interval ?? TelemetrySubscription.defaultInterval))
        default: end()
        }
    }

    // MARK: the end

    /// Whether there is something to push when the client closes.
    var hasLastPush: Bool {
        switch state {
        case .pushing: true
        case .pushed: subscription != nil
        case .asking, .asked, .off: false
        }
    }

    /// The client closes: what there is to push is due now, for the last time.
    mutating func close(now: NIODeadline) {
        guard !isEnding else { return }
        isEnding = true
        // The answer to an earlier push is not waited for, nor is there time for another one.
        if hasLastPush { state = .pushing(at: now) } else { end() }
    }

    /// Whether nothing is pushed any more.
    var hasEnded: Bool { if case .off = state { true } else { false } }

    /// Pushes no more.
    mutating func end() { state = .off }
}
