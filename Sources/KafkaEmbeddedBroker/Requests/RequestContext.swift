// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore

/// From whom a request came and in which version it must be answered.
struct RequestContext {
    let connection: Connection
    let header: RequestHeader
    /// What is to go wrong with this request; nil for nothing.
    var faults: FaultOrders?

    /// Version of the request, and of its response.
    var version: Int16 { header.apiVersion }
    /// Node id of the broker that the client asked.
    var nodeID: Int32 { connection.nodeID }

    /// Who the client is.
    var principal: String { connection.principal }

    /// A response as the frame that brings it to the client.
    func answer(_ response: some ServedResponse) -> Answer {
        let response = faults?.marking(response) ?? response
        return send { () throws(EncodingError) in
            [try ResponseFrame.encode(response, version: version, correlationID: header.correlationID)]
        }
    }

    /// Records as the frame that brings them to the client, without copying them.
    func answer(_ response: FetchResponse) -> Answer {
        let response = faults?.marking(response) ?? response
        return send { () throws(EncodingError) in
            try ResponseFrame.scattered(response, version: version, correlationID: header.correlationID)
        }
    }

    private func send(_ encode: () throws(EncodingError) -> [ByteBuffer]) -> Answer {
        do throws(EncodingError) {
            return .send(try encode())
        } catch {
            return .close(reason: "the response cannot be encoded: \(error)")
        }
    }
}
