// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing
import Vectors

/// Sets of settings against what a real Java producer makes of them.
@Suite("ConfigurationMatrixVector")
struct ConfigurationMatrixVectorTests {
    struct Vector: Decodable {
        var config: [String: String]
        var effective: [String: String]?
        var error: String?
        var message: String?
    }

    @Test("every set is accepted with the same values, or refused with the same words")
    func matrix() throws {
        let vectors = try VectorFolder.load("config_matrix.json", in: .module, as: [Vector].self)
        #expect(!vectors.isEmpty)
        for vector in vectors {
            let entries = vector.config.map { PropertySource.Entry(key: $0.key, value: $0.value) }
            do {
                let configuration = try ProducerConfiguration(merging: [PropertySource(name: "test", entries: entries)])
                let expected = try #require(vector.effective, "accepted \(vector.config)")
                for (key, value) in expected {
                    let effective = configuration.effectiveValues.first { $0.key == key }
                    #expect(effective?.text == value, "\(key) of \(vector.config)")
                }
            } catch let error as ConfigurationError {
                #expect(error.javaMessage == vector.message, "\(vector.config)")
                #expect(vector.error == "ConfigException")
                #expect(error.key != nil && error.origin != nil)
            }
        }
    }
}
