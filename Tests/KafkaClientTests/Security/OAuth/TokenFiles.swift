// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Keys and assertions that OpenSSL made, and files that tests write.
enum TokenFiles {
    /// The path of a fixture.
    static func path(_ name: String) -> String {
        Bundle.module.bundleURL.appendingPathComponent("Fixtures/tokens").appendingPathComponent(name).path
    }

    /// Lets a body work with a folder of its own.
    static func withFolder<Result>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (URL) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
