// SPDX-License-Identifier: Apache-2.0

/// Makes all threads allocate from one heap. glibc gives each of them 64 MiB of addresses otherwise, of which most stay
/// unused; under a limit of addresses nothing is left for what is used.
public func shareOneHeap() {
    #if canImport(Glibc)
        // mallopt(3) is not visible here. M_ARENA_MAX is -8.
        typealias SetOption = @convention(c) (Int32, Int32) -> Int32
        guard let function = unsafe dlsym(nil, "mallopt") else { return }
        _ = unsafe unsafeBitCast(function, to: SetOption.self)(-8, 1)
    #endif
}
