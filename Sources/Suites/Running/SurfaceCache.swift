import MCPClient
import Synchronization
import Tester

/// The tools of each server of a run, listed once, so that results can be checked against their schemas.
final class SurfaceCache: Sendable {
    private let surfaces = Mutex<[String: Surface]>([:])

    func surface(of key: String) -> Surface? { surfaces.withLock { $0[key] } }

    func keep(_ surface: Surface, for key: String) { surfaces.withLock { $0[key] = surface } }
}
