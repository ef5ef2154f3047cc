import AsyncRuntime

/// Runs a closure that may block, because it reads files, on a thread of its own rather than on the loop.
///
/// - Throws: What the closure throws, or ``Failure`` of the class `cancelled` if the calling task was cancelled. The
///   closure goes on in that case, and its result is dropped.
package func offLoop<Value: Sendable>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result = Latch<Result<Value, Failure>>()
    let run: @Sendable () -> Void = {
        do throws(Failure) {
            result.open(.success(try work()))
        } catch {
            result.open(.failure(error))
        }
    }
    do {
        try startThread(run)
    } catch {
        // Blocking the loop is better than not doing the work.
        run()
    }
    guard let outcome = await result.waitUnlessCancelled() else {
        throw Failure(.cancelled, .executionError, "Cancelled while a file was read.", nextStep: "")
    }
    return try outcome.get()
}
