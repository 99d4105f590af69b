// SPDX-License-Identifier: Apache-2.0

/// A login under way, by one of the mechanisms.
struct SASLExchange {
    private enum Server {
        case plain(PlainServer)
        case scram(ScramServer)
        case oauthBearer(OAuthBearerServer)
    }

    let mechanism: EmbeddedBroker.SASLMechanism
    /// What goes wrong with it.
    let faults: LoginFaults
    private var server: Server

    init(_ mechanism: EmbeddedBroker.SASLMechanism, users: SASLUsers, faults: LoginFaults) {
        self.mechanism = mechanism
        self.faults = faults
        server =
            switch mechanism {
            case .plain: .plain(PlainServer(users: users))
            case .scramSHA256: .scram(ScramServer(.sha256, users: users, faults: faults.scram))
            case .scramSHA512: .scram(ScramServer(.sha512, users: users, faults: faults.scram))
            case .oauthBearer: .oauthBearer(OAuthBearerServer())
            }
    }

    /// Takes the client's next token.
    mutating func received(_ token: [UInt8], at now: Moment) throws(SASLFailure) -> SASLStep {
        switch server {
        case .plain(let plain): return try plain.received(token)
        case .scram(var scram):
            defer { server = .scram(scram) }
            return try scram.received(token)
        case .oauthBearer(var bearer):
            defer { server = .oauthBearer(bearer) }
            return try bearer.received(token, at: now.milliseconds)
        }
    }
}
