// SPDX-License-Identifier: Apache-2.0
import CBuildFacts
import CLZ4
import CZlib
import CZstd

/// The libraries that compress and decompress.
public enum CodecLibraries {
    /// Each with its version: as it runs, and for Snappy, which does not tell, as this was built with.
    public static var versions: [(name: String, version: String)] {
        [
            ("zlib", unsafe String(cString: zlibVersion())),
            ("snappy", unsafe String(cString: kp_snappy_version())),
            ("lz4", unsafe String(cString: LZ4_versionString())),
            ("zstd", unsafe String(cString: ZSTD_versionString())),
        ]
    }
}
