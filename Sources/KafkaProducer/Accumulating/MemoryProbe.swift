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
        let bytes = min(bufferMemory, most) + overhead
        let address = unsafe mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { return false }
        unsafe munmap(address, bytes)
        return true
    }
}
