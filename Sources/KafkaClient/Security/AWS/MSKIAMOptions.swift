// SPDX-License-Identifier: Apache-2.0

/// The options of `software.amazon.msk.auth.iam.IAMLoginModule`.
struct MSKIAMOptions: Sendable {
    private static let key = "sasl.jaas.config"
    private static let module = "IAMLoginModule"
    private static let roleOptions = [
        "awsRoleSessionName", "awsRoleExternalId", "awsRoleAccessKeyId", "awsRoleSecretAccessKey",
        "awsRoleSessionToken",
        "awsStsRegion",
    ]
    /// Whose credentials are used first.
    private(set) var profileName: String?
    /// The role that is taken.
    private(set) var role: AWSSecurityTokenService.Role?
    /// What takes the role; nil for what the other sources have.
    private(set) var roleCredentials: AWSCredentials?
    /// Where the role, and whose the credentials are, is asked for; nil for the one endpoint of all regions.
    private(set) var tokenServiceRegion: String?
    /// Whether the usual sources are asked too.
    private(set) var hasDefaultSources = true
    /// Whether to find out whose the credentials are.
    private(set) var tellsIdentity = false
    /// How often credentials are asked for again.
    private(set) var backoff = AWSBackoff()
    /// What to tell the user.
    private(set) var notes: [String] = []

    /// Reads the options.
    ///
    /// - Throws: For values that cannot be used and options that cannot be honoured.
    init(_ options: [String: Secret]) throws(SecurityRefusal) {
        let texts = options.mapValues(\.text)
        // Whoever names a role in a variable that is not set must not come in as somebody else.
        if let empty = LoginModule.mskIAM.options.first(where: { texts[$0]?.isEmpty == true }) {
            throw Self.refusal("\(empty) is empty")
        }
        guard texts["awsMskRegionProvider"] == nil else {
            throw Self.refusal("awsMskRegionProvider names a Java class, which cannot run here; set AWS_REGION")
        }
        profileName = texts["awsProfileName"]
        if let text = texts["awsMaxRetries"] { backoff.retries = try Self.number(text, "awsMaxRetries", upTo: 100) }
        if let text = texts["awsMaxBackOffTimeMs"] {
            backoff.longest = .milliseconds(try Self.number(text, "awsMaxBackOffTimeMs", upTo: 3_600_000))
        }
        hasDefaultSources = texts["awsAddDefaultProviders"].map { $0.lowercased() == "true" } ?? true
        tellsIdentity = texts["awsDebugCreds"]?.lowercased() == "true"
        try readRole(texts, options)
        try readRegion(texts)
        guard hasDefaultSources || profileName != nil || role != nil else {
            throw Self.refusal("awsAddDefaultProviders=false needs awsProfileName or awsRoleArn")
        }
        if let note = LoginModule.mskIAM.note(unknownOf: texts.keys) { notes.append(note) }
    }

    private mutating func readRole(_ texts: [String: String], _ options: [String: Secret]) throws(SecurityRefusal) {
        guard let arn = texts["awsRoleArn"] else {
            let idle = Self.roleOptions.filter { texts[$0] != nil && !($0 == "awsStsRegion" && tellsIdentity) }
            if !idle.isEmpty {
                notes.append("\(Self.key): without awsRoleArn no effect has \(idle.joined(separator: ", "))")
            }
            return
        }
        role = AWSSecurityTokenService.Role(
            arn: arn,
            sessionName: texts["awsRoleSessionName"] ?? "aws-msk-iam-auth",
            externalID: texts["awsRoleExternalId"].map { Secret($0) }
        )
        switch (texts["awsRoleAccessKeyId"], options["awsRoleSecretAccessKey"]) {
        case (nil, nil):
            guard texts["awsRoleSessionToken"] == nil else {
                throw Self.refusal("awsRoleSessionToken needs awsRoleAccessKeyId and awsRoleSecretAccessKey")
            }
        case (let id?, let secret?) where !secret.isEmpty:
            roleCredentials = AWSCredentials(
                accessKeyID: id,
                secretAccessKey: secret,
                sessionToken: texts["awsRoleSessionToken"].map { Secret($0) }
            )
        default:
            throw Self.refusal("awsRoleAccessKeyId and awsRoleSecretAccessKey must be set together")
        }
    }

    /// Java's name for the one endpoint is `aws-global`.
    private mutating func readRegion(_ texts: [String: String]) throws(SecurityRefusal) {
        guard role != nil || tellsIdentity, let region = texts["awsStsRegion"], region != "aws-global" else { return }
        guard AWSRegion.isRegion(region) else {
            throw Self.refusal("awsStsRegion must be a region such as us-east-1")
        }
        tokenServiceRegion = region
    }

    private static func number(_ text: String, _ name: String, upTo most: Int) throws(SecurityRefusal) -> Int {
        guard let number = Int(text), (0...most).contains(number) else {
            throw refusal("\(name) must be a number from 0 to \(most)")
        }
        return number
    }

    private static func refusal(_ reason: String) -> SecurityRefusal {
        SecurityRefusal(key: key, "\(key): \(module): \(reason)")
    }
}
