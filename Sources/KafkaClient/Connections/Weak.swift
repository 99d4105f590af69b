// SPDX-License-Identifier: Apache-2.0

/// Lets what works elsewhere find its way back without holding anything.
struct Weak<Object: AnyObject> {
    /// What is found, while it is there.
    private(set) weak var object: Object?

    init(_ object: Object) { self.object = object }
}
