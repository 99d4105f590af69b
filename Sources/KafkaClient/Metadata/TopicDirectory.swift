// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol
package import NIOCore

/// Who waits for which topic to be known, and what the cluster says is wrong with topics. A value: it tells whom to wake.
package struct TopicDirectory {
    /// Why a wait for a topic ended without it.
    package enum Failure: Error, Equatable {
        /// The cluster will never allow it.
        case refused(ErrorCode)
        /// No address of the cluster is a broker's listener: the sentence says why.
        case noListener(String)
        /// The time was over.
        case timedOut
        /// The caller must stop.
        case interrupted
        /// The client has closed.
        case closed
    }

    /// A caller that waits until a topic, or one of its partitions, is known.
    package struct Waiter {
        package let topic: String
        package let partition: Int32?
        let deadline: NIODeadline
        let resume: (Result<Void, Failure>) -> Void
        fileprivate var number = 0

        package init(
            topic: String,
            partition: Int32?,
            deadline: NIODeadline,
            resume: @escaping (Result<Void, Failure>) -> Void
        ) {
            self.topic = topic
            self.partition = partition
            self.deadline = deadline
            self.resume = resume
        }
    }

    /// A wait that is over. Call ``end()`` when the directory is at rest.
    struct Ended {
        fileprivate let waiter: Waiter
        fileprivate let result: Result<Void, Failure>

        func end() { waiter.resume(result) }
    }

    /// How many have waited so far.
    private var count = 0
    /// Those who wait.
    package private(set) var waiters: [Waiter] = []
    /// What the cluster answered last for topics, where it was an error.
    package private(set) var errors: [String: ErrorCode] = [:]

    /// Adds a caller that waits.
    ///
    /// - Returns: the wait's number, for ``forget(_:)``.
    mutating func add(_ waiter: Waiter) -> Int {
        // What the cluster refused before it may allow now.
        if let error = errors[waiter.topic], !error.isRetriable { errors[waiter.topic] = nil }
        var waiter = waiter
        waiter.number = count
        count += 1
        waiters.append(waiter)
        return waiter.number
    }

    /// Ends a wait whose caller has gone, if it is not over yet. It is not resumed.
    ///
    /// - Returns: its topic, if nobody waits for that any more.
    mutating func forget(_ number: Int) -> String? {
        guard let place = waiters.firstIndex(where: { $0.number == number }) else { return nil }
        let topic = waiters.remove(at: place).topic
        return waiters.contains { $0.topic == topic } ? nil : topic
    }

    /// The cluster answered for a topic; returns whether an error is news.
    mutating func note(_ error: ErrorCode, for topic: String) -> Bool {
        let before = errors[topic]
        errors[topic] = error == .none ? nil : error
        return error != .none && before != error
    }

    /// Those who need not wait any more, by what is known.
    mutating func takeSettled(by cluster: ClusterMetadata, objection: String?) -> [Ended] {
        let errors = errors
        return take { waiter in
            if let error = errors[waiter.topic], !error.isRetriable { return .failure(.refused(error)) }
            if cluster.isBootstrap, let objection { return .failure(.noListener(objection)) }
            guard let topic = cluster.topics[waiter.topic], errors[waiter.topic] == nil,
                Int32(topic.partitions.count) > max(0, waiter.partition ?? 0)
            else { return nil }
            return .success(())
        }
    }

    /// Those whose time is over.
    mutating func takeExpired(now: NIODeadline) -> [Ended] {
        take { $0.deadline <= now ? .failure(.timedOut) : nil }
    }

    /// All of them, for this reason.
    mutating func takeAll(_ reason: Failure) -> [Ended] { take { _ in .failure(reason) } }

    /// When the next wait is over.
    var nextDeadline: NIODeadline? { waiters.lazy.map(\.deadline).min() }

    private mutating func take(_ result: (Waiter) -> Result<Void, Failure>?) -> [Ended] {
        guard !waiters.isEmpty else { return [] }
        var (ended, left): ([Ended], [Waiter]) = ([], [])
        for waiter in waiters {
            if let result = result(waiter) {
                ended.append(Ended(waiter: waiter, result: result))
            } else {
                left.append(waiter)
            }
        }
        waiters = left
        return ended
    }
}
