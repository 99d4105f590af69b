// SPDX-License-Identifier: Apache-2.0

/// A broker of the cluster as clients are told of it.
struct Node: Hashable {
    let id: Int32
    let host: String
    let port: Int
}
