// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// Answers DescribeCluster: the brokers, the cluster's id and controller, and what the client may do to the cluster.
struct DescribeClusterService {
    let cluster: Cluster

    func serve(_ request: DescribeClusterRequest, _ context: RequestContext) -> Answer {
        guard request.endpointType == DescribeClusterRequest.brokerEndpoints else {
            let isKnown = request.endpointType == DescribeClusterRequest.controllerEndpoints
            return context.answer(
                DescribeClusterResponse(
                    errorCode: isKnown ? .mismatchedEndpointType : .unsupportedEndpointType,
                    errorMessage: isKnown
                        ? "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type "
                            + "CONTROLLER" : "Unsupported endpoint type \(request.endpointType)"
                )
            )
        }
        var response = DescribeClusterResponse(
            clusterID: cluster.id,
            controllerID: cluster.nodes.controllerID,
            brokers: cluster.nodes.filter(\.isAnnounced).map { node in
                DescribeClusterResponse.Broker(
                    brokerID: node.id,
                    host: node.host,
                    port: Int32(node.port(of: context.connection.listener)),
                    rack: cluster.configuration.racks[Int(node.id)]
                )
            }
        )
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = cluster.clusterOperations(of: context.principal)
        }
        return context.answer(response)
    }
}
