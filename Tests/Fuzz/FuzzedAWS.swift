// SPDX-License-Identifier: Apache-2.0
@testable import KafkaClient

/// What is read for the credentials of AWS.
enum FuzzedAWS {
    static func profiles(_ bytes: [UInt8]) {
        for kind in [AWSProfileFile.Kind.config, .credentials] {
            do throws(AWSProfileFile.Fault) {
                let file = try AWSProfileFile(bytes, kind: kind)
                for (name, profile) in file.profiles {
                    precondition(!name.isEmpty, "a profile without a name")
                    precondition(profile.values.keys.allSatisfy { !$0.isEmpty }, "a value without a name")
                }
            } catch {
                precondition(error.line >= 1 && error.line <= bytes.count + 1, "a fault in no line")
            }
        }
    }

    static func answers(_ bytes: [UInt8]) {
        if let texts = XMLTexts(bytes) {
            for action in ["AssumeRole", "AssumeRoleWithWebIdentity"] {
                _ = try? AWSSecurityTokenService.credentials(texts, action)
            }
            _ = texts["ErrorResponse/Error/Code"]
        }
        _ = AWSCredentialDocument(bytes)?.credentials
        _ = AWSCredentialDocument(cached: bytes)?.credentials
        guard let time = AWSTime(String(decoding: bytes, as: UTF8.self)) else { return }
        precondition(time.timestamp.utf8.count >= 16, "a time that is written too short")
    }
}
