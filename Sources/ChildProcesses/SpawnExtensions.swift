import Platform
import Synchronization

/// What posix_spawn(3) can do beyond POSIX, under one name for each system.
///
/// glibc's header declares these only under `_GNU_SOURCE`, which Swift does not set. They are looked up by name, so that
/// with an older library only the one call that needs them fails.
enum SpawnExtensions {
    #if canImport(Darwin)
    static let newSessionFlag = Int32(POSIX_SPAWN_SETSID)
    static let closeOthersFlag = Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)

    static func addChangeDirectory(_ actions: inout posix_spawn_file_actions_t?, _ directory: String) -> Int32 {
        posix_spawn_file_actions_addchdir(&actions, directory)
    }

    static let closesOthers = true

    /// Nothing to add: the flag closes them.
    static func addCloseOthers(_ actions: inout posix_spawn_file_actions_t?) {}
    #else
    /// `POSIX_SPAWN_SETSID` of glibc's <spawn.h>.
    static let newSessionFlag: Int32 = 0x80
    static let closeOthersFlag: Int32 = 0

    private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>
    private typealias ChangeDirectory = @convention(c) @Sendable (Actions, UnsafePointer<CChar>) -> Int32
    private typealias CloseFrom = @convention(c) @Sendable (Actions, Int32) -> Int32

    private static let changeDirectory: ChangeDirectory? = function("posix_spawn_file_actions_addchdir_np")
    private static let closeFrom: CloseFrom? = function("posix_spawn_file_actions_addclosefrom_np")

    /// Whether a child can be started without our other descriptors, even those that are not close-on-exec yet.
    static var closesOthers: Bool { closeFrom != nil }

    /// Makes the child start in a directory (glibc 2.29 or newer); returns an error number or 0.
    static func addChangeDirectory(_ actions: inout posix_spawn_file_actions_t, _ directory: String) -> Int32 {
        changeDirectory?(&actions, directory) ?? ENOSYS
    }

    /// Closes all but the standard streams in the child (glibc 2.34 or newer).
    ///
    /// Without it, close-on-exec of our own descriptors has to suffice.
    static func addCloseOthers(_ actions: inout posix_spawn_file_actions_t) {
        _ = closeFrom?(&actions, STDERR_FILENO + 1)
    }

    private static func function<Function>(_ name: String) -> Function? {
        dlsym(dlopen(nil, RTLD_NOW), name).map { unsafeBitCast($0, to: Function.self) }
    }
    #endif
}

private let startLock = Mutex<Void>(())

/// Opens pipes and starts a child with them, so that no child that is started at the same time inherits them.
func withoutSharingPipes<Result, Failure>(
    _ start: () throws(Failure) -> Result
) throws(Failure) -> Result {
    if SpawnExtensions.closesOthers { return try start() }
    return try startLock.withLock { _ throws(Failure) in try start() }
}
