// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("The children that tests start")
struct SpawningTests {
    /// One was written to as `--summary-json &99` once, where the test wanted to hear that nothing is open there.
    @Test("a child has none of this process' descriptors")
    func inheritsNothing() async throws {
        let folder = try TemporaryDirectory()
        let inherited = unsafe Foundation.open(folder.path, O_RDONLY)
        defer { close(inherited) }
        try #require(inherited > 2 && fcntl(inherited, F_GETFD) == 0)
        let listed = try await ChildProcess.run("/bin/ls", ["-l", "/proc/self/fd"])
        #expect(listed.status == 0 && listed.outputText.contains("/dev/null"), "\(listed)")
        #expect(!listed.outputText.contains(folder.path), "\(listed)")
    }
}
