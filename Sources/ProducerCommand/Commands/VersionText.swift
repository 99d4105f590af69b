// SPDX-License-Identifier: Apache-2.0
import CBuildFacts
import KafkaClient
import KafkaCompression

/// What `--version` prints: the version, of which commit if that is known, and what it was built with.
enum VersionText {
    static var text: String {
        """
        kafka-producer \(ClientSoftware.version)\(commit)
        codecs: \(CodecLibraries.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
        Swift \(swift)
        """
    }

    /// Only `Scripts/package` says it: a plain build may be of anything.
    private static var commit: String {
        let commit = unsafe String(cString: kp_build_commit())
        return commit.isEmpty ? "" : " (commit \(commit))"
    }

    /// The compiler tells its version to conditions alone.
    private static var swift: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3.3)
            "6.3.3 or later"
        #elseif compiler(>=6.3.2)
            "6.3.2"
        #elseif compiler(>=6.3.1)
            "6.3.1"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1 or earlier"
        #endif
    }
}
