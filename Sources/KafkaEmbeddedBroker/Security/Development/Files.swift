// SPDX-License-Identifier: Apache-2.0

/// The small files of one folder.
struct Files {
    let directory: String

    func path(_ name: String) -> String { directory + "/" + name }

    /// The text of a file; nil when it is not there.
    func read(_ name: String) throws(EmbeddedBrokerError) -> String? {
        do throws(StorageError) {
            return try Directory.text(of: path(name))
        } catch {
            throw EmbeddedBrokerError(.storage, "\(error)")
        }
    }

    /// Writes a file. One with a secret can be read by its owner alone.
    func write(_ text: String, _ name: String, isSecret: Bool = false) throws(EmbeddedBrokerError) {
        do throws(StorageError) {
            try Directory.write(text, to: path(name), mode: isSecret ? 0o600 : 0o644)
        } catch {
            throw EmbeddedBrokerError(.storage, "\(error)")
        }
    }

    /// Writes a certificate and its key.
    func write(
        _ identity: CertificateAuthority.Identity,
        _ certificate: String,
        _ key: String
    ) throws(EmbeddedBrokerError) {
        try write(identity.key, key, isSecret: true)
        try write(identity.certificate, certificate)
    }

    func remove(_ name: String) {
        Directory.removeFile(path(name))
    }
}
