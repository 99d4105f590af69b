// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers DescribeClientQuotas and AlterClientQuotas: how many bytes a second clients may produce (KIP-546).
struct ClientQuotasService {
    let cluster: Cluster

    private static let user = "user"
    private static let client = "client-id"

    /// How a component's name is meant.
    private enum Match: Int8 {
        case exact = 0
        case standard = 1
        case any = 2
    }

    func serve(_ request: DescribeClientQuotasRequest, _ context: RequestContext) -> Answer {
        do throws(TopicRefusal) {
            guard cluster.authorizer.allows(context.principal, .describeConfigs, .cluster) else {
                throw TopicRefusal(.clusterAuthorizationFailed, nil)
            }
            var entries: [DescribeClientQuotasResponse.Entry] = []
            for (entity, rate) in cluster.coordination.quotas.rates.sorted(by: { $0.key.text < $1.key.text }) {
                guard try matches(entity, request) else { continue }
                entries.append(.init(entity: Self.parts(of: entity), values: [.init(key: QuotaTable.key, value: rate)]))
            }
            return context.answer(DescribeClientQuotasResponse(entries: entries))
        } catch {
            return context.answer(
                DescribeClientQuotasResponse(errorCode: error.code, errorMessage: error.message, entries: nil)
            )
        }
    }

    private func matches(
        _ entity: QuotaTable.Entity,
        _ request: DescribeClientQuotasRequest
    ) throws(TopicRefusal) -> Bool {
        var count = 0
        for component in request.components {
            let name: QuotaTable.Name?
            switch component.entityType {
            case Self.user: name = entity.user
            case Self.client: name = entity.client
            case "ip": name = nil
            default: throw TopicRefusal(.invalidRequest, "Unknown entity type \(component.entityType)")
            }
            guard let match = Match(rawValue: component.matchType) else {
                throw TopicRefusal(.invalidRequest, "Unknown match type \(component.matchType)")
            }
            guard let name else { return false }
            count += 1
            switch match {
            case .exact: guard name == component.match.map({ .named($0) }) else { return false }
            case .standard: guard name == .standard else { return false }
            case .any: break
            }
        }
        return !request.strict || count == Self.parts(of: entity).count
    }

    private static func parts(of entity: QuotaTable.Entity) -> [DescribeClientQuotasResponse.Entity] {
        [(user, entity.user), (client, entity.client)].compactMap { type, name in
            name.map { .init(entityType: type, entityName: $0.name) }
        }
    }

    func serve(_ request: AlterClientQuotasRequest, _ context: RequestContext) -> Answer {
        let isAllowed = cluster.authorizer.allows(context.principal, .alterConfigs, .cluster)
        let entries = request.entries.map { wanted in
            var entry = AlterClientQuotasResponse.Entry(entity: wanted.entity)
            do throws(TopicRefusal) {
                guard isAllowed else { throw TopicRefusal(.clusterAuthorizationFailed, nil) }
                let entity = try entity(wanted.entity)
                for operation in wanted.ops { try check(operation) }
                guard !request.validateOnly, let last = wanted.ops.last else { return entry }
                try keep(last.remove ? nil : last.value, of: entity)
            } catch {
                entry.errorCode = error.code
                entry.errorMessage = error.message
            }
            return entry
        }
        return context.answer(AlterClientQuotasResponse(entries: entries))
    }

    private func entity(
        _ parts: [DescribeClientQuotasResponse.Entity]
    ) throws(TopicRefusal) -> QuotaTable.Entity {
        var entity = QuotaTable.Entity()
        for part in parts {
            let name = part.entityName.map { QuotaTable.Name.named($0) } ?? .standard
            switch part.entityType {
            case Self.user where entity.user == nil: entity.user = name
            case Self.client where entity.client == nil: entity.client = name
            default:
                throw TopicRefusal(
                    .invalidRequest,
                    "Quotas are of a user, a client-id or both, not \(part.entityType)."
                )
            }
        }
        guard entity != QuotaTable.Entity() else {
            throw TopicRefusal(.invalidRequest, "Invalid empty client quota entity")
        }
        return entity
    }

    private func check(_ operation: AlterClientQuotasRequest.Operation) throws(TopicRefusal) {
        guard operation.key == QuotaTable.key else {
            throw TopicRefusal(
                .invalidRequest,
                "Invalid configuration key \(operation.key): this broker knows \(QuotaTable.key)."
            )
        }
        guard operation.remove || operation.value.isFinite && operation.value > 0 else {
            throw TopicRefusal(.invalidRequest, "Quota \(operation.key) must be greater than 0")
        }
    }

    private func keep(_ rate: Double?, of entity: QuotaTable.Entity) throws(TopicRefusal) {
        do throws(StorageError) {
            try cluster.coordination.setQuota(rate, of: entity)
        } catch {
            cluster.logger.error("a quota was not written", metadata: ["error": "\(error)"])
            throw TopicRefusal(.kafkaStorageError, "\(error)")
        }
    }
}
