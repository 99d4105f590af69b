// SPDX-License-Identifier: Apache-2.0
import Platform

/// Finds out whether the system would give memory to this process: without it, an allocation ends the process.
enum MemoryProbe {
    /// What is needed beside `buffer.memory`: stacks, codecs, buffers of requests.
    static let overhead = 64 << 20
    /// More than that is never used, and some may ask for all that there is.
    private static let most = 1 << 40

    /// Whether a `buffer.memory` of so many bytes, and what is needed beside it, is to be had now.
    static func fits(bufferMemory: Int) -> Bool {
        canReserve(bytes: min(bufferMemory, most) + overhead)
    }
}
