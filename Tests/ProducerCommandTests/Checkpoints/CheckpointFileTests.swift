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
        #expect(file.write(checkpoint) == nil)
        var later = checkpoint
        later.files[0].offset = 900
        #expect(file.write(later) == nil)
        #expect(try file.read() == later)
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
        let folder = try TemporaryDirectory()
        let path = try folder.write(String(checkpoint.text.prefix(kept)), to: "state")
        #expect(throws: UsageError.self) { try CheckpointFile(path: path).read() }
    }

    @Test("a folder that is not there is an error, not the end of the command")
    func unwritable() throws {
        let folder = try TemporaryDirectory()
        #expect(CheckpointFile(path: folder.path + "/none/state").write(checkpoint) == ENOENT)
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
