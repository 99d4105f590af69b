// SPDX-License-Identifier: Apache-2.0

/// How reading ended.
enum LoadEnd: Equatable, Sendable {
    /// All inputs were read to their end.
    case endOfInput
    /// A stop was asked for.
    case interrupted
    /// An input could not be read, and those after it were not; all records before that are handed over.
    case unreadable(InputError, unread: [InputSource])
}
