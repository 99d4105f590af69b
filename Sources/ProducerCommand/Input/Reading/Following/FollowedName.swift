// SPDX-License-Identifier: Apache-2.0

/// Finds from a directory's events which files have had the followed name, and under which name each is found now.
///
/// A log may be made, renamed to `log.1` and made again before the reader looks. Each of these files is to be read, so each
/// is followed through its renames until it is opened.
struct FollowedName: Sendable {
    /// A file that had the followed name and was not opened yet.
    struct Appearance: Equatable, Sendable {
        /// Its name in the directory now; nil when it was removed, or moved elsewhere.
        var name: String?
        /// While it has no name: a rename with this cookie gives it one.
        fileprivate var cookie: UInt32?

        init(name: String?) { self.name = name }
    }

    private let name: String
    /// In the order in which they got the followed name.
    private(set) var unopened: [Appearance] = []
    /// Whether events were lost since this was last asked.
    private var hasLost = false

    init(_ name: String) { self.name = name }

    /// Takes the next event of the directory.
    mutating func happened(_ event: DirectoryEvent) {
        switch event {
        case .created(let name): if name == self.name { appeared() }
        case .movedFrom(let name, let cookie):
            guard let index = index(of: name) else { return }
            (unopened[index].name, unopened[index].cookie) = (nil, cookie)
        case .movedTo(let name, let cookie):
            // What had the name is replaced.
            if let index = index(of: name) { unopened[index].name = nil }
            if let index = unopened.firstIndex(where: { $0.cookie == cookie }) {
                (unopened[index].name, unopened[index].cookie) = (name, nil)
            } else if name == self.name {
                appeared()
            }
        case .deleted(let name): if let index = index(of: name) { unopened[index].name = nil }
        case .overflowed: hasLost = true
        }
    }

    /// A file has the followed name that it did not have before.
    mutating func appeared() {
        if let index = index(of: name) { unopened[index].name = nil }
        unopened.append(Appearance(name: name))
    }

    /// The first of the unopened files was opened, or cannot be.
    mutating func opened() { if !unopened.isEmpty { unopened.removeFirst() } }

    /// Whether events were lost, reported once.
    mutating func takeLoss() -> Bool {
        defer { hasLost = false }
        return hasLost
    }

    private func index(of name: String) -> Int? { unopened.lastIndex { $0.name == name } }
}
