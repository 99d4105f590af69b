// SPDX-License-Identifier: Apache-2.0
import Platform

/// Follows a file by its name, like `tail -F`: its growth, the files that take its place, and what is still written to those
/// that were renamed.
///
/// It opens each file that gets the name as soon as the system reports it, under whatever name it has by then. What to read
/// is for `FollowMachine` to decide, and for the caller to do.
struct FileFollower: ~Copyable {
    /// What the caller has to do next.
    enum Step {
        /// Read the current file.
        case read
        /// Read the whole of what is left of this earlier file; `isEnd` when nothing more is expected of it.
        case readEarlier(FollowedFile, isEnd: Bool)
        /// The current file has ended, and another one has become the current, or the same from its beginning.
        case begin
        case interrupted
    }

    /// How often sizes and the name are looked at when the system reports nothing, in milliseconds.
    private static let interval: Int32 = 200

    let path: String
    private let notices: InputNotices
    private let wakeUp: WakeUp
    private let begin = ContinuousClock.now
    private let watch: DirectoryWatch?
    private let directory: String
    private var name: FollowedName
    private var machine = FollowMachine()
    /// Nil until there is a first file.
    private(set) var current: FollowedFile?
    private var earlier: [FollowedFile] = []
    private var later: [FollowedFile] = []
    /// Whether a person knows that nothing has the name.
    private var isAbsenceReported = false
    /// Whether a person knows that what has the name cannot be read.
    private var isRefusalReported = false
    /// How often in a row another file had the name without the system telling of it.
    private var surprises = 0

    init(path: String, wakeUp: WakeUp, notices: InputNotices) {
        self.path = path
        self.wakeUp = wakeUp
        self.notices = notices
        let place = Self.place(of: path)
        directory = place.directory
        name = FollowedName(place.name)
        watch = DirectoryWatch(directory)
        if watch == nil {
            notices.warn(
                "cannot watch \(directory): \(SystemError.text(errno)); looking at \(path) five times a second: a file that "
                    + "comes and goes in between is missed"
            )
        }
    }

    /// The folder, with a slash at its end, in which a followed file gets and loses its name, and that name. Through a link, the
    /// files that change are where it leads.
    static func place(of path: String) -> (directory: String, name: String) {
        let target = target(of: path)
        let end = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
        return (end == target.startIndex ? "./" : String(target[..<end]), String(target[end...]))
    }

