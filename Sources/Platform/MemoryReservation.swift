// SPDX-License-Identifier: Apache-2.0

/// Whether the system would give so many bytes of addresses to this process now. They are asked for and given back.
public func canReserve(bytes: Int) -> Bool {
    let address = unsafe mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { return false }
    unsafe munmap(address, bytes)
    return true
}
