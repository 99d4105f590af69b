// SPDX-License-Identifier: Apache-2.0

/// Why a value cannot become what its property holds. The setting and its place are added by the row.
enum SettingObjection: Error, Equatable {
    /// The value breaks this rule.
    case rule(String)
    /// A part of the value is wrong, and this whole sentence says how.
    case message(String, value: String)
}
