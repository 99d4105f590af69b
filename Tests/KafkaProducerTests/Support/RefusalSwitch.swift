// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Something that a test turns on and off while a broker looks at it.
final class RefusalSwitch: Sendable {
    private let state = Mutex(false)

    /// Whether it is on; off to begin with.
    var isOn: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
