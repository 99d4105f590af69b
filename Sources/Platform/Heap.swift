// SPDX-License-Identifier: Apache-2.0

/// Makes all threads allocate from one heap. glibc gives each of them 64 MiB of addresses otherwise, of which most stay
/// unused; under a limit of addresses nothing is left for what is used.
public func shareOneHeap() { setHeapOption(arenaMax, to: 1) }

/// Gives memory of this size and more, in bytes, back to the system as soon as it is free. glibc raises that size on its own
/// otherwise, so that large buffers of many sizes leave gaps which nothing else fits into.
public func returnFreeMemory(from size: Int32) { setHeapOption(mmapThreshold, to: size) }

// mallopt(3) is not visible here, and neither are the names of its options.
private let arenaMax: Int32 = -8
private let mmapThreshold: Int32 = -3

private func setHeapOption(_ option: Int32, to value: Int32) {
    #if canImport(Glibc)
        typealias SetOption = @convention(c) (Int32, Int32) -> Int32
        guard let function = unsafe dlsym(nil, "mallopt") else { return }
        _ = unsafe unsafeBitCast(function, to: SetOption.self)(option, value)
    #endif
}
