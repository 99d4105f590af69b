// SPDX-License-Identifier: Apache-2.0

/// What the options of `resend` ask for.
struct ResendPlan: Sendable {
    var sources: [InputSource]
    var settings: SettingsPlan
    /// Whether records are sent that an earlier run has delivered.
    var again = false
    /// With a file for what fails again.
    var outputs: RecordOutputsPlan
    /// Where the account goes as JSON, if anywhere.
    var summary: OutputDestination?
    /// What becomes of the load when no broker can be reached any more.
    var onOutage = OutageHandling.stop
}
