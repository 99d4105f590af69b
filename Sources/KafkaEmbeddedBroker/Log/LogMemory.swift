// SPDX-License-Identifier: Apache-2.0

/// What a log remembers of its batches: who appended what, and which transactions are open or were aborted.
struct LogMemory {
    var producers: ProducerStateTable
    var transactions: LogTransactions
}