    private static func target(of path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private var time: Double { (ContinuousClock.now - begin) / .seconds(1) }

    /// Opens the file and begins at `offset`; waits for it if there is none.
    ///
    /// - Parameters:
    ///   - offset: Where reading begins in the first file.
    ///   - known: Files that had the name before, the earliest first: where there are any, reading begins with the first.
    /// - Returns: false when that was interrupted.
    /// - Throws: `InputError` when what has the name cannot be read.
    @available(*, noasync)
    mutating func open(from offset: UInt64, _ known: [FollowedFile] = []) throws(InputError) -> Bool {
        if let first = known.first {
            try first.seek(to: offset, of: path)
            watchGrowth(of: first)
            current = first
            for file in known.dropFirst() { add(file) }
            if let file = try? FollowedFile.open(path) { add(file) }
            return true
        }
        do throws(InputError) {
            guard let file = try FollowedFile.open(path) else { throw InputError(input: path, reason: .directory) }
            try file.seek(to: offset, of: path)
            watchGrowth(of: file)
            current = file
            return true
        } catch {
            guard error.reason == .cannotOpen(ENOENT) else { throw error }
        }
        notices.report("\(path) is not there; waiting for it")
        isAbsenceReported = true
        while later.isEmpty {
            if wait() { return false }
            openWhatAppeared()
        }
        current = later.removeFirst()
        return true
    }

    /// What to do next. `holdsPartialRecord` says whether the current file's last record, as far as it is read, has no end.
    @available(*, noasync)
    mutating func next(holdsPartialRecord: Bool) throws(InputError) -> Step {
        while !wakeUp.isWoken {
            if let step = try nextAtOnce(holdsPartialRecord: holdsPartialRecord) { return step }
            reportAbsence()
            if wait() { return .interrupted }
        }
        return .interrupted
    }

    /// What can be done without waiting, nil for nothing.
    @available(*, noasync)
    mutating func nextAtOnce(holdsPartialRecord: Bool = false) throws(InputError) -> Step? {
        guard let current else { return nil }
        openWhatAppeared()
        switch machine.looked(look(holdsPartialRecord), at: time) {
        case .wait: return nil
        case .read: return .read
        case .readEarlier(let index): return .readEarlier(earlier[index], isEnd: false)
        case .close(let index): return .readEarlier(end(earlier.remove(at: index)), isEnd: true)
        case .restart:
            notices.report("\(path) was cut off; going on from its beginning")
            try current.seek(to: 0, of: path)
        case .goOn:
            notices.report("\(path) is another file now; going on from its beginning")
            earlier.append(current)
            self.current = later.removeFirst()
        }
        return .begin
    }

    private func look(_ holdsPartialRecord: Bool) -> FollowMachine.Look {
        // From the latest to the earliest, as a look asks for.
        let sizes = later.reversed().map { UInt64(max(0, $0.size)) }
        var look = FollowMachine.Look(holdsPartialRecord: holdsPartialRecord, later: sizes.reversed())
        if let current {
            let size = current.size
            look.size = UInt64(max(0, size))
            look.unread = size - Int64(current.offset)
        }
        look.earlier = earlier.reversed().map { $0.size - Int64($0.offset) }.reversed()
        return look
    }

    /// Waits until something may have happened; true when a stop was asked for.
    @available(*, noasync)
    private func wait() -> Bool {
        wakeUp.wait(for: watch?.descriptor ?? -1, milliseconds: Self.interval) == .woken
    }

    private mutating func reportAbsence() {
        let isThere = FollowedFile.Identity(path: path) != nil
        if !isThere, later.isEmpty, !isAbsenceReported {
            notices.report("\(path) is gone: renamed or removed; waiting for a new file of this name")
        }
        isAbsenceReported = !isThere
    }

    private func end(_ file: FollowedFile) -> FollowedFile {
        if let number = file.watch { watch?.end(number) }
        return file
    }

    private mutating func watchGrowth(of file: FollowedFile) {
        file.watch = watch?.watchGrowth(of: file.descriptor)
    }
}

/// Files that get the name.
extension FileFollower {
    /// Opens each file that has got the name since.
    @available(*, noasync)
    private mutating func openWhatAppeared() {
        takeEvents()
        lookAtName()
        while let appearance = name.unopened.first {
            guard let fileName = appearance.name else {
                name.opened()
                warnOfGap("a file of this name came and went before it could be opened")
                continue
            }
            do throws(InputError) {
                let file = try FollowedFile.open(directory + fileName)
                watch?.waitForRenames()
                takeEvents()
                // Renamed meanwhile, the name may have led to another file.
                guard name.unopened.first == appearance else { continue }
                name.opened()
                isRefusalReported = false
                if let file { add(file) } else { notices.warn("\(path) is no file now; it is passed over") }
            } catch {
                takeEvents()
                guard name.unopened.first == appearance else { continue }
                guard !refuse(error) else { return }
                name.opened()
            }
        }
        if name.takeLoss() { warnOfGap("more happened in \(directory) than the system has kept") }
    }

    /// Whether the file may be opened later, so that it is tried again.
    private mutating func refuse(_ error: InputError) -> Bool {
        guard error.reason != .cannotOpen(ENOENT) else {
            warnOfGap("a file of this name came and went before it could be opened")
            return false
        }
        if !isRefusalReported { notices.warn("\(error); it is tried again") }
        isRefusalReported = true
        return true
    }

    private func warnOfGap(_ text: String) { notices.warn("\(path): \(text): lines may be missing") }

    private mutating func takeEvents() {
        guard let events = watch?.events() else { return }
        for event in events { name.happened(event) }
    }

    private mutating func add(_ file: FollowedFile) {
        let isKnown = ([current].compactMap { $0 } + earlier + later).contains { $0.identity == file.identity }
        guard !isKnown else { return }
        watchGrowth(of: file)
        later.append(file)
    }

    /// Finds out what no event reports: where nothing is watched, or a link leads elsewhere.
    private mutating func lookAtName() {
        guard name.unopened.isEmpty, let present = FollowedFile.Identity(path: path),
            present != (later.last ?? current)?.identity
        else {
            surprises = 0
            return
        }
        surprises += 1
        // What has just happened may not be among the events yet.
        guard watch == nil || surprises > 2 else { return }
        surprises = 0
        if let file = try? FollowedFile.open(path) { add(file) }
    }
}
