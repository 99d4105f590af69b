// SPDX-License-Identifier: Apache-2.0

/// A broker of the cluster: what clients are told of it, and whether it runs.
struct Node: Hashable {
    let id: Int32
    let host: String
    let port: Int
    /// The port of the plaintext listener, if there is one.
    var plaintextPort: Int?
    /// Whether it takes connections and is in sync.
    var isUp = true
    /// Whether Metadata names it: a broker that went down is named until its cluster takes note.
    var isAnnounced = true
    /// Since when it answers nothing though it runs, in milliseconds; nil when it answers.
    var frozenSince: Int64?
    /// Whether it is taken for dead, since it was frozen for too long.
    var isFenced = false
    /// How often it went down: what it had in hand is lost then.
    var incarnation = 0

    var isFrozen: Bool { frozenSince != nil }
    /// Whether it runs and is not taken for dead.
    var isActive: Bool { isUp && !isFenced }

    /// How it stands, in a word for people.
    var word: String {
        switch (isUp, isFrozen, isFenced) {
        case (false, _, _): "down"
        case (_, true, true): "frozen, taken for dead"
        case (_, true, false): "frozen"
        default: "up"
        }
    }

    /// The port that clients of this listener are told.
    func port(of listener: ListenerKind) -> Int {
        switch listener {
        case .main: port
        case .plaintext: plaintextPort ?? port
        }
    }
}
