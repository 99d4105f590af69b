// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Where vectors are read from: the folder that KAFKA_VECTORS names, or the fixtures of these tests.
enum VectorFolder {
    static func data(of file: String) throws -> Data {
        let folder =
            ProcessInfo.processInfo.environment["KAFKA_VECTORS"].map { URL(fileURLWithPath: $0) }
            ?? Bundle.module.resourceURL.map { $0.appendingPathComponent("Fixtures") }
        return try Data(contentsOf: try #require(folder).appendingPathComponent(file))
    }
}
