// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What the requests that a broker reads and has not answered may take together: Kafka's `queued.max.request.bytes`.
///
/// A request takes its size before its bytes are read, so that each one that was begun can be read to its end. As with Kafka
/// it may take more than is left, as long as something is left: the limit is exceeded by at most one request. Connections
/// that have to wait go on in the order in which they came.
final class RequestMemory {
    private let limit: Int?
    private let eventLoop: any EventLoop
    /// Bytes of the requests that are being read or served.
    private(set) var taken = 0
    /// What those do that wait, by their tickets.
    private var waiting: [Int: () -> Void] = [:]
    /// The tickets in their order, with those that were given up.
    private var line = CircularBuffer<Int>()
    private var lastTicket = 0
    /// Whether those that wait are told soon.
    private var isWakeUpPlanned = false
    /// Whether those that wait are being told: what is left is theirs.
    private var isWakingUp = false

    /// - Parameters:
    ///   - limit: Bytes after which nothing more is read; nil for no limit.
    ///   - eventLoop: Where those that wait go on.
    init(limit: Int?, eventLoop: any EventLoop) {
        self.limit = limit
        self.eventLoop = eventLoop
    }

    /// Whether nothing more is to be read.
    var isUsedUp: Bool {
        guard let limit else { return false }
        return taken >= limit || !waiting.isEmpty && !isWakingUp
    }

    /// How many connections wait.
    var waitingCount: Int { waiting.count }

    /// Takes the size of a request; false when it has to wait.
    func take(_ bytes: Int) -> Bool {
        guard !isUsedUp else { return false }
        taken += bytes
        return true
    }

    /// Gives back what a request took.
    func giveBack(_ bytes: Int) {
        taken -= bytes
        planWakeUp()
    }

    /// Calls `goOn` when there is something left.
    ///
    /// - Returns: A ticket to leave the line with.
    func wait(_ goOn: @escaping () -> Void) -> Int {
        lastTicket += 1
        waiting[lastTicket] = goOn
        line.append(lastTicket)
        return lastTicket
    }

    /// Gives up waiting.
    func leave(_ ticket: Int) {
        waiting[ticket] = nil
        if waiting.isEmpty { line.removeAll() }
    }

    /// Those that wait are called from the event loop, since what they serve gives back memory again.
    private func planWakeUp() {
        guard let limit, taken < limit, !waiting.isEmpty, !isWakeUpPlanned else { return }
        isWakeUpPlanned = true
        eventLoop.assumeIsolated().execute { self.wakeUp(limit) }
    }

    private func wakeUp(_ limit: Int) {
        isWakeUpPlanned = false
        isWakingUp = true
        // Who finds nothing left in its turn waits again, behind the others.
        while taken < limit, let ticket = line.popFirst() { waiting.removeValue(forKey: ticket)?() }
        isWakingUp = false
    }
}
