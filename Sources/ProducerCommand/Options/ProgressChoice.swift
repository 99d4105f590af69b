// SPDX-License-Identifier: Apache-2.0

/// When the progress line is shown.
enum ProgressChoice: String, OptionWord {
    /// When standard error is a terminal.
    case auto
    case always
    case never
}
