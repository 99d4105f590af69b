// SPDX-License-Identifier: Apache-2.0
@testable import KafkaClient

/// What is read for a login.
enum FuzzedLogin {
    static func jaas(_ bytes: [UInt8]) {
        do throws(JAASError) {
            let configuration = try JAASConfiguration(parsing: String(decoding: bytes, as: UTF8.self))
            _ = "\(configuration)"
            _ = try? OAuthSettings(jaasOptions: configuration.options)
            _ = try? UnsecuredTokenSettings(jaasOptions: configuration.options)
            _ = try? MSKIAMOptions(configuration.options)
            _ = try? KerberosOptions(configuration.options, serviceName: "kafka", environment: [:])
            _ = try configuration.loginModule()
        } catch {
            _ = "\(error)"
        }
    }

    static func token(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let check = TokenCheck(scopeClaimName: "scope", subjectClaimName: "sub")
        _ = try? check.token(text)
        _ = try? check.token("e30.\(Base64URL.encode(bytes)).c2ln")
        _ = TokenRefusal(bytes)?.text(hiding: ["secret"])
        _ = try? HTTPURL(text)
        guard let value = JSONValue(bytes) else { return }
        precondition(JSONValue(value.text.utf8) == value, "what is written is read as another value")
    }

    static func messages(_ bytes: [UInt8]) {
        let first = ScramServerFirst(bytes)
        _ = ScramServerFinal(bytes)
        _ = "\(OAuthBearerRefusal(bytes).error)"
        // Hashing often enough would be a hang, and no finding.
        guard (first?.iterations ?? 0) <= 4096 else { return }
        var mechanism = ScramMechanism(
            hash: .sha256,
            username: "alice",
            password: Secret("secret"),
            isToken: false,
            nonce: "nonce",
            salted: SaltedPasswords()
        )
        _ = try? mechanism.start()
        _ = try? mechanism.respond(to: bytes)
        _ = try? mechanism.respond(to: bytes)
    }
}
