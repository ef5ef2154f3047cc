import AsyncRuntime
import Platform

/// A descriptor to write to, and how to write to it without blocking the loop.
package enum Sink: Equatable {
    /// An open file in non-blocking mode that no other process shares.
    case nonBlocking(Int32)
    /// A socket, perhaps shared: each call is made non-blocking.
    case socket(Int32)
    /// A regular file: there is no reader to wait for.
    case file(Int32)
    /// An open file in blocking mode that is shared: small writes, each after asking poll(2) for room.
    case paced(Int32)

    package enum WriteOutcome: Equatable {
        case wrote(Int)
        case wouldBlock
        case failed(Int32)
    }

    package var descriptor: Int32 {
        switch self {
        case .nonBlocking(let descriptor), .socket(let descriptor), .file(let descriptor), .paced(let descriptor):
            descriptor
        }
    }

    /// Writes once, perhaps only a part.
    package func write(_ bytes: UnsafeRawBufferPointer) -> WriteOutcome {
        while true {
            let count: Int
            switch self {
            case .nonBlocking(let descriptor), .file(let descriptor):
                count = systemWrite(descriptor, bytes.baseAddress, bytes.count)
            case .socket(let descriptor):
                count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
            case .paced(let descriptor):
                guard isReady(descriptor, for: POLLOUT) else { return .wouldBlock }
                // POLLOUT promises room for PIPE_BUF bytes and not for one more.
                count = systemWrite(descriptor, bytes.baseAddress, min(bytes.count, Int(PIPE_BUF)))
            }
            if count >= 0 {
                return .wrote(count)
            }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: return .wouldBlock
            case let code: return .failed(code)
            }
        }
    }

    /// Chooses how to write to a descriptor that other processes may share, as our parent shares our standard output.
    ///
    /// O_NONBLOCK is not set on it: the flag belongs to the open file, and a shell, a terminal or a sibling that shares
    /// it would get EAGAIN where it expects to wait. Linux can open the same pipe or terminal again with our own flags.
    /// If that fails, and on macOS, writes are paced.
    package static func forShared(_ descriptor: Int32) -> Sink {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .paced(descriptor) }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK:
            return .socket(descriptor)
        case S_IFREG:
            return .file(descriptor)
        default:
            return reopened(descriptor).map { .nonBlocking($0) } ?? .paced(descriptor)
        }
    }

    private static func reopened(_ descriptor: Int32) -> Int32? {
        #if os(Linux)
        let own = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return own >= 0 ? own : nil
        #else
        return nil
        #endif
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
