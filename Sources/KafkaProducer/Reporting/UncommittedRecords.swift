// SPDX-License-Identifier: Apache-2.0

/// What was written within the open transaction: no reader of committed records sees it yet.
struct UncommittedRecords: Sendable, Equatable {
    var records = 0
    var bytes = 0
    var wireBytes = 0
}
