// SPDX-License-Identifier: Apache-2.0
import Platform

/// Makes descriptors 0 to 2 safe to use, however the process was started.
enum StandardStreams {
    /// Called first thing. A closed stdout or stderr becomes `/dev/null`, so that the next file or socket does not get
    /// its number and the command's messages; a closed stdin refuses to be read and a closed stdout to be written, so
    /// that what was asked to come from there or go there is not lost in silence. Writing to a pipe without a reader, or
    /// beyond the limit for the size of files, becomes an error that can be reported, instead of a signal that kills. So do
    /// signals that mean nothing here and would end a load without its account; SIGUSR1 has its meaning once there is one.
    static func prepare() {
        for number in [SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF] { _ = signal(number, SIG_IGN) }
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", flags(descriptor))
        }
    }

    private static func flags(_ descriptor: Int32) -> Int32 {
        switch descriptor {
        case 0: O_WRONLY
        case 1: O_RDONLY
        default: O_RDWR
        }
    }
}
