// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing

@testable import ProducerCommand

/// Real files, and everything that happens to them between two questions.
@Suite("Following a file by its name")
struct FileFollowerTests {
    private let folder: TemporaryDirectory
    private let wakeUp: WakeUp
    private let told = Told()
    private var log: String { folder.path + "/log" }

    /// What a person was told.
    private final class Told: Sendable {
        let lines = Mutex<[String]>([])
        var notices: InputNotices {
            InputNotices(
                report: { [self] line in lines.withLock { $0.append(line) } },
                warn: { [self] line in lines.withLock { $0.append("warning: " + line) } }
            )
        }
    }

    init() throws {
        folder = try TemporaryDirectory()
        wakeUp = try #require(WakeUp())
    }

    /// Reads all that the follower has at hand, file by file, up to where it would wait.
    private func readAll(_ follower: inout FileFollower) throws -> [String] {
        var texts: [String] = [""]
        var memory = [UInt8](repeating: 0, count: 100)
        func read(_ file: FollowedFile) throws -> String {
            let count = unsafe try memory.withUnsafeMutableBytes { unsafe try file.read(into: $0, of: "log") }
            return String(decoding: memory[..<count], as: UTF8.self)
        }
        while true {
            guard let file = follower.current else { return texts }
            switch try follower.nextAtOnce() {
            case .read?: texts[texts.count - 1] += try read(file)
            case .begin?: texts.append("")
            case .readEarlier(let earlier, _)?:
                try earlier.seek(to: earlier.offset, of: "log")
                texts.append(try read(earlier))
            case .interrupted?, nil: return texts
            }
        }
    }

    private func rename(_ name: String, _ new: String) {
        #expect(unsafe Foundation.rename(folder.path + "/" + name, folder.path + "/" + new) == 0)
    }

    @Test("files that came and were renamed between two looks are all read, in order")
    func severalBetweenTwoLooks() throws {
        try folder.write("a", to: "log")
        var follower = FileFollower(path: log, wakeUp: wakeUp, notices: told.notices)
        let isOpen = try follower.open(from: 0)
        #expect(isOpen)
        for text in ["b", "c", "d"] {
            if text != "b" { rename("log.1", "log.2-\(text)") }
            rename("log", "log.1")
            try folder.write(text, to: "log")
        }
        let read1 = try readAll(&follower)
        #expect(read1 == ["a", "b", "c", "d"])
        let line = "\(log) is another file now; going on from its beginning"
        #expect(told.lines.withLock { $0 } == [line, line, line])
    }

    @Test("a file that came and went is told of as a gap, and the one after it is read")
    func gap() throws {
        try folder.write("a", to: "log")
        var follower = FileFollower(path: log, wakeUp: wakeUp, notices: told.notices)
        let isOpen = try follower.open(from: 0)
        #expect(isOpen)
        rename("log", "log.1")
        try folder.write("lost", to: "log")
        try FileManager.default.removeItem(atPath: log)
        try folder.write("b", to: "log")
        let read2 = try readAll(&follower)
        #expect(read2 == ["a", "b"])
        let gap =
            "warning: \(log): a file of this name came and went before it could be opened: lines may be missing"
        #expect(told.lines.withLock { $0.first } == gap)
    }

    @Test("a file that is moved back, or only touched, is no other file")
    func sameFile() throws {
        try folder.write("a", to: "log")
        var follower = FileFollower(path: log, wakeUp: wakeUp, notices: told.notices)
        let isOpen = try follower.open(from: 0)
        #expect(isOpen)
        rename("log", "log.1")
        rename("log.1", "log")
        let read3 = try readAll(&follower)
        #expect(read3 == ["a"])
        #expect(told.lines.withLock { $0 } == [])
    }

    @Test("what is not a file, or cannot be read, is passed over with a warning until there is one again")
    func noFile() throws {
        try folder.write("a", to: "log")
        var follower = FileFollower(path: log, wakeUp: wakeUp, notices: told.notices)
        let isOpen = try follower.open(from: 0)
        #expect(isOpen)
        rename("log", "log.1")
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: false)
        let read4 = try readAll(&follower)
        #expect(read4 == ["a"])
        #expect(told.lines.withLock { $0 } == ["warning: \(log) is no file now; it is passed over"])
        rename("log", "folder")
        try folder.write("b", to: "log")
        let read5 = try readAll(&follower)
        #expect(read5 == ["", "b"])
    }

    @Test("through a link, the file that it leads to is followed")
    func link() throws {
        try folder.write("a", to: "log")
        try FileManager.default.createDirectory(atPath: folder.path + "/links", withIntermediateDirectories: false)
        let link = folder.path + "/links/current"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: log)
        var follower = FileFollower(path: link, wakeUp: wakeUp, notices: told.notices)
        let isOpen = try follower.open(from: 0)
        #expect(isOpen)
        rename("log", "log.1")
        try folder.write("b", to: "log")
        rename("log", "log.2")
        try folder.write("c", to: "log")
        let read6 = try readAll(&follower)
        #expect(read6 == ["a", "b", "c"])
    }
}
