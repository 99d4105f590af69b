// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KafkaEmbeddedBroker
import KafkaProducer

/// The options of `broker` for TLS and logins.
struct BrokerSecurityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Speak TLS with this certificate and the chain behind it, in PEM.", valueName: "file"),
        completion: .file()
    )
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's private key, in PEM.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp("The first line of this file is the password of the key.", valueName: "file"),
        completion: .file()
    )
    var tlsKeyPasswordFile: String?

    @Option(
        help: ArgumentHelp("Ask clients for certificates that these CAs have signed, in PEM.", valueName: "file"),
        completion: .file()
    )
    var clientCa: String?

    @Option(
        help: ArgumentHelp("Whether clients must have a certificate: required, or requested.", valueName: "how")
    )
    var clientAuth: String?

    @Option(
        help: ArgumentHelp(
            "Have clients log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER.",
            valueName: "mechanism,..."
        )
    )
    var sasl: String?

    @Option(
        name: .customLong("user"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "A user, and a password that everyone on this machine can see. Repeatable.",
            valueName: "name:password"
        )
    )
    var userTexts: [String] = []

    @Option(
        help: ArgumentHelp("Users, a NAME:PASSWORD a line.", valueName: "file"),
        completion: .file()
    )
    var users: String?

    @Option(help: ArgumentHelp("Have clients log in again after so long.", valueName: "milliseconds"))
    var reauthMs: Int?

    @Option(
        help: ArgumentHelp("The host that clients are told, such as one that the certificate has.", valueName: "host")
    )
    var advertise: String?

    @Option(
        help: ArgumentHelp(
            "The first broker's port of a further listener, in plain text. 0 means free ones.",
            valueName: "port"
        )
    )
    var plaintextPort: Int?

    @Option(
        name: .customLong("allow"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Who may do what; nothing else is allowed then. Repeatable.",
            valueName: "principal operation resource"
        )
    )
    var permissions: [String] = []

    @Option(
        help: ArgumentHelp(
            "Make a CA, certificates, a user and a client.properties here, and use them.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var devSecurity: String?

    /// Whether a password is among the arguments.
    var showsPassword: Bool { !userTexts.isEmpty }

    /// Puts what was said into a configuration.
    func apply(to configuration: inout EmbeddedBroker.Configuration) throws(UsageError) {
        configuration.advertisedHost = advertise
        configuration.plaintextPort = plaintextPort
        if devSecurity == nil {
            configuration.security.tls = try tls()
            configuration.security.mechanisms = try mechanisms()
            configuration.security.users = try allUsers()
        } else {
            if let option = optionAgainstDevSecurity {
                throw UsageError("--dev-security and \(option) exclude each other")
            }
            configuration.advertisedHost = advertise ?? "localhost"
        }
        configuration.security.permissions = try allowed()
        configuration.security.sessionLifetime = reauthMs.map { .milliseconds($0) }
    }

    /// Makes what `--dev-security` wants; nil without it.
    func development(_ configuration: inout EmbeddedBroker.Configuration) throws -> DevelopmentSecurity? {
        guard let devSecurity else { return nil }
        let development = try DevelopmentSecurity(
            directory: devSecurity,
            hosts: ["localhost", "127.0.0.1", "::1"] + (advertise.map { [$0] } ?? [])
        )
        let permissions = configuration.security.permissions
        let lifetime = configuration.security.sessionLifetime
        configuration.security = development.security
        configuration.security.permissions = permissions
        configuration.security.sessionLifetime = lifetime
        return development
    }

    private var optionAgainstDevSecurity: String? {
        let given: [(String, Bool)] = [
            ("--tls-cert", tlsCert != nil), ("--tls-key", tlsKey != nil),
            ("--tls-key-password-file", tlsKeyPasswordFile != nil), ("--client-ca", clientCa != nil),
            ("--client-auth", clientAuth != nil), ("--sasl", sasl != nil), ("--user", !userTexts.isEmpty),
            ("--users", users != nil),
        ]
        return given.first { $0.1 }?.0
    }

    private func tls() throws(UsageError) -> EmbeddedBroker.TLS? {
        guard let tlsCert, let tlsKey else {
            if tlsCert != nil { throw UsageError("--tls-cert needs --tls-key") }
            if tlsKey != nil { throw UsageError("--tls-key needs --tls-cert") }
            if tlsKeyPasswordFile != nil { throw UsageError("--tls-key-password-file needs --tls-cert and --tls-key") }
            if clientCa != nil { throw UsageError("--client-ca needs --tls-cert and --tls-key") }
            if clientAuth != nil { throw UsageError("--client-auth needs --client-ca") }
            return nil
        }
        var tls = EmbeddedBroker.TLS(certificate: .file(tlsCert), key: .file(tlsKey))
        if let tlsKeyPasswordFile {
            tls.keyPassword = lines(of: try contents(tlsKeyPasswordFile, "--tls-key-password-file")).first ?? ""
        }
        tls.clientCA = clientCa.map { .file($0) }
        guard let clientAuth else { return tls }
        guard clientCa != nil else { throw UsageError("--client-auth needs --client-ca") }
        guard let how = EmbeddedBroker.TLS.ClientAuthentication(rawValue: clientAuth) else {
            throw UsageError("--client-auth takes required or requested, and \"\(clientAuth)\" is neither")
        }
        tls.clientAuthentication = how
        return tls
    }

    private func mechanisms() throws(UsageError) -> [EmbeddedBroker.SASLMechanism] {
        var mechanisms: [EmbeddedBroker.SASLMechanism] = []
        for name in sasl?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
            guard let mechanism = EmbeddedBroker.SASLMechanism(rawValue: String(name)) else {
                let known = EmbeddedBroker.SASLMechanism.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("--sasl takes \(known), and \"\(name)\" is none of them")
            }
            mechanisms.append(mechanism)
        }
        return mechanisms
    }

    private func allUsers() throws(UsageError) -> [String: String] {
        if sasl == nil, !userTexts.isEmpty || users != nil { throw UsageError("--user and --users need --sasl") }
        var all: [String: String] = [:]
        if let users {
            for (index, line) in lines(of: try contents(users, "--users")).enumerated() {
                guard !line.isEmpty, !line.hasPrefix("#") else { continue }
                guard add(line, to: &all) else { throw UsageError("\(users):\(index + 1): a user is NAME:PASSWORD") }
            }
        }
        // What was typed may be a password alone: it is not repeated.
        for text in userTexts where !add(text, to: &all) { throw UsageError("--user takes NAME:PASSWORD") }
        return all
    }

    private func allowed() throws(UsageError) -> [Permission] {
        var all: [Permission] = []
        for text in permissions {
            do throws(EmbeddedBrokerError) {
                all.append(try Permission(parsing: text))
            } catch {
                throw UsageError("--allow: \(error.message)")
            }
        }
        return all
    }

    private func add(_ text: String, to users: inout [String: String]) -> Bool {
        let sides = text.split(separator: ":", maxSplits: 1)
        guard sides.count == 2, !text.hasPrefix(":") else { return false }
        users[String(sides[0])] = String(sides[1])
        return true
    }

    private func lines(of text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    private func contents(_ path: String, _ option: String) throws(UsageError) -> String {
        do throws(FileAccessError) {
            return String(decoding: try ProcessEnvironment().contents(ofFile: path), as: UTF8.self)
        } catch {
            throw UsageError("cannot read \(option) \(path): \(error.reason)")
        }
    }
}
