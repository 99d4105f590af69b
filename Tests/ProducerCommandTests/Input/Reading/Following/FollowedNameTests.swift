// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

@Suite("Files that get the followed name")
struct FollowedNameTests {
    /// The names under which the files are found that had the name `log`, after these events.
    private func names(_ events: [DirectoryEvent]) -> [String?] {
        var name = FollowedName("log")
        for event in events { name.happened(event) }
        return name.unopened.map(\.name)
    }

    @Test("a file that was renamed before it was opened is found under its new name, however often that was")
    func renamed() {
        let once: [DirectoryEvent] = [.created("log"), .movedFrom("log", cookie: 1), .movedTo("log.1", cookie: 1)]
        #expect(names(once) == ["log.1"])
        let twice: [DirectoryEvent] =
            once + [
                .created("log"), .movedFrom("log.1", cookie: 2), .movedTo("log.2", cookie: 2),
                .movedFrom("log", cookie: 3), .movedTo("log.1", cookie: 3), .created("log"),
            ]
        #expect(names(twice) == ["log.2", "log.1", "log"])
    }

    @Test("a file that was removed, moved elsewhere or replaced is gone, and is told of in its place")
    func gone() {
        #expect(names([.created("log"), .deleted("log"), .created("log")]) == [nil, "log"])
        #expect(names([.created("log"), .movedFrom("log", cookie: 1), .created("log")]) == [nil, "log"])
        #expect(names([.created("log"), .movedFrom("new", cookie: 1), .movedTo("log", cookie: 1)]) == [nil, "log"])
        // By then it had another name.
        #expect(
            names([.created("log"), .movedFrom("log", cookie: 1), .movedTo("log.1", cookie: 1), .deleted("log.1")])
                == [nil]
        )
    }

    @Test("other names do not matter, and what was opened is followed no more")
    func others() {
        #expect(
            names([.created("other"), .deleted("log"), .movedFrom("a", cookie: 1), .movedTo("b", cookie: 1)]) == []
        )
        var name = FollowedName("log")
        name.happened(.created("log"))
        name.opened()
        name.happened(.deleted("log"))
        name.opened()
        #expect(name.unopened.isEmpty)
    }

    @Test("lost events are told once")
    func overflow() {
        var name = FollowedName("log")
        var losses = [name.takeLoss()]
        name.happened(.overflowed)
        losses += [name.takeLoss(), name.takeLoss()]
        #expect(losses == [false, true, false])
    }

    /// An event as inotify writes it on this machine.
    private func bytes(mask: UInt32, cookie: UInt32 = 0, name: String = "", room: Int = 16) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] { unsafe withUnsafeBytes(of: value) { unsafe Array($0) } }
        let text = name.isEmpty ? [] : Array(name.utf8) + [UInt8](repeating: 0, count: room - name.utf8.count)
        return number(1) + number(mask) + number(cookie) + number(UInt32(text.count)) + text
    }

    @Test("the bytes of inotify are parted into events; those without a name are left out")
    func parsing() {
        let all =
            bytes(mask: 0x100, name: "log") + bytes(mask: 2) + bytes(mask: 0x40, cookie: 7, name: "log")
            + bytes(mask: 0x80, cookie: 7, name: "log.1", room: 32) + bytes(mask: 0x200, name: "log.1")
            + bytes(mask: 0x4000) + bytes(mask: 0x8000)
        let events = DirectoryEvent.parse(all.span)
        #expect(
            events == [
                .created("log"), .movedFrom("log", cookie: 7), .movedTo("log.1", cookie: 7), .deleted("log.1"),
                .overflowed,
            ]
        )
        for count in 0..<all.count { _ = DirectoryEvent.parse(all.span.extracting(..<count)) }
        let nonsense = [UInt8](repeating: 0xFF, count: 40)
        #expect(DirectoryEvent.parse(nonsense.span).isEmpty)
    }
}
