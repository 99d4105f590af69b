// SPDX-License-Identifier: Apache-2.0
import Platform
import SwiftASN1
import X509

/// All that a secured broker and its clients need, in one folder, made when it is not there yet: a CA, the broker's
/// certificate, a client's, a user with a random password, and a settings file for clients.
///
///     let development = try DevelopmentSecurity(directory: "/tmp/secure", hosts: ["localhost", "127.0.0.1"])
///     configuration.security = development.security
///     configuration.advertisedHost = "localhost"
///     let broker = try await EmbeddedBroker.start(configuration)
///     try development.writeClientProperties(bootstrapServers: broker.bootstrapServers)
public struct DevelopmentSecurity: Sendable {
    /// The names of the files. Those that hold a secret can be read by their owner alone.
    private enum Name {
        static let authority = "ca.pem"
        static let authorityKey = "ca.key"
        static let server = "server.pem"
        static let serverKey = "server.key"
        static let client = "client.pem"
        static let clientKey = "client.key"
        static let users = "users.txt"
        static let properties = "client.properties"
    }

    /// The one user's name.
    public static let user = "dev"

    /// The folder.
    public let directory: String
    /// What the broker is set up with: TLS, clients' certificates of the CA if they have one, and the user by PLAIN,
    /// SCRAM-SHA-256 and SCRAM-SHA-512.
    public let security: EmbeddedBroker.Security

    /// The settings file for clients.
    public var clientProperties: String { path(Name.properties) }

    /// Reads the folder, and makes what is not there.
    ///
    /// - Parameters:
    ///   - directory: The folder.
    ///   - hosts: The names and numbers that the broker's certificate must have. It is made anew when it does not have one
    ///     of them.
    /// - Throws: When a file cannot be read, written or understood.
    public init(directory: String, hosts: [String]) throws(EmbeddedBrokerError) {
        self.directory = Self.absolute(directory)
        do throws(StorageError) {
            try Directory.make(self.directory)
        } catch {
            throw EmbeddedBrokerError(error)
        }
        let files = Files(directory: self.directory)
        let authority = try Self.authority(in: files)
        try Self.server(in: files, authority, hosts)
        let client = (try files.read(Name.client), try files.read(Name.clientKey))
        if client.0 == nil || client.1 == nil {
            try files.write(try authority.client(name: "dev-client"), Name.client, Name.clientKey)
        }
        var security = EmbeddedBroker.Security()
        var tls = EmbeddedBroker.TLS(
            certificate: .file(files.path(Name.server)),
            key: .file(files.path(Name.serverKey))
        )
        tls.clientCA = .file(files.path(Name.authority))
        tls.clientAuthentication = .requested
        security.tls = tls
        security.mechanisms = [.plain, .scramSHA256, .scramSHA512]
        security.users = [Self.user: try Self.password(in: files)]
        self.security = security
    }

    /// Writes the settings file for clients.
    ///
    /// - Parameter bootstrapServers: `host:port` of the brokers.
    /// - Throws: When it cannot be written.
    public func writeClientProperties(bootstrapServers: [String]) throws(EmbeddedBrokerError) {
        let text = """
            # Written at each start of kafka-producer broker --dev-security.
            bootstrap.servers=\(bootstrapServers.joined(separator: ","))
            security.protocol=SASL_SSL
            sasl.mechanism=SCRAM-SHA-512
            sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
            username="\(Self.user)" password="\(security.users[Self.user] ?? "")";
            ssl.truststore.type=PEM
            ssl.truststore.location=\(path(Name.authority).replacing("\\", with: "\\\\"))

            """
        try Files(directory: directory).write(text, Name.properties, isSecret: true)
    }

    private func path(_ name: String) -> String { directory + "/" + name }

    private static func authority(in files: Files) throws(EmbeddedBrokerError) -> CertificateAuthority {
        if let certificate = try files.read(Name.authority), let key = try files.read(Name.authorityKey) {
            return try CertificateAuthority(certificate: certificate, key: key)
        }
        let authority = try CertificateAuthority()
        try files.write(authority.identity, Name.authority, Name.authorityKey)
        // What another CA signed would not be trusted.
        for name in [Name.server, Name.serverKey, Name.client, Name.clientKey] { files.remove(name) }
        return authority
    }

    private static func server(
        in files: Files,
        _ authority: CertificateAuthority,
        _ hosts: [String]
    ) throws(EmbeddedBrokerError) {
        if let certificate = try files.read(Name.server), try files.read(Name.serverKey) != nil {
            let names = try self.names(in: certificate, files.path(Name.server))
            if hosts.allSatisfy({ names.contains($0) }) { return }
        }
        try files.write(try authority.server(hosts: hosts), Name.server, Name.serverKey)
    }

    /// The hosts that a certificate is for, numbers as they are usually written.
    private static func names(in pem: String, _ path: String) throws(EmbeddedBrokerError) -> Set<String> {
        do {
            let certificate = try Certificate(pemEncoded: pem)
            let names = try certificate.extensions.subjectAlternativeNames
            return Set(
                (names ?? SubjectAlternativeNames()).compactMap { name in
                    switch name {
                    case .dnsName(let text): text
                    case .ipAddress(let bytes): Self.text(ofAddress: Array(bytes.bytes))
                    default: nil
                    }
                }
            )
        } catch {
            throw EmbeddedBrokerError(
                .invalidConfiguration,
                "\(path) is no certificate: remove it to have it made anew"
            )
        }
    }

    private static func text(ofAddress bytes: [UInt8]) -> String? {
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: 64)
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func password(in files: Files) throws(EmbeddedBrokerError) -> String {
        let prefix = user + ":"
        if let text = try files.read(Name.users) {
            let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(prefix) }
            guard let password = line?.dropFirst(prefix.count), !password.isEmpty else {
                throw EmbeddedBrokerError(
                    .invalidConfiguration,
                    "\(files.path(Name.users)) has no line \(prefix)PASSWORD"
                )
            }
            return String(password)
        }
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var generator = SystemRandomNumberGenerator()
        let password = String((0..<24).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
        try files.write("\(prefix)\(password)\n", Name.users, isSecret: true)
        return password
    }

    /// Clients may run elsewhere.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + path
    }
}
