// SPDX-License-Identifier: Apache-2.0

/// Kafka has a setting for each codec's level, of which the chosen codec's one holds.
extension Compression {
    /// The codec of Kafka's name, at its default level.
    init?(named name: String) {
        let codecs: [Compression] = [.none, .gzip(), .snappy, .lz4(), .zstd()]
        guard let found = codecs.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// `compression.gzip.level`; without effect on other codecs.
    var gzipLevel: Int {
        get { if case .gzip(let level) = self { level } else { -1 } }
        set { if case .gzip = self { self = .gzip(level: newValue) } }
    }

    /// `compression.lz4.level`; without effect on other codecs.
    var lz4Level: Int {
        get { if case .lz4(let level) = self { level } else { 9 } }
        set { if case .lz4 = self { self = .lz4(level: newValue) } }
    }

    /// `compression.zstd.level`; without effect on other codecs.
    var zstdLevel: Int {
        get { if case .zstd(let level) = self { level } else { 3 } }
        set { if case .zstd = self { self = .zstd(level: newValue) } }
    }
}
