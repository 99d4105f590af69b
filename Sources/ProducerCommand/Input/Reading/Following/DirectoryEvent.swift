// SPDX-License-Identifier: Apache-2.0

/// What happened to the names in a directory that is watched.
enum DirectoryEvent: Equatable, Sendable {
    /// A file was made under this name.
    case created(String)
    /// The file of this name was renamed; a `movedTo` of the same cookie has the new name, if that is in the directory too.
    case movedFrom(String, cookie: UInt32)
    /// A file got this name.
    case movedTo(String, cookie: UInt32)
    /// The file of this name was removed.
    case deleted(String)
    /// The system has lost events, since too many came at once.
    case overflowed

    /// The bits of Linux's `inotify(7)` that matter here.
    private enum Mask {
        static let movedFrom: UInt32 = 0x40
        static let movedTo: UInt32 = 0x80
        static let created: UInt32 = 0x100
        static let deleted: UInt32 = 0x200
        static let overflowed: UInt32 = 0x4000
    }

    /// The bytes of an inotify event before its name: watch, mask, cookie and the name's length, four bytes each.
    private static let headSize = 16

    /// The events in what one read of an inotify descriptor gave. Those that are not about names are left out.
    static func parse(_ bytes: Span<UInt8>) -> [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        var start = 0
        while bytes.count - start >= headSize {
            let (mask, cookie) = (number(bytes, at: start + 4), number(bytes, at: start + 8))
            let length = Int(number(bytes, at: start + 12))
            let end = start + headSize + length
            guard end <= bytes.count else { break }
            var name: [UInt8] = []
            for index in (start + headSize)..<end {
                guard bytes[index] != 0 else { break }
                name.append(bytes[index])
            }
            if let event = event(mask, cookie, String(decoding: name, as: UTF8.self)) { events.append(event) }
            start = end
        }
        return events
    }

    private static func event(_ mask: UInt32, _ cookie: UInt32, _ name: String) -> DirectoryEvent? {
        if mask & Mask.overflowed != 0 { return .overflowed }
        // An event of a file, or of the directory itself, has no name.
        guard !name.isEmpty else { return nil }
        if mask & Mask.created != 0 { return .created(name) }
        if mask & Mask.movedFrom != 0 { return .movedFrom(name, cookie: cookie) }
        if mask & Mask.movedTo != 0 { return .movedTo(name, cookie: cookie) }
        return mask & Mask.deleted != 0 ? .deleted(name) : nil
    }

    /// Four bytes in the order of this machine.
    private static func number(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
        var number: UInt32 = 0
        for place in 0..<4 { number |= UInt32(bytes[index + place]) << UInt32(8 * place) }
        return UInt32(littleEndian: 1) == 1 ? number : number.byteSwapped
    }
}
