// SPDX-License-Identifier: Apache-2.0

/// What a doctor is asked to look at.
struct DoctorPlan: Sendable {
    var topic: String?
    var settings: SettingsPlan
    /// How long each layer of a broker may take; nil for as long as a connection may.
    var limit: Duration?
    var isJSON: Bool
}
