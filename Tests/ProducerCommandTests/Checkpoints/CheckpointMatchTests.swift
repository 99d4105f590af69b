// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProducerCommand

/// Which files of a checkpoint the inputs of the next run are.
@Suite("Inputs of a second run")
struct CheckpointMatchTests {
    /// The files that there are, by name.
    private var files: [String: FileFingerprint] = [
        "a": FileFingerprint(inode: 1, size: 10, hashedBytes: 10, hash: 11),
        "b": FileFingerprint(inode: 2, size: 20, hashedBytes: 20, hash: 22),
    ]

    private func file(_ name: String, _ inode: UInt64, _ offset: UInt64, of size: UInt64) -> Checkpoint.File {
        let hash = inode == 1 ? UInt32(11) : 22
        let print = FileFingerprint(inode: inode, size: size, hashedBytes: Int(size), hash: hash)
        return Checkpoint.File(name: name, fingerprint: print, offset: offset, records: 1)
    }

    private func match(_ names: [String], in known: [Checkpoint.File]) throws -> CheckpointMatch {
        let inputs = names.map { CheckpointMatch.Input(name: $0, inode: files[$0]?.inode ?? 0) }
        return try CheckpointMatch(inputs, in: known) { name, limit in
            var print = try #require(files[name])
            if print.hashedBytes > limit { print.hash = 0 }
            print.hashedBytes = min(limit, print.hashedBytes)
            return print
        }
    }

    @Test("a file is known by what it is, in any order and by another name; others are new")
    func known() throws {
        let earlier = [file("b", 2, 20, of: 20), file("old name of a", 1, 5, of: 10)]
        let match = try match(["a", "b"], in: earlier)
        #expect(match.known == [earlier[1], earlier[0]])
        #expect(match.finished.isEmpty)
        #expect(try self.match(["b"], in: []).known == [nil])
    }

    @Test("a file that is done with may be left out, and is remembered")
    func leftOut() throws {
        let earlier = [file("gone", 9, 30, of: 30)]
        let match = try match(["a"], in: earlier)
        #expect(match.known == [nil])
        #expect(match.finished == earlier)
    }

    @Test("a file that is not done with may not be left out")
    func unfinished() throws {
        #expect(throws: CheckpointMatch.Refusal.unfinished(name: "gone", offset: 29, size: 30)) {
            try match(["a"], in: [file("gone", 9, 29, of: 30)])
        }
    }

    @Test("what has the name of a known file and is another one is refused, unless that one is named too")
    func replaced() throws {
        let earlier = [file("b", 1, 10, of: 10)]
        #expect(throws: CheckpointMatch.Refusal.another(name: "b", difference: "its beginning has changed")) {
            try match(["b"], in: earlier)
        }
        #expect(try match(["a", "b"], in: earlier).known == [earlier[0], nil])
    }

    @Test("an inode that was given to another file makes it no known one")
    func reusedInode() throws {
        var earlier = file("gone", 1, 10, of: 10)
        earlier.fingerprint.hash = 99
        #expect(try match(["a"], in: [earlier]).known == [nil])
    }
}
