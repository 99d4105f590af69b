// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// Which topics a metadata request asks for.
enum MetadataRequestScope: Sendable, Equatable {
    /// Everything in use.
    case full([String])
    /// Topics that came into use since the last answer.
    case partial([String])

    var topics: [String] {
        switch self {
        case .full(let topics), .partial(let topics): topics
        }
    }
}

/// Decides when to ask for metadata, and for which topics. A value: time comes as an argument.
struct MetadataUpdater {
    private struct Usage {
        var lastUsed: NIODeadline
        var isKnown: Bool
    }

    private let maximumAge: TimeAmount
    private let maximumIdle: TimeAmount
    private let backoff: ExponentialBackoff
    private var topics: [String: Usage] = [:]
    /// The topic that was said to be in use last, and when. It is said for each request, and looked up once a second.
    private var usedLast: (topic: String, at: NIODeadline)?
    private var isUpdateRequested = true
    private var isInFlight = false
    private var failures = 0
    /// Answers in a row that had no news.
    private var answersWithoutNews = 0
    private(set) var lastSuccess: NIODeadline?
    private var notBefore: NIODeadline = .uptimeNanoseconds(0)
    /// When the cluster was last to be found anew.
    private var rebootstrappedAt: NIODeadline?
    /// Since when an answer is wanted and none came, or since the cluster was last sought anew.
    private(set) var wantedSince: NIODeadline?

    init(maximumAge: Duration, maximumIdle: Duration, backoff: ExponentialBackoff) {
        self.maximumAge = TimeAmount(clamping: maximumAge)
        self.maximumIdle = TimeAmount(clamping: maximumIdle)
        self.backoff = backoff
    }

    /// A topic is in use. One that was not known is asked for at once, without waiting for a backoff.
    mutating func use(_ topic: String, now: NIODeadline) {
        if let usedLast, now < usedLast.at + .seconds(1), usedLast.topic == topic { return }
        usedLast = (topic, now)
        guard let index = topics.index(forKey: topic) else {
            topics[topic] = Usage(lastUsed: now, isKnown: false)
            isUpdateRequested = true
            if failures == 0 { notBefore = now }
            return
        }
        topics.values[index].lastUsed = now
    }

    /// What is known has turned out wrong, or is missing.
    mutating func requestUpdate() {
        isUpdateRequested = true
    }

    /// A topic is not asked for any more if the cluster has not told of it.
    mutating func forget(unknown topic: String) {
        guard topics[topic]?.isKnown == false else { return }
        topics[topic] = nil
        usedLast = nil
    }

    /// When to ask next; `nil` while an answer is on its way.
    func nextRequest() -> NIODeadline? {
        guard !isInFlight else { return nil }
        if isUpdateRequested { return notBefore }
        guard let lastSuccess else { return notBefore }
        return max(notBefore, lastSuccess + maximumAge)
    }

    /// What to ask for now, if it is time to ask. Follow it with ``requestSent()``.
    mutating func requestDue(now: NIODeadline) -> MetadataRequestScope? {
        guard let next = nextRequest(), next <= now else { return nil }
        if wantedSince == nil { wantedSince = now }
        topics = topics.filter { $0.value.lastUsed + maximumIdle > now }
        usedLast = nil
        let unknown = topics.filter { !$0.value.isKnown }.map(\.key).sorted()
        let needsAll = lastSuccess.map { $0 + maximumAge <= now } ?? true
        let isPartial = !needsAll && !unknown.isEmpty && failures == 0 && unknown.count < topics.count
        return isPartial ? .partial(unknown) : .full(topics.keys.sorted())
    }

    mutating func requestSent() {
        isInFlight = true
        isUpdateRequested = false
    }

    /// An answer came. `isComplete` is false when it lacks a topic or a leader that may appear soon, `isNews` is true when
    /// it had news: then the next question need not wait; otherwise waits grow (KIP-580).
    mutating func responseReceived(
        _ scope: MetadataRequestScope,
        isComplete: Bool,
        isNews: Bool = false,
        now: NIODeadline
    ) {
        isInFlight = false
        wantedSince = nil
        if isComplete {
            for topic in scope.topics { topics[topic]?.isKnown = true }
        }
        if case .full = scope { lastSuccess = now }
        let lacksTopic = topics.contains { !$0.value.isKnown }
        if lacksTopic { isUpdateRequested = true }
        guard isComplete else {
            isUpdateRequested = true
            notBefore = now + TimeAmount(clamping: backoff.wait(afterFailures: failures))
            failures += 1
            return
        }
        failures = 0
        let mayAskAtOnce = isNews || lacksTopic
        notBefore = mayAskAtOnce ? now : now + TimeAmount(clamping: backoff.wait(afterFailures: answersWithoutNews))
        answersWithoutNews = isNews ? 0 : answersWithoutNews + 1
    }

    /// The question could not be sent or was not answered.
    mutating func requestFailed(now: NIODeadline) {
        isInFlight = false
        isUpdateRequested = true
        notBefore = now + TimeAmount(clamping: backoff.wait(afterFailures: failures))
        failures += 1
    }

    /// The cluster is to be found anew from `bootstrap.servers`: at once, but not again and again where these name brokers that
    /// are all out of reach.
    mutating func rebootstrapped(now: NIODeadline) {
        if let rebootstrappedAt {
            notBefore = max(notBefore, rebootstrappedAt + TimeAmount(clamping: backoff.wait(afterFailures: 0)))
        }
        rebootstrappedAt = now
        isUpdateRequested = true
        isInFlight = false
        wantedSince = now
    }
}
