// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing
import Vectors

/// Properties files against what `java.util.Properties` makes of them.
@Suite("PropertiesVector")
struct PropertiesVectorTests {
    struct Vector: Decodable {
        var file: String
        var expected: [String: String]?
        var error: String?
    }

    @Test("every file gives what the Java reader gives")
    func files() throws {
        let vectors = try VectorFolder.load("properties.json", in: .module, as: [Vector].self)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let bytes = [UInt8](hex: vector.file)
            do {
                var found: [String: String] = [:]
                for entry in try Properties(bytes: bytes).entries { found[entry.key] = entry.value }
                #expect(found == vector.expected, "\(String(decoding: bytes, as: UTF8.self))")
            } catch {
                #expect(error.message == vector.error)
            }
        }
    }
}
