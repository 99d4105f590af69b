// SPDX-License-Identifier: Apache-2.0
import Platform

/// Has the system report what happens to the names in a directory: inotify on Linux, kqueue on macOS.
///
/// kqueue only says that something has happened. Then there are no events, but a thread that waits for `descriptor` wakes.
final class DirectoryWatch {
    /// Readable when something has happened.
    let descriptor: Int32
    private let directory: String
    #if canImport(Darwin)
        private let directoryDescriptor: Int32
    #else
        private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    #endif

    /// Nil, and `errno`, when the system cannot watch the directory.
    init?(_ directory: String) {
        #if canImport(Darwin)
            let opened = unsafe open(directory, O_EVTONLY | O_CLOEXEC)
            guard opened >= 0 else { return nil }
            let queue = kqueue()
            var change = kevent(
                ident: UInt(opened),
                filter: Int16(EVFILT_VNODE),
                flags: UInt16(EV_ADD | EV_CLEAR),
                fflags: UInt32(NOTE_WRITE),
                data: 0,
                udata: nil
            )
            guard queue >= 0, unsafe kevent(queue, &change, 1, nil, 0, nil) == 0 else {
                let code = errno
                if queue >= 0 { close(queue) }
                close(opened)
                errno = code
                return nil
            }
            descriptor = queue
            directoryDescriptor = opened
        #else
            let queue = inotify_init1(O_CLOEXEC | O_NONBLOCK)
            guard queue >= 0 else { return nil }
            let mask = UInt32(IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE)
            guard unsafe inotify_add_watch(queue, directory, mask) >= 0 else {
                let code = errno
                close(queue)
                errno = code
                return nil
            }
            descriptor = queue
        #endif
        self.directory = directory
    }

    deinit {
        close(descriptor)
        #if canImport(Darwin)
            close(directoryDescriptor)
        #endif
    }

    /// Wakes the waiting thread also when this file changes; the watch, or nil when that cannot be had.
    func watchGrowth(of file: borrowing InputDescriptor) -> Int32? {
        #if canImport(Darwin)
            var change = kevent(
                ident: UInt(file.number),
                filter: Int16(EVFILT_VNODE),
                flags: UInt16(EV_ADD | EV_CLEAR),
                fflags: UInt32(NOTE_WRITE | NOTE_EXTEND),
                data: 0,
                udata: nil
            )
            // The queue forgets it when the file is closed.
            _ = unsafe kevent(descriptor, &change, 1, nil, 0, nil)
            return nil
        #else
            let watch = unsafe inotify_add_watch(descriptor, "/proc/self/fd/\(file.number)", UInt32(IN_MODIFY))
            return watch >= 0 ? watch : nil
        #endif
    }

    /// Ends a watch for growth.
    func end(_ watch: Int32) {
        #if !canImport(Darwin)
            _ = inotify_rm_watch(descriptor, watch)
        #endif
    }

    /// What has happened since this was last asked. Does not wait.
    @available(*, noasync)
    func events() -> [DirectoryEvent] {
        #if canImport(Darwin)
            var event = kevent()
            var now = timespec(tv_sec: 0, tv_nsec: 0)
            while unsafe kevent(descriptor, nil, 0, &event, 1, &now) > 0 {}
            return []
        #else
            var events: [DirectoryEvent] = []
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes { memory in
                    unsafe read(descriptor, memory.baseAddress, memory.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return events }
                events += DirectoryEvent.parse(buffer.span.extracting(0..<count))
            }
        #endif
    }

    /// Waits until no rename is half done, so that `events` has all that were seen in the directory before: reading a
    /// directory waits for a change under way, and the system reports a change before it lets the next one in.
    @available(*, noasync)
    func waitForRenames() {
        guard let stream = unsafe opendir(directory) else { return }
        _ = unsafe readdir(stream)
        unsafe closedir(stream)
    }
}
