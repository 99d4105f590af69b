// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ProducerCommand

/// Where a log is found that was renamed while nobody followed it.
@Suite("RotatedLog")
struct RotatedLogTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func write(_ text: String, to name: String, at time: Double) throws {
        let path = try folder.write(text, to: name)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: time)],
            ofItemAtPath: path
        )
    }

    private func find(beginning: String) -> RotatedLog? {
        RotatedLog(of: folder.path + "/app.log") { file, size in
            size >= beginning.utf8.count
                && FilePart(of: file.number, at: 0, count: beginning.utf8.count).bytes == Array(beginning.utf8)
        }
    }

    @Test("names that rotations give are known, and others are not")
    func names() {
        let rotations = [
            "app.log.1", "app.log-20261129", "app.log.2026-11-29T10:00:00Z", "app-2026-11-29.log", "app.1.log",
        ]
        for name in rotations { #expect(RotatedLog.isRotation(name, of: "app.log"), "\(name)") }
        let others = [
            "app.log", "app.log.gz", "app.log.old", "app.log.1.gz", "app.log2", "application.log", "app.log.-",
            "app..log",
        ]
        for name in others { #expect(!RotatedLog.isRotation(name, of: "app.log"), "\(name)") }
        #expect(RotatedLog.isRotation("log.1", of: "log") && !RotatedLog.isRotation(".1.log", of: ".log.log"))
    }

    @Test("the log is known by what it holds, and the logs since by their names and times")
    func found() throws {
        try write("old\n", to: "app.log.4", at: 1)
        try write("one\ntwo\n", to: "app.log.3", at: 2)
        try write("three\n", to: "app.log.2", at: 3)
        try write("four\n", to: "app.log.1", at: 4)
        try write("packed", to: "app.log.0.gz", at: 5)
        try write("other\n", to: "other.log.1", at: 6)
        try write("five\n", to: "app.log", at: 7)
        let log = try #require(find(beginning: "one\n"))
        #expect(log.paths == ["app.log.3", "app.log.2", "app.log.1"].map { folder.path + "/" + $0 })
        #expect(log.size == 8)
        #expect(log.compressed == ["app.log.0.gz"])
        #expect(find(beginning: "six\n") == nil)
        // The one that has the name is for the caller to know.
        #expect(find(beginning: "five\n") == nil)
    }

    @Test("of several copies the longest is taken, under any name, and no copy is a log since")
    func copies() throws {
        try write("one\n", to: "app.log.1", at: 5)
        try write("one\ntwo\n", to: "kept", at: 2)
        let log = try #require(find(beginning: "one\n"))
        #expect(log.paths == [folder.path + "/kept"])
    }
}
