// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Logging

/// Answers DescribeAcls, CreateAcls and DeleteAcls: who may do what. What the broker was started with is shown and stays.
struct AccessRulesService {
    let cluster: Cluster

    private typealias Pattern = AccessRuleFilter.Pattern

    func serve(_ request: DescribeAclsRequest, _ context: RequestContext) -> Answer {
        guard cluster.authorizer.allows(context.principal, .describe, .cluster) else {
            return context.answer(DescribeAclsResponse(errorCode: .clusterAuthorizationFailed))
        }
        guard let filter = AccessRuleFilter(request.filter) else {
            return context.answer(
                DescribeAclsResponse(errorCode: .invalidRequest, errorMessage: "Unknown pattern type.")
            )
        }
        var resources: [DescribeAclsResponse.Resource] = []
        for rule in cluster.authorizer.rules where filter.matches(rule) {
            let resource = DescribeAclsResponse.Resource(
                resourceType: rule.resourceType.number,
                resourceName: rule.resourceName,
                patternType: (rule.isPrefix ? Pattern.prefixed : .literal).rawValue
            )
            let entry = DescribeAclsResponse.Entry(
                principal: rule.principal,
                host: AccessRule.wildcard,
                operation: rule.operation.number,
                permissionType: rule.isDenied ? AccessRuleFilter.denied : AccessRuleFilter.allowed
            )
            let index = resources.firstIndex { known in
                (known.resourceType, known.resourceName, known.patternType)
                    == (resource.resourceType, resource.resourceName, resource.patternType)
            }
            if index == nil { resources.append(resource) }
            resources[index ?? resources.count - 1].acls.append(entry)
        }
        return context.answer(DescribeAclsResponse(resources: resources))
    }

    func serve(_ request: CreateAclsRequest, _ context: RequestContext) -> Answer {
        let isAllowed = cluster.authorizer.allows(context.principal, .alter, .cluster)
        let results = request.creations.map { wanted in
            var result = CreateAclsResponse.Result()
            do throws(TopicRefusal) {
                guard isAllowed else { throw TopicRefusal(.clusterAuthorizationFailed, nil) }
                try keep(cluster.authorizer.made.union([try rule(wanted)]))
            } catch {
                result.errorCode = error.code
                result.errorMessage = error.message
            }
            return result
        }
        return context.answer(CreateAclsResponse(results: results))
    }

    func serve(_ request: DeleteAclsRequest, _ context: RequestContext) -> Answer {
        let isAllowed = cluster.authorizer.allows(context.principal, .alter, .cluster)
        let results = request.filters.map { wanted in
            var result = DeleteAclsResponse.FilterResult()
            do throws(TopicRefusal) {
                guard isAllowed else { throw TopicRefusal(.clusterAuthorizationFailed, nil) }
                guard let filter = AccessRuleFilter(wanted) else {
                    throw TopicRefusal(.invalidRequest, "Unknown pattern type.")
                }
                let gone = cluster.authorizer.made.filter(filter.matches)
                try keep(cluster.authorizer.made.subtracting(gone))
                result.matchingAcls = gone.sorted { $0.text < $1.text }.map { rule in
                    .init(
                        resourceType: rule.resourceType.number,
                        resourceName: rule.resourceName,
                        patternType: (rule.isPrefix ? Pattern.prefixed : .literal).rawValue,
                        principal: rule.principal,
                        host: AccessRule.wildcard,
                        operation: rule.operation.number,
                        permissionType: rule.isDenied ? AccessRuleFilter.denied : AccessRuleFilter.allowed
                    )
                }
            } catch {
                result.errorCode = error.code
                result.errorMessage = error.message
            }
            return result
        }
        return context.answer(DeleteAclsResponse(filterResults: results))
    }

    private func keep(_ rules: Set<AccessRule>) throws(TopicRefusal) {
        do throws(StorageError) {
            try cluster.coordination.keep(rules)
        } catch {
            cluster.logger.error("rules were not written", metadata: ["error": "\(error)"])
            throw TopicRefusal(.kafkaStorageError, "\(error)")
        }
        cluster.authorizer.made = rules
    }

    private func rule(_ wanted: CreateAclsRequest.Creation) throws(TopicRefusal) -> AccessRule {
        guard let type = Permission.ResourceType(number: wanted.resourceType) else {
            throw TopicRefusal(.invalidRequest, "Unsupported resource type \(wanted.resourceType).")
        }
        guard let operation = Permission.Operation(number: wanted.operation),
            operation == .all || Permission.Operation.all(on: type).contains(operation)
        else {
            throw TopicRefusal(.invalidRequest, "Unsupported operation \(wanted.operation) on a \(type.rawValue).")
        }
        let isCluster = type == .cluster
        guard let pattern = Pattern(rawValue: wanted.resourcePatternType),
            pattern == .literal || pattern == .prefixed && !isCluster
        else {
            throw TopicRefusal(.invalidRequest, "Unsupported pattern type \(wanted.resourcePatternType).")
        }
        guard isCluster ? wanted.resourceName == AccessRule.clusterName : !wanted.resourceName.isEmpty else {
            throw TopicRefusal(.invalidRequest, "The name \"\(wanted.resourceName)\" is not possible.")
        }
        guard wanted.host == AccessRule.wildcard else {
            throw TopicRefusal(.invalidRequest, "This broker does not tell hosts apart: the host must be *.")
        }
        guard wanted.principal.hasPrefix("User:"), wanted.principal != "User:" else {
            throw TopicRefusal(.invalidRequest, "The principal must begin with User: and a name.")
        }
        guard [AccessRuleFilter.denied, AccessRuleFilter.allowed].contains(wanted.permissionType) else {
            throw TopicRefusal(.invalidRequest, "Unsupported permission type \(wanted.permissionType).")
        }
        var rule = AccessRule(wanted.principal, operation, type, wanted.resourceName)
        rule.isPrefix = pattern == .prefixed
        rule.isDenied = wanted.permissionType == AccessRuleFilter.denied
        return rule
    }
}
