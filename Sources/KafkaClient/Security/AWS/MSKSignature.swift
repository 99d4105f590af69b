// SPDX-License-Identifier: Apache-2.0

/// A signed wish to connect to a cluster of Amazon MSK: what both of its logins consist of.
struct MSKSignature {
    /// How long a signature may be used. AWS allows no more.
    static let lifetime = 900
    /// What the cluster notes as the client.
    static let userAgent = "kafka-producer"

    private static let action = "kafka-cluster:Connect"
    private static let service = "kafka-cluster"

    private let signer: AWSSigner
    private let host: String

    /// A signature.
    ///
    /// - Parameters:
    ///   - host: The host that is signed: the broker for AWS_MSK_IAM, the region's own for a bearer token.
    ///   - region: Where the cluster is, such as `us-east-1`.
    ///   - credentials: Who connects.
    ///   - time: Now.
    init(host: String, region: String, credentials: AWSCredentials, time: AWSTime) {
        self.host = host
        signer = AWSSigner(credentials: credentials, region: region, service: Self.service, time: time)
    }

    private var request: AWSSigner.Request {
        var request = AWSSigner.Request()
        request.query = [("Action", Self.action)]
        request.headers = [("host", host)]
        return signer.presigned(request, expires: Self.lifetime)
    }

    /// The only token of AWS_MSK_IAM: an object of JSON with texts alone, always in this order.
    var payload: Secret {
        let request = request
        var members: [(name: String, value: String)] = [
            ("version", MSKIAMMechanism.version), ("host", host), ("user-agent", Self.userAgent),
            ("action", Self.action), ("x-amz-algorithm", AWSSigner.algorithm),
            ("x-amz-credential", signer.credential), ("x-amz-date", signer.time.timestamp),
            ("x-amz-signedheaders", request.signedHeaders), ("x-amz-expires", "\(Self.lifetime)"),
        ]
        if let token = signer.credentials.sessionToken { members.append(("x-amz-security-token", token.text)) }
        members.append(("x-amz-signature", signer.signature(request)))
        let texts = members.map { "\(JSONValue.string($0.name).text):\(JSONValue.string($0.value).text)" }
        return Secret("{\(texts.joined(separator: ","))}")
    }

    /// The token for OAUTHBEARER: the address of the signed request, in base64 for addresses and without padding.
    var bearerToken: Secret {
        let request = request
        let url =
            "https://\(host)/?\(request.encodedQuery)&X-Amz-Signature=\(signer.signature(request))"
            + "&User-Agent=\(AWSSigner.encoded(Self.userAgent))"
        return Secret(Base64URL.encode(Array(url.utf8)))
    }

    /// The host that is signed for a bearer token: one that stands for the region, whatever the brokers' names are.
    static func bearerHost(region: String) -> String {
        "kafka.\(region).\(AWSRegion.domain(of: region))"
    }
}
