// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

/// What is kept between two runs, and how a file is known again.
@Suite("Checkpoint files")
struct CheckpointFileTests {
    private let checkpoint = Checkpoint(
        topic: "orders",
        options: 0xDEAD_BEEF,
        files: [
            Checkpoint.File(
                name: "with two  spaces.txt",
                fingerprint: FileFingerprint(inode: 7, size: 900, hashedBytes: 900, hash: 0xE306_9283),
                offset: 800,
                records: 12
            )
        ]
    )

    @Test("what is written is read again, and replaces what was there")
    func roundTrip() throws {
        let folder = try TemporaryDirectory()
        let file = CheckpointFile(path: folder.path + "/state")
        #expect(try file.read() == nil)
        #expect(file.write(checkpoint.text) == nil)
        var later = checkpoint
        later.files[0].offset = 900
        #expect(file.write(later.text) == nil)
        #expect(try file.read().flatMap { Checkpoint(text: $0) } == later)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["state"])
    }

    @Test(
        "figures that no load can have come to are refused, instead of overflowing later",
        arguments: [
            "18446744073709551615 18446744073709551615 1", "900 901 1", "900 800 801", "1125899906842625 5 1",
        ]
    )
    func refusesImpossibleFigures(figures: String) throws {
        let words = figures.split(separator: " ")
        let line = "file 7 \(words[0]) 900 e3069283 \(words[1]) \(words[2]) name"
        let text = checkpoint.text.replacing("file 7 900 900 e3069283 800 12 with two  spaces.txt", with: line)
        #expect(text.contains(line))
        #expect(Checkpoint(text: text) == nil)
    }

    @Test("a file that is no checkpoint, or half of one, is refused", arguments: [0, 1, 30, 60])
    func refusesOthers(kept: Int) throws {
        #expect(Checkpoint(text: String(checkpoint.text.prefix(kept))) == nil)
    }

    /// The checkpoint with that much more of its first file.
    private func advanced(to offset: UInt64, _ records: UInt64) -> Checkpoint {
        var later = checkpoint
        (later.files[0].offset, later.files[0].records) = (offset, records)
        later.files[0].fingerprint.size = max(900, offset)
        return later
    }

    @Test("progress is appended, and outlives a torn end; it goes over into a file that is written meanwhile")
    func progress() throws {
        let folder = try TemporaryDirectory()
        let file = CheckpointFile(path: folder.path + "/state")
        #expect(file.append { "at 0 1 1\n" } == nil)
        #expect(try file.read() == nil)
        let (second, third) = (advanced(to: 850, 13), advanced(to: 1000, 15))
        try file.begin(with: checkpoint.text)
        #expect(file.append { second.progress(since: checkpoint) } == nil)
        #expect(try file.read().flatMap { Checkpoint(text: $0) } == second)
        #expect(file.append { third.progress(since: second) } == nil)
        let text = try #require(try file.read())
        #expect(text == checkpoint.text + "at 0 850 13\nat 0 1000 15\n")
        #expect(Checkpoint(text: text) == third)
        for count in 1...12 { #expect(Checkpoint(text: String(text.dropLast(count))) == second) }
        #expect(file.write(second.text) { "at 0 1000 15\n" } == nil)
        #expect(try file.read().flatMap { Checkpoint(text: $0) } == third)
        #expect(file.append { nil } == nil)
        #expect(file.append { advanced(to: 1100, 16).progress(since: third) } == nil)
        #expect(try file.read().flatMap { Checkpoint(text: $0) } == advanced(to: 1100, 16))
    }

    @Test(
        "what is appended and makes no sense ends the progress",
        arguments: [
            "at 1 850 13", "at 0 700 10", "at 0 850 851", "at 0 850", "at -1 850 13", "at 0 99999999999999999 13",
        ]
    )
    func refusesProgress(line: String) {
        #expect(Checkpoint(text: checkpoint.text + line + "\nat 0 900 14\n") == checkpoint)
    }

    @Test("another file, another count of files and a step back are no progress: the file is written anew")
    func noProgress() {
        var other = advanced(to: 900, 14)
        other.files[0].fingerprint.inode = 8
        #expect(other.progress(since: checkpoint) == nil)
        other.files = []
        #expect(other.progress(since: checkpoint) == nil)
        #expect(checkpoint.progress(since: advanced(to: 900, 14)) == nil)
        #expect(checkpoint.progress(since: checkpoint)?.isEmpty == true)
    }

    @Test("a load of megabytes is in the file without the time of a replacement, so that kill -9 costs little more")
    func step() async throws {
        let folder = try TemporaryDirectory()
        let file = CheckpointFile(path: folder.path + "/state")
        let fingerprint = FileFingerprint(inode: 7, size: 9 << 20, hashedBytes: 9, hash: 1)
        let empty = Checkpoint.File(name: "in", fingerprint: fingerprint, offset: 0, records: 0)
        let base = Checkpoint(topic: "t", options: 1, files: [empty])
        try file.begin(with: base.text)
        let start = CheckpointStart(base: base, inputCount: 1)
        let console = Console(verbosity: .quiet)
        let keeper = CheckpointKeeper(file: file, start: start, deadLetters: nil, console: console)
        let begin = CheckpointTracker.Mark.start
        keeper.began(input: 0, at: begin, reading: begin)
        for megabytes in UInt64(1)...6 {
            keeper.read(to: CheckpointTracker.Mark(record: megabytes, offset: megabytes << 20))
        }
        func deliver(_ records: Range<UInt64>) {
            keeper.settled(count: records.count, isFailed: false) { index in
                CheckpointTracker.Mark(record: records.lowerBound + UInt64(index), offset: 0)
            }
        }
        func known() throws -> Checkpoint.File? { try file.read().flatMap { Checkpoint(text: $0) }?.files[0] }
        deliver(0..<1)
        deliver(2..<6)
        #expect(try known()?.records == 0)
        deliver(1..<2)
        while try known()?.records == 0 { await Task.yield() }
        #expect(try known()?.records == 6)
        #expect(try known()?.offset == 6 << 20)
        #expect(try file.read()?.hasPrefix(base.text) == true)
        await BlockingThread.run { keeper.write(at: 1, isEnd: true) }
        #expect(try known()?.records == 6)
        #expect(!keeper.isIncomplete)
    }

    @Test("a folder that is not there is an error, not the end of the command")
    func unwritable() throws {
        let folder = try TemporaryDirectory()
        #expect(CheckpointFile(path: folder.path + "/none/state").write(checkpoint.text) == ENOENT)
    }

    @Test("the fingerprint's hash is CRC-32C")
    func hash() throws {
        let folder = try TemporaryDirectory()
        // The check value of CRC-32C, from RFC 3720's polynomial over "123456789".
        #expect(try FileFingerprint(of: try folder.write("123456789", to: "a")).hash == 0xE306_9283)
    }

    @Test("a file that has grown is the same one; one that shrank, changed or was replaced is not")
    func differences() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("one\ntwo\n", to: "a")
        let before = try FileFingerprint(of: path)
        func difference() throws -> String? {
            before.difference(from: try FileFingerprint(of: path, hashing: before.hashedBytes), delivered: 4)
        }
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("three\n".utf8))
        #expect(try difference() == nil)
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data("ONE".utf8))
        #expect(try difference() == "its beginning has changed")
        try handle.truncate(atOffset: 3)
        #expect(try difference()?.hasPrefix("it had 8 bytes and has shrunk to 3") == true)
        let other = try folder.write("one\ntwo\n", to: "b")
        #expect(
            before.difference(from: try FileFingerprint(of: other), delivered: 4) == "another file has its name now"
        )
    }
}
