// SPDX-License-Identifier: Apache-2.0

/// What a fault plan needs to know of a request, or of a client that connects.
struct RequestArrival {
    /// A topic that a request names, or a partition of it.
    struct Place: Hashable {
        var topic: String
        /// nil when the request names the topic as a whole.
        var partition: Int32?
    }

    let event: Fault.Event
    let node: Int32
    var places: [Place] = []
    /// The groups and transactional ids that the request is about.
    var coordinated: [CoordinatorKey] = []
}
