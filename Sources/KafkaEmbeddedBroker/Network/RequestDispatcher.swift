// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging
import NIOCore

/// The one place that every request passes before it is served, and every answer after it.
final class RequestDispatcher {
    /// Who takes brokers down and up when a fault wants it.
    weak var nodes: (any NodeControl)?
    /// Who ends transactions, and looks at the clock.
    let transactions: TransactionCoordinator
    /// Who looks after the members of groups.
    let groups: GroupCoordinator
    private let cluster: Cluster
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let apiVersions: ApiVersionsService
    private let coordination: CoordinationRoutes
    private let metadata: MetadataService
    private let produce: ProduceService
    private let listOffsets: ListOffsetsService
    private let fetch: FetchService
    private let administration: AdministrationRoutes
    private let login: LoginService
    private let telemetry: TelemetryService

    init(cluster: Cluster, eventLoop: any EventLoop, logger: Logger) {
        self.cluster = cluster
        self.eventLoop = eventLoop
        self.logger = logger
        cluster.replicator.eventLoop = eventLoop
        cluster.flusher.eventLoop = eventLoop
        transactions = TransactionCoordinator(cluster: cluster, eventLoop: eventLoop)
        groups = GroupCoordinator(cluster: cluster, eventLoop: eventLoop)
        apiVersions = ApiVersionsService(cluster: cluster)
        coordination = CoordinationRoutes(transactions, groups)
        metadata = MetadataService(cluster: cluster)
        produce = ProduceService(
            cluster: cluster,
            transactions: transactions,
            eventLoop: eventLoop,
            quota: ProduceQuota(cluster: cluster, eventLoop: eventLoop)
        )
        listOffsets = ListOffsetsService(cluster: cluster)
        fetch = FetchService(cluster: cluster, eventLoop: eventLoop)
        administration = AdministrationRoutes(cluster)
        login = LoginService(eventLoop: eventLoop, logger: logger)
        telemetry = TelemetryService(cluster: cluster, eventLoop: eventLoop)
    }

    /// Serves the request that a frame holds. What cannot be read closes the connection, as with a Kafka broker.
    func serve(_ frame: ByteBuffer, from connection: Connection) -> Answer {
        if let login = connection.login, login.login.expectsRawToken {
            return serve(rawToken: frame, from: connection, login)
        }
        var body = frame
        do throws(DecodingError) {
            let header = try RequestHeader(decoding: &body)
            let context = RequestContext(connection: connection, header: header)
            logger.debug("request", metadata: metadata(of: context))
            guard cluster.faults.isEmpty else { return performer.serve(body, context, route) }
            return try route(body, context)
        } catch {
            return .close(reason: "the request cannot be read: \(error)")
        }
    }

    /// What large answers take that clients have not read yet.
    var answers: AnswerMemory { cluster.answers }

    /// Whether a broker answers nothing for now.
    func isFrozen(_ nodeID: Int32) -> Bool { cluster.nodes[id: nodeID]?.isFrozen ?? false }

    /// What happens to a client that connects; nil for nothing.
    func fault(of connection: Connection) -> ConnectionFault? {
        cluster.faults.isEmpty ? nil : performer.fault(of: connection)
    }

    private var performer: FaultPerformer {
        FaultPerformer(cluster: cluster, nodes: nodes, eventLoop: eventLoop.assumeIsolated(), logger: logger)
    }

    private func route(_ body: ByteBuffer, _ context: RequestContext) throws(DecodingError) -> Answer {
        let key = context.header.apiKey
        if let own = context.connection.login, let answer = try admit(body, context, own) { return answer }
        guard ServedAPI.isServed(key, version: context.version) else {
            if key == .apiVersions { return apiVersions.refuseVersion(context) }
            return .close(reason: "\(key) version \(context.version) is not served")
        }
        switch key {
        case .produce: return produce.serve(try read(body, context), context)
        case .fetch: return fetch.serve(try read(body, context), context)
        case .listOffsets: return listOffsets.serve(try read(body, context), context)
        case .metadata: return metadata.serve(try read(body, context), context)
        case .saslHandshake: return login.refuse(try read(body, context) as SaslHandshakeRequest, context)
        case .saslAuthenticate: return login.refuse(try read(body, context) as SaslAuthenticateRequest, context)
        case .apiVersions: return apiVersions.serve(try read(body, context), context)
        default:
            if let answer = try administration.serve(body, context) { return answer }
            if let answer = try telemetry.serve(body, context) { return answer }
            return try coordination.serve(body, context)
        }
    }

    /// Asks the connection's login about a request; nil when it is to be served.
    private func admit(
        _ body: ByteBuffer,
        _ context: RequestContext,
        _ own: ConnectionLogin
    ) throws(DecodingError) -> Answer? {
        try login.admit(body, context, own) { _, _ in
            cluster.faults.isEmpty ? LoginFaults() : performer.faults(ofLogin: context.connection)
        }
    }

    /// Serves a token that has no header, as the tokens after version 0 of SaslHandshake.
    private func serve(rawToken token: ByteBuffer, from connection: Connection, _ own: ConnectionLogin) -> Answer {
        let header = RequestHeader(apiKey: .saslAuthenticate, apiVersion: 0, correlationID: 0, clientID: nil)
        return login.admit(rawToken: token, RequestContext(connection: connection, header: header), own)
    }

    private func read<Request: KafkaRequest>(
        _ body: ByteBuffer,
        _ context: RequestContext
    ) throws(DecodingError) -> Request {
        try context.read(body)
    }

    private func metadata(of context: RequestContext) -> Logger.Metadata {
        context.connection.metadata.merging([
            "api": "\(context.header.apiKey)", "version": "\(context.version)",
            "correlation": "\(context.header.correlationID)", "client": "\(context.header.clientID ?? "")",
        ]) { $1 }
    }
}
