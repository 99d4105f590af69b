// SPDX-License-Identifier: Apache-2.0
import Logging
import Platform

/// Whether logs can be written, and what is to be said of it: a disk that is full refuses each batch, and is told of once.
struct DiskTrouble: Equatable {
    /// A disk that takes some writes and refuses others is told of no more often, in milliseconds.
    static let interval: Int64 = 60_000

    /// Whether the last write failed.
    private(set) var isPresent = false
    private var told: Int64?

    /// A write failed.
    ///
    /// - Parameter now: Milliseconds.
    /// - Returns: Whether that is to be said.
    mutating func failed(now: Int64) -> Bool {
        defer { isPresent = true }
        guard !isPresent, told.map({ now - $0 >= Self.interval }) ?? true else { return false }
        told = now
        return true
    }

    /// A write succeeded.
    mutating func ended() { isPresent = false }

    /// What is said.
    static func words(for error: StorageError) -> String {
        "cannot \(error); producers get KAFKA_STORAGE_ERROR, and try again, until it works: \(advice(on: error.code))"
    }

    private static func advice(on code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "make room on the disk"
        case EFBIG: "raise ulimit -f"
        case EMFILE, ENFILE: "raise ulimit -n"
        case EACCES, EPERM, EROFS: "let the broker write there"
        default: "look after the disk"
        }
    }
}

extension Cluster {
    /// Takes note that a log could not be written or flushed.
    func storageFailed(_ error: StorageError) {
        guard trouble.failed(now: coordination.uptime) else { return }
        logger.critical("\(DiskTrouble.words(for: error))")
    }

    /// Takes note that a log was written.
    func storageWorks() {
        guard trouble.isPresent else { return }
        trouble.ended()
        logger.notice("logs can be written again")
    }
}
