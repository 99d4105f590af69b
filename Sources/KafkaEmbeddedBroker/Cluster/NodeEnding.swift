// SPDX-License-Identifier: Apache-2.0

/// How a broker goes down.
enum NodeEnding: Hashable, Sendable {
    /// In order: its followers fetch what they can before others lead.
    case stopped
    /// At once: what no follower has is in its own log alone.
    case killed
    /// The cluster takes no note of it, and goes on naming it.
    case unnoticed
}
