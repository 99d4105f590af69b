// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import KafkaClient

/// When metadata is asked for, and for which topics.
@Suite("MetadataUpdater")
struct MetadataUpdaterTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// With waits of exactly 100 ms, an age of 300 s and an idle time of 60 s.
    private func updater() -> MetadataUpdater {
        MetadataUpdater(
            maximumAge: .seconds(300),
            maximumIdle: .seconds(60),
            backoff: ExponentialBackoff(initial: .milliseconds(200), maximum: .milliseconds(100))
        )
    }

    /// Asks what is due and takes in a complete answer.
    private func answer(_ updater: inout MetadataUpdater, now: NIODeadline) -> MetadataRequestScope? {
        guard let scope = updater.requestDue(now: now) else { return nil }
        updater.requestSent()
        updater.responseReceived(scope, isComplete: true, now: now)
        return scope
    }

    @Test("the first request is due at once")
    func first() {
        var updater = updater()
        #expect(answer(&updater, now: start) == .full([]))
        #expect(updater.lastSuccess == start)
    }

    @Test("nothing is asked while an answer is on its way")
    func oneAtATime() {
        var updater = updater()
        _ = updater.requestDue(now: start)
        updater.requestSent()
        updater.requestUpdate()
        #expect(updater.nextRequest() == nil)
        #expect(updater.requestDue(now: start + .hours(1)) == nil)
    }

    @Test("everything is asked for anew when it is as old as metadata.max.age.ms")
    func maximumAge() {
        var updater = updater()
        _ = answer(&updater, now: start)
        #expect(updater.nextRequest() == start + .seconds(300))
        #expect(updater.requestDue(now: start + .milliseconds(299_999)) == nil)
        #expect(answer(&updater, now: start + .seconds(300)) == .full([]))
    }

    @Test("a new topic is asked for alone, and without waiting for a backoff")
    func newTopic() {
        var updater = updater()
        updater.use("a", now: start)
        #expect(answer(&updater, now: start) == .full(["a"]))
        updater.use("b", now: start)
        updater.use("c", now: start)
        #expect(answer(&updater, now: start) == .partial(["b", "c"]))
        #expect(updater.requestDue(now: start) == nil)
    }

    @Test("a partial answer does not make the rest younger")
    func partialAge() {
        var updater = updater()
        updater.use("a", now: start)
        _ = answer(&updater, now: start)
        updater.use("b", now: start + .seconds(30))
        #expect(answer(&updater, now: start + .seconds(30)) == .partial(["b"]))
        #expect(updater.nextRequest() == start + .seconds(300))
    }

    @Test("what turned out wrong is asked for anew, after the backoff")
    func update() {
        var updater = updater()
        updater.use("a", now: start)
        _ = answer(&updater, now: start)
        updater.requestUpdate()
        #expect(updater.requestDue(now: start + .milliseconds(99)) == nil)
        #expect(answer(&updater, now: start + .milliseconds(100)) == .full(["a"]))
    }

    @Test("waits grow while answers tell nothing new, and there is none after one that does (KIP-580)")
    func equivalentAnswers() {
        var updater = MetadataUpdater(
            maximumAge: .seconds(300),
            maximumIdle: .seconds(60),
            backoff: ExponentialBackoff(initial: .milliseconds(100), maximum: .seconds(100))
        )
        var now = start
        func wait(isNews: Bool) -> Duration {
            updater.requestUpdate()
            now = updater.nextRequest() ?? now
            guard let scope = updater.requestDue(now: now) else { return .zero }
            updater.requestSent()
            // What turns out wrong meanwhile does not cut the wait short.
            updater.requestUpdate()
            updater.responseReceived(scope, isComplete: true, isNews: isNews, now: now)
            return .nanoseconds(((updater.nextRequest() ?? now) - now).nanoseconds)
        }
        #expect(wait(isNews: true) == .zero)
        for round in 0..<5 {
            let (wait, nominal) = (wait(isNews: false), Duration.milliseconds(100 << round))
            #expect(wait >= nominal * 0.79 && wait <= nominal * 1.21, "\(round): \(wait)")
        }
        #expect(wait(isNews: true) == .zero)
        #expect(wait(isNews: false) <= .milliseconds(121))
    }

    @Test("an incomplete answer is asked for again after the backoff, all of it")
    func incomplete() {
        var updater = updater()
        updater.use("a", now: start)
        _ = answer(&updater, now: start)
        updater.use("b", now: start)
        _ = updater.requestDue(now: start)
        updater.requestSent()
        updater.responseReceived(.partial(["b"]), isComplete: false, now: start)
        #expect(updater.nextRequest() == start + .milliseconds(100))
        #expect(updater.requestDue(now: start + .milliseconds(99)) == nil)
        #expect(answer(&updater, now: start + .milliseconds(100)) == .full(["a", "b"]))
        #expect(updater.nextRequest() == start + .milliseconds(300_100))
    }

    @Test("waits grow while answers fail to come, and new topics do not cut them short")
    func failures() {
        var updater = MetadataUpdater(
            maximumAge: .seconds(300),
            maximumIdle: .seconds(60),
            backoff: ExponentialBackoff(initial: .milliseconds(100), maximum: .seconds(100))
        )
        var now = start
        for failures in 0..<4 {
            #expect(updater.requestDue(now: now) != nil)
            updater.requestSent()
            updater.requestFailed(now: now)
            updater.use("topic \(failures)", now: now)
            let wait = (updater.nextRequest() ?? now) - now
            let nominal = Int64(100 << failures)
            #expect(wait >= .milliseconds(nominal * 79 / 100) && wait <= .milliseconds(nominal * 121 / 100))
            now = now + wait
        }
    }

    @Test("a topic that was not used for metadata.max.idle.ms is not asked for any more")
    func idle() {
        var updater = updater()
        updater.use("a", now: start)
        updater.use("b", now: start)
        _ = answer(&updater, now: start)
        updater.use("b", now: start + .seconds(59))
        updater.requestUpdate()
        #expect(answer(&updater, now: start + .seconds(60)) == .full(["b"]))
        updater.use("a", now: start + .seconds(61))
        #expect(answer(&updater, now: start + .seconds(61)) == .partial(["a"]))
    }

    @Test("a topic that came into use while an answer was on its way is asked for next")
    func newTopicMeanwhile() {
        var updater = updater()
        updater.use("a", now: start)
        guard let scope = updater.requestDue(now: start) else {
            Issue.record("nothing was due")
            return
        }
        updater.requestSent()
        updater.use("b", now: start)
        updater.responseReceived(scope, isComplete: true, now: start)
        #expect(answer(&updater, now: start) == .partial(["b"]))
    }

    @Test("since when an answer is wanted is known until it comes, or the cluster is sought anew")
    func wanted() {
        var updater = updater()
        _ = updater.requestDue(now: start)
        #expect(updater.wantedSince == start)
        updater.requestSent()
        updater.requestFailed(now: start + .seconds(1))
        _ = updater.requestDue(now: start + .seconds(2))
        #expect(updater.wantedSince == start)
        updater.rebootstrapped(now: start + .seconds(3))
        #expect(updater.wantedSince == start + .seconds(3))
        _ = answer(&updater, now: start + .seconds(4))
        #expect(updater.wantedSince == nil)
    }

    @Test("a cluster that is sought anew is asked at once, and not so when it was a moment ago")
    func soughtAgain() {
        var updater = updater()
        updater.rebootstrapped(now: start)
        #expect(answer(&updater, now: start) == .full([]))
        updater.rebootstrapped(now: start + .milliseconds(1))
        #expect(updater.nextRequest() == start + .milliseconds(100))
        updater.rebootstrapped(now: start + .seconds(2))
        #expect(answer(&updater, now: start + .seconds(2)) == .full([]))
    }

    @Test("a topic that nobody waits for any more is forgotten, but for one that is known")
    func forgotten() {
        var updater = updater()
        updater.use("known", now: start)
        _ = answer(&updater, now: start)
        updater.use("unknown", now: start)
        for topic in ["known", "unknown"] { updater.forget(unknown: topic) }
        #expect(answer(&updater, now: start) == .full(["known"]))
    }
}
