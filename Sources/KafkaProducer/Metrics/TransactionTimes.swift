// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// How long the calls of transactions have taken, by call. Only those that succeed count, as in the Java client.
struct TransactionTimes: Sendable {
    private(set) var initialize: Int64 = 0
    private(set) var begin: Int64 = 0
    private(set) var commitOffsets: Int64 = 0
    private(set) var commit: Int64 = 0
    private(set) var abort: Int64 = 0

    mutating func add(_ time: TimeAmount, to call: TransactionCall) {
        switch call {
        case .initialize: initialize += time.nanoseconds
        case .begin: begin += time.nanoseconds
        case .commitOffsets: commitOffsets += time.nanoseconds
        case .commit: commit += time.nanoseconds
        case .abort: abort += time.nanoseconds
        }
    }
}
