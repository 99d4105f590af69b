// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// When the progress line is shown.
enum ProgressChoice: String, CaseIterable, ExpressibleByArgument {
    /// When standard error is a terminal.
    case auto
    case always
    case never
}
