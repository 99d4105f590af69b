// SPDX-License-Identifier: Apache-2.0
import Foundation
import KafkaEmbeddedBroker
import Testing

/// Followed logs that are renamed while a load of them is repeated, or while none is at work, by the built command.
@Suite("Exactly once: rotated logs", .takesTurns, .timeLimit(.minutes(10)))
struct ExactlyOnceRotationTests {
    private func move(_ load: ExactlyOnceLoad, _ name: String, to other: String) throws {
        try FileManager.default.moveItem(
            atPath: load.folder.path + "/" + name,
            toPath: load.folder.path + "/" + other
        )
    }

    @Test(
        "a transaction that is repeated reads the renamed log again, and then the new one",
        arguments: ExactlyOnceLoad.protocols
    )
    func repeated(version: Int16) async throws {
        try await ExactlyOnceLoad.with(version) { load in
            let lines = ExactlyOnceLoad.lines(1...8)
            try load.write(Array(lines[..<5]), to: "log")
            // The first commit is the claim.
            try await load.inject("end-txn 2 error TRANSACTION_ABORTABLE")
            let run = try load.start(["-v", "--follow", "--commit-records", "8", "log"])
            try await load.waitForOffset(5)
            try move(load, "log", to: "log.1")
            try load.write(Array(lines[5...]), to: "log")
            _ = try await run.line(of: .error) { $0.contains("is sent again from log") }
            _ = try await run.line(of: .error) { $0.contains("is committed up to log, byte 21") }
            run.signal(15)
            #expect(try await run.finish().status == 143)
            #expect(try await load.committed() == lines)
        }
    }

    @Test(
        "after a crash the rest of a renamed log is sent, then the logs since, and each line once",
        arguments: ["moved", "copied"]
    )
    func crashed(rotation: String) async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(["a", "b"], to: "log")
            let words = ["-v", "--follow", "--commit-interval", "50ms", "log"]
            let first = try load.start(words)
            _ = try await first.line(of: .error) { $0.contains("is committed up to log, byte 4") }
            first.signal(9)
            _ = try await first.finish()
            try load.append("c\n", to: "log")
            if rotation == "moved" {
                try move(load, "log", to: "log.2")
            } else {
                try load.write(["a", "b", "c"], to: "log.2")
                try FileManager.default.removeItem(atPath: load.folder.path + "/log")
            }
            try load.write(["d"], to: "log.1")
            try load.write(["e"], to: "log")
            try load.write(["of another program"], to: "log-errors")
            for (name, time) in [("log.2", 1000.0), ("log.1", 2000.0), ("log-errors", 2500.0), ("log", 3000.0)] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: time)],
                    ofItemAtPath: load.folder.path + "/" + name
                )
            }
            // What a dead run has left open ends with its time.
            try await load.broker.passTime(.seconds(120))
            let second = try load.start(words)
            _ = try await second.line(of: .error) {
                $0.hasSuffix("log was renamed since the last run: going on in log.2, then log.1")
            }
            while try await load.committed().count < 5 { _ = try await second.nextLine(of: .error) }
            try load.append("f\n", to: "log")
            _ = try await second.line(of: .error) { $0.contains("is committed up to log, byte 4") }
            second.signal(15)
            #expect(try await second.finish().status == 143)
            #expect(try await load.committed() == ["a", "b", "c", "d", "e", "f"])
        }
    }

    @Test("a log that is nowhere to be found is refused as before")
    func gone() async throws {
        try await ExactlyOnceLoad.with(2) { load in
            try load.write(["a", "b"], to: "log")
            let words = ["-v", "--follow", "--commit-interval", "50ms", "log"]
            let first = try load.start(words)
            _ = try await first.line(of: .error) { $0.contains("is committed up to log, byte 4") }
            first.signal(15)
            _ = try await first.finish()
            try load.write(["x", "y", "z"], to: "log")
            let second = try await load.run(words)
            #expect(second.status == 2 && second.errorText.contains("its beginning differs"), "\(second)")
        }
    }
}
