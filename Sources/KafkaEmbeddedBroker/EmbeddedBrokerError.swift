// SPDX-License-Identifier: Apache-2.0

/// Why the embedded broker cannot start, or cannot give what was asked for.
public struct EmbeddedBrokerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of trouble.
    @nonexhaustive
    public enum Code: Sendable, Hashable {
        /// A setting has a value that cannot be used.
        case invalidConfiguration
        /// A fault cannot be read, or names what is not there.
        case invalidFault
        /// A port cannot be listened on, mostly since another program does.
        case cannotListen
        /// Another broker has the data directory open.
        case dataDirectoryInUse
        /// The data directory cannot be read or written.
        case storage
        /// The data directory holds bytes that are no log, and cutting them off would lose whole batches behind them.
        case damagedLog
        /// There is no such topic or partition.
        case unknownPartition
        /// There is no broker of this node id.
        case unknownNode
        /// The broker was stopped.
        case stopped
        /// A batch in the log cannot be decoded.
        case undecodableBatch
    }

    /// The kind of trouble.
    public let code: Code
    /// One line for a person: what failed, with which file or address, and what to do.
    public let message: String

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: StorageError) {
        self.init(.storage, "data directory: \(error)")
    }
}
