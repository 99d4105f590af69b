// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How far the reading thread has come: written once a chunk, read by whoever shows progress.
final class LoadCounters: Sendable {
    private let recordCount = Atomic<UInt64>(0)
    private let byteCount = Atomic<UInt64>(0)

    /// Records taken from the inputs.
    var records: UInt64 { recordCount.load(ordering: .relaxed) }
    /// Bytes of the inputs that are dealt with.
    var bytes: UInt64 { byteCount.load(ordering: .relaxed) }

    func update(records: UInt64, bytes: UInt64) {
        recordCount.store(records, ordering: .relaxed)
        byteCount.store(bytes, ordering: .relaxed)
    }
}
