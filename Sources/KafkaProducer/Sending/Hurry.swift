// SPDX-License-Identifier: Apache-2.0

/// Why no batch lingers.
enum Hurry {
    /// Batches may linger.
    case none
    /// A thread waits for memory.
    case memory
    /// A caller flushes, or the producer closes: more records are not expected.
    case flush
}
