// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import KafkaClient

/// A real KDC with a realm of its own, and a broker's side of GSSAPI: `Tests/Tools/kerberos.py` at work in a folder.
///
/// It belongs to the process of an exit test, whose environment names the realm's configuration.
final class KerberosRealm {
    /// The folder that `Scripts/test` fills.
    static let tools = ProcessInfo.processInfo.environment["KAFKA_PRODUCER_TEST_TOOLS"]

    /// A realm that is not there, or a broker that is not content.
    struct Failure: Error {
        let reason: String
    }

    private let folder: FolderOfFiles
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init() throws {
        folder = try FolderOfFiles()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [(Self.tools ?? "") + "/kerberos.py", folder.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard line() == "ready" else { throw Failure(reason: "the realm does not begin: run Scripts/test") }
        unsafe setenv("KRB5_CONFIG", folder.path + "/krb5.conf", 1)
        unsafe setenv("KRB5CCNAME", folder.path + "/default-cache", 1)
    }

    /// Ends the KDC.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// A file of the realm.
    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// What the tool answers to a command.
    func ask(_ command: String) throws -> String {
        try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
        let answer = line()
        if answer.hasPrefix("error") || answer.isEmpty { throw Failure(reason: answer) }
        return answer
    }

    /// A login to the end. The broker offers these layers.
    ///
    /// - Returns: Who logged in, as the broker sees it, and the layer that was chosen.
    func logIn(_ login: KerberosLogin, layers: String = "01ffffff") async throws -> String {
        _ = try ask("new \(layers)")
        var mechanism = try await login.begin(host: "broker.example")
        var token = try mechanism.start()
        while true {
            let answer = try ask("token " + AWSSigner.hex(token.bytes)).split(separator: " ").map(String.init)
            if answer.first == "done" {
                guard try mechanism.respond(to: []) == .done else { throw Failure(reason: "the client does not end") }
                return answer.dropFirst().joined(separator: " ")
            }
            guard case .token(let next) = try mechanism.respond(to: Self.bytes(answer.last ?? "")) else {
                throw Failure(reason: "the client ends too early")
            }
            token = next
        }
    }

    /// The options of a login module, as JAAS has them.
    static func options(_ texts: [String: String]) -> [String: Secret] { texts.mapValues { Secret($0) } }

    /// A login with alice's keys.
    func keytabLogin(_ name: String = "client.keytab", principal: String = "alice") throws -> KerberosLogin {
        try KerberosLogin(
            options: Self.options(["useKeyTab": "true", "keyTab": path(name), "principal": principal]),
            serviceName: "kafka"
        )
    }

    private func line() -> String {
        var bytes = Data()
        while let byte = try? output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A, !byte.isEmpty {
            bytes += byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func bytes(_ digits: String) -> [UInt8] {
        let values = digits.compactMap(\.hexDigitValue)
        return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// Runs a test in its realm; it is for exit tests, which an error ends with a status of its own.
    static func with(_ body: (KerberosRealm) async throws -> Void) async {
        do {
            let realm = try KerberosRealm()
            defer { realm.end() }
            try await body(realm)
        } catch {
            Issue.record("\(error)")
            print("failed: \(error)")
            exit(EXIT_FAILURE)
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// For a test that needs a KDC: it runs under `Scripts/test`, and says so elsewhere.
    static var needsKerberos: Self {
        .enabled(if: KerberosRealm.tools != nil, "needs krb5-kdc and python3-gssapi: run Scripts/test")
    }
}
