// SPDX-License-Identifier: Apache-2.0
import Foundation
import Mutation
import Testing

@testable import KafkaClient

/// Damaged stores.
@Suite("Damaged stores")
struct StoreMutationTests {
    private static let trial = MutationTrial("stores")
    private static let perStore = 200
    private static let changes: [UInt8] = [0x01, 0x80, 0xFF]
    private static let password = StorePassword("store-pass")

    /// A store that is damaged, and how it is read.
    private struct Subject {
        var name: String
        var bytes: [UInt8]
        var password: StorePassword?
        /// Whether all bytes that matter are under a hash or a code.
        var isProtected: Bool { password != nil }

        func read(_ bytes: [UInt8]) -> StoreContents? {
            guard let contents = try? BinaryStore.contents(bytes, password: password) else { return nil }
            for entry in contents.keys { _ = try? entry.key.recover(StoreMutationTests.password) }
            _ = contents.anchors
            return contents
        }
    }

    @Test("they throw or read as they were; none traps or takes memory for a lie")
    func stores() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let note = try trial.begin()
        var mutator = trial.mutator
        let subjects = try subjects()
        for subject in subjects {
            guard let whole = subject.read(subject.bytes) else { throw Failure("\(subject.name) is not read") }
            try damageEachByte(of: subject, whole, note)
            for round in 0..<perStore * MutationTrial.factor {
                note.trying("\(subject.name), round \(round)")
                let donor = subjects[Int.random(in: subjects.indices, using: &mutator.generator)].bytes
                _ = subject.read(mutator.mutate(subject.bytes, donor: donor))
            }
        }
        for file in ["client-ec.keystore.pem", "client-pbes2-des3.keystore.pem", "client-sec1.keystore.pem"] {
            let text = try StoreFile.read(KeyStoreVectors.store(file))
            for round in 0..<perStore * MutationTrial.factor {
                note.trying("\(file), round \(round)")
                let damaged = mutator.mutate(text)
                _ = try? PEMStore.identity(key: damaged, chain: damaged, keyPassword: nil)
                _ = try? PEMStore.identity(key: damaged, chain: damaged, keyPassword: StorePassword("pem-pass"))
            }
        }
    }

    private static func damageEachByte(
        of subject: Subject,
        _ whole: StoreContents,
        _ note: borrowing MutationTrial.Note
    ) throws {
        for place in subject.bytes.indices {
            note.trying("\(subject.name), \(place) bytes of it")
            guard subject.read(Array(subject.bytes[..<place])) == nil else {
                throw Failure("\(place) bytes of \(subject.name) are taken for all of it")
            }
            // Each byte is changed in one of three ways, in all of them where more is asked for.
            let changes = MutationTrial.factor < 3 ? [Self.changes[place % 3]] : Self.changes
            for change in changes {
                var bytes = subject.bytes
                bytes[place] ^= change
                note.trying("\(subject.name), byte \(place) changed by \(change)")
                guard let contents = subject.read(bytes), subject.isProtected, contents != whole else { continue }
                throw Failure("\(subject.name) with byte \(place) changed by \(change) is taken")
            }
        }
    }

    private static func subjects() throws -> [Subject] {
        let protected = try [
            "keystores/client-other.jks", "keystores/trust.jks", "stores/iterations-1.p12",
            "stores/iterations-1-legacy.p12",
        ].map { Subject(name: $0, bytes: try StoreFile.read(KeyStoreVectors.path($0)), password: password) }
        let open = try [
            "keystores/client-other.jks", "keystores/trust-nopass.p12", "keystores/client-openssl-plain.p12",
            "stores/iterations-1.p12", "stores/iterations-1-legacy.p12",
        ].map { Subject(name: $0, bytes: try StoreFile.read(KeyStoreVectors.path($0)), password: nil) }
        return protected + open
    }

    /// A reader that does not keep its word.
    private struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
