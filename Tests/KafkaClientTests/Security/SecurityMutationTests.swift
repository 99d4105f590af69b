// SPDX-License-Identifier: Apache-2.0
import Mutation
import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaClient

/// Damaged configurations and damaged messages of a login.
@Suite("Damaged logins")
struct SecurityMutationTests {
    private static let trial = MutationTrial("logins")

    @Test("they are read or refused; none traps or takes memory for a lie")
    func logins() async {
        let result = await #expect(processExitsWith: .success) { await Self.trial.child { try Self.run() } }
        if result == nil { Issue.record("\(Self.trial.lastNote())") }
        Self.trial.end()
    }

    private static func run() throws {
        let configurations = try JAASVector.all().map { Array($0.config.utf8) }
        let messages = try SCRAMVector.all().flatMap { [$0.serverFirst, $0.serverFinal] }.compactMap { $0?.utf8 }
        let tokens = [refusal, claims, "e30.\(Base64URL.encode(Array(claims.utf8))).c2ln", url].map { Array($0.utf8) }
        let answers = [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\n{}",
            "HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
        ]
        let inputs = configurations + messages.map { Array($0) } + tokens + answers.map { Array($0.utf8) }
        let note = try trial.begin()
        var mutator = trial.mutator
        for round in 0..<5000 * MutationTrial.factor {
            note.trying("round \(round)")
            let input = inputs.randomElement(using: &mutator.generator) ?? []
            let bytes = mutator.mutate(input, donor: inputs.randomElement(using: &mutator.generator) ?? [])
            take(bytes)
            if round % 10 == 0 { try exchange(bytes) }
        }
    }

    /// Each reader gets everything, also what is not for it.
    private static func take(_ bytes: [UInt8]) {
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
        _ = ScramServerFirst(bytes)
        _ = ScramServerFinal(bytes)
        _ = "\(OAuthBearerRefusal(bytes).error)"
        if let value = JSONValue(bytes) {
            precondition(JSONValue(value.text.utf8) != nil, "what is written cannot be read")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? TokenCheck(scopeClaimName: "scope", subjectClaimName: "sub").token(text)
        _ = try? HTTPURL(text)
        _ = TokenRefusal(bytes)?.text(hiding: ["alice"])
        _ = Base64URL.decode(bytes)
    }

    /// An answer by HTTP.
    private static func exchange(_ bytes: [UInt8]) throws {
        let channel = EmbeddedChannel()
        let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        let request = HTTPRequest(.get, try HTTPURL("http://h/"))
        try HTTPExchange(request, timeouts: HTTPTimeouts(), handshake: nil, promise: promise).addHandlers(to: channel)
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        _ = try? channel.finish(acceptAlreadyClosed: true)
        channel.embeddedEventLoop.run()
    }

    private static let claims =
        #"{"sub":"alice","exp":1.7e9,"iat":1700000000,"scope":["a","b"],"error":"x","error_description":"\u00e9 y"}"#
    private static let url = "https://[::1]:8443/token?a=b#c"
    private static let refusal = #"{"status":"invalid_token","scope":"a b","openid-configuration":"https://i/x"}"#
}
