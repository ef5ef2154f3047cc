import Platform

/// The two ends of a new pipe, closed in children and never one of descriptors 0 to 2.
package struct Pipe {
    package let readEnd: Int32
    package let writeEnd: Int32

    /// Opens a pipe.
    ///
    /// `pipe2` would close the gap before close-on-exec is set but is hidden from Swift. Our own children are started
    /// with everything above descriptor 2 closed anyway.
    package static func open() throws(SystemError) -> Pipe {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw SystemError("open a pipe")
        }
        let readEnd = hideFromChildren(ends[0])
        let writeEnd = hideFromChildren(ends[1])
        guard readEnd >= 0, writeEnd >= 0 else {
            let failure = SystemError("close a pipe in children")
            close(readEnd)
            close(writeEnd)
            throw failure
        }
        return Pipe(readEnd: readEnd, writeEnd: writeEnd)
    }

    package func closeBoth() {
        close(readEnd)
        close(writeEnd)
    }

    /// Sets close-on-exec, and gives the descriptor another number if it took that of a closed standard stream.
    private static func hideFromChildren(_ descriptor: Int32) -> Int32 {
        if descriptor > STDERR_FILENO {
            return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 ? descriptor : -1
        }
        defer { close(descriptor) }
        return fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    }
}

/// Makes reads and writes return at once; only for descriptors whose open file no other process shares.
@discardableResult
package func makeNonBlocking(_ descriptor: Int32) -> Bool {
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0
}

/// Whether a descriptor is ready for the given poll(2) events, has failed or is at its end; does not wait.
package func isReady(_ descriptor: Int32, for events: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&request, 1, 0) > 0
}
